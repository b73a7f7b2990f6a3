import { expect } from '@playwright/test';

import { t } from '../texts.mjs';

/** The saved queries: the button beside the query, the notes below it, and the dialog. */
export class SavedQueries {
  /** @param {string} [system]  whose queries they are, by the name that readers know */
  constructor(page, system = t('qualys_gateway.name')) {
    this.page = page;
    const box = page.getByRole('search');
    this.box = box;
    this.open = box.getByRole('button', { name: t('saved.open'), exact: true });
    this.showAll = box.getByRole('button', { name: t('saved.default_clear'), exact: true });
    this.dialog = page.getByRole('dialog', { name: t('saved.title', { system }), exact: true });
    this.close = this.button('ui.close').last();
    this.name = this.dialog.getByRole('textbox', { name: t('saved.name'), exact: true });
    this.save = this.button('saved.save');
    this.copyLink = this.button('saved.link_here');
    this.undo = this.button('saved.undo');
    this.list = this.dialog.getByRole('list', { name: t('saved.list_title'), exact: true });
    this.rows = this.list.getByRole('listitem');
    this.export = this.button('saved.export');
    this.file = this.dialog.getByLabel(t('saved.import'), { exact: true });
    this.recent = this.dialog.getByRole('list', { name: t('saved.recent'), exact: true });
  }

  button(id, values = {}) {
    return this.dialog.getByRole('button', { name: t(id, values), exact: true });
  }

  says(text) {
    return this.dialog.getByText(text);
  }

  /** A line below the query. */
  note(text) {
    return this.box.getByText(text);
  }

  /** The saved queries are these, in this order. */
  async shows(names) {
    const buttons = this.rows.getByRole('button', { name: /^Run / });
    const labels = names.map((it) => t('saved.run_what', { query: it }));
    await expect.poll(() => buttons.evaluateAll((all) => all.map((it) => it.getAttribute('aria-label')))).toEqual(labels);
  }

  run(name) {
    return this.button('saved.run_what', { query: name });
  }

  row(name) {
    const run = this.page.getByRole('button', { name: t('saved.run_what', { query: name }), exact: true });
    return this.rows.filter({ has: run });
  }

  up(name) {
    return this.button('saved.up', { name });
  }

  link(name) {
    return this.button('saved.link', { name });
  }

  more(name) {
    return this.button('saved.more', { name });
  }

  /** Opens the dialog by keyboard. */
  async show() {
    await this.open.press('Enter');
    await expect(this.dialog).toBeVisible();
  }

  async hide() {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
    await expect(this.open).toBeFocused();
  }

  /** Opens the menu of a query and chooses an action, by keyboard. */
  async act(name, id) {
    await this.more(name).press('Enter');
    const item = this.page.getByRole('menuitem', { name: t(id) });
    await expect(this.page.getByRole('menuitem').first()).toBeFocused();
    await item.press('Enter');
  }

  /** Saves the query in the box under a name, by keyboard. */
  async saveAs(name) {
    await this.name.fill(name);
    await this.name.press('Enter');
    await expect(this.says(t('saved.done', { name }))).toBeVisible();
  }

  /** Opens the recent queries by keyboard. */
  async openRecent() {
    await this.dialog.locator('summary').filter({ hasText: t('saved.recent') }).press('Enter');
    await expect(this.recent).toBeVisible();
  }

  /** What the dialog's file would hold. */
  async exported() {
    const download = this.page.waitForEvent('download');
    await this.export.press('Enter');
    const stream = await (await download).createReadStream();
    const parts = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  }

  async import(text) {
    await this.file.setInputFiles({ name: 'queries.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  }

  /** What local storage holds; null where there is nothing. */
  async stored() {
    return this.page.evaluate(() => localStorage.getItem('latchkey.queries'));
  }
}
