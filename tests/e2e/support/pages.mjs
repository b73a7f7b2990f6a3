// The screens as a journey speaks of them. Everything is found by role and accessible name.

import { expect } from '@playwright/test';

import { CreateDialog, DeleteDialog, EnableDialog, KeyDialog } from './pages/dialogs.mjs';
import { KeyList } from './pages/key_list.mjs';
import { QueryBox } from './pages/query_box.mjs';
import { SignIn } from './pages/sign_in.mjs';
import { Switcher } from './pages/switcher.mjs';
import { t } from './texts.mjs';

/** The console in one page of a browser. */
export class Console {
  /**
   * @param {import('@playwright/test').Page} page
   * @param {import('./control.mjs').Control} gateway
   */
  constructor(page, gateway) {
    this.page = page;
    this.account = gateway.account;
    this.list = new KeyList(page);
    this.query = new QueryBox(page);
    this.create = new CreateDialog(page);
    this.key = new KeyDialog(page);
    this.enable = new EnableDialog(page);
    this.remove = new DeleteDialog(page);
    /** The sign-in as a page of its own. */
    this.door = new SignIn(page.getByRole('main'), page);
    /** The sign-in over the page, after the session has ended. */
    this.renewal = page.getByRole('dialog', { name: new RegExp(`^${t('sign_in.title_again')}`) });
    this.again = new SignIn(this.renewal, page);
    this.signOut = page.getByRole('banner').getByRole('button', { name: t('shell.sign_out'), exact: true });
    this.switcher = new Switcher(page);
    this.timeLeft = page.getByRole('timer');
    this.notifications = page.getByRole('log', { name: t('ui.notifications'), exact: true });
  }

  /** Opens an address, by default the folder that the console is hosted in. */
  async open(path = './') {
    await this.page.goto(path);
  }

  /** Signs in on the sign-in page. */
  async signIn() {
    await this.door.withPassword(this.account.user, this.account.password);
    await expect(this.signOut).toBeVisible();
  }

  /** Signs in over the page, after the session has ended. */
  async signInAgain() {
    await expect(this.renewal).toBeVisible();
    await this.again.password.fill(this.account.password);
    await this.again.submit.click();
    await expect(this.renewal).toBeHidden();
  }

  /** A short message in the corner. */
  toast(text) {
    return this.notifications.getByText(text);
  }

  /** Everything the page holds as text, attributes included. */
  async dom() {
    return this.page.content();
  }

  /** What the tab keeps, as one text. */
  async storage() {
    return this.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  }
}
