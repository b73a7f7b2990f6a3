import { expect } from '@playwright/test';

import { holding, t } from '../texts.mjs';

/** Columns but the title, in their order. */
const CELLS = ['pick', 'key', 'state', 'used', 'type', 'licences', 'created', 'expires', 'creator', 'actions'];

/** The list of keys with its head and its pager. */
export class KeyList {
  constructor(page) {
    this.page = page;
    const main = page.getByRole('main');
    const button = (id) => main.getByRole('button', { name: t(id), exact: true });
    this.main = main;
    this.heading = main.getByRole('heading', { name: t('list.title'), exact: true });
    this.newKey = button('list.new');
    this.refresh = button('list.refresh');
    this.retry = button('error.retry');
    this.copyCurl = button('curl.copy');
    this.table = main.getByRole('grid', { name: t('list.title') });
    this.openers = this.table.getByRole('rowheader').getByRole('button');
    this.pager = main.getByRole('navigation', { name: t('ui.pages'), exact: true });
    this.range = this.pager.getByRole('status');
    this.size = this.pager.getByRole('combobox', { name: t('ui.page_size'), exact: true });
    const step = (id) => this.pager.getByRole('button', { name: t(id), exact: true });
    this.first = step('ui.page_first');
    this.previous = step('ui.page_previous');
    this.next = step('ui.page_next');
    this.last = step('ui.page_last');
  }

  /** The rows of the first question are there. */
  async loaded() {
    await expect(this.openers.first()).toBeVisible();
  }

  /** "1–25 of 745". */
  async shows(from, to, total) {
    await expect(this.range).toHaveText(t('list.range', { from, to, total }));
  }

  /** The line above the rows: how many keys were found among how many. */
  result(text) {
    const whole = text instanceof RegExp ? text : new RegExp(`^${holding(text).source}$`);
    return this.main.getByRole('status').filter({ hasText: whole });
  }

  /** Titles of the rows, in their order; "(no title)" for blank ones. */
  async titles() {
    return (await this.openers.allInnerTexts()).map((it) => it.trim());
  }

  /** The texts of all rows: what tells one key from another on the screen. */
  async rowTexts() {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('rowheader') }).allInnerTexts();
  }

  /** The row of a key by its title. */
  row(title) {
    return this.table.getByRole('row').filter({ has: this.opener(title) });
  }

  opener(title) {
    return this.page.getByRole('button', { name: t('list.open', { title }), exact: true });
  }

  /** A cell of a row; the row's head is the title. */
  cell(title, column) {
    const idx = CELLS.indexOf(column);
    if (idx < 0) throw new Error(`there is no column ${column}`);
    return this.row(title).getByRole('gridcell').nth(idx);
  }

  reveal(title) {
    return this.row(title).getByRole('button', { name: t('ui.reveal_what', { what: t('list.key_of', { title }) }), exact: true });
  }

  hide(title) {
    return this.row(title).getByRole('button', { name: t('ui.hide_what', { what: t('list.key_of', { title }) }), exact: true });
  }

  copyKey(title) {
    return this.row(title).getByRole('button', { name: t('ui.copy_what', { what: t('list.key_of', { title }) }), exact: true });
  }

  /** The head of a column that sorts. */
  header(id) {
    return this.table.getByRole('columnheader', { name: t(id), exact: true });
  }

  async sortBy(id) {
    await this.header(id).getByRole('button').click();
  }

  /** The button that opens a row's menu. */
  menu(title) {
    return this.row(title).getByRole('button', { name: t('list.actions', { title }), exact: true });
  }

  /** Opens a row's menu and chooses an action, once the rows are those of the last question. */
  async act(title, action) {
    await expect(this.refresh).not.toHaveAttribute('aria-busy', 'true');
    await this.menu(title).click();
    await this.page.getByRole('menuitem', { name: t(`list.action_${action}`), exact: true }).click();
  }

  /** A message in the main part. */
  says(text) {
    return this.main.getByText(text);
  }

  /** One of the screens in the place of rows. */
  screen(id) {
    return this.main.getByRole('heading', { name: t(id), exact: true });
  }
}
