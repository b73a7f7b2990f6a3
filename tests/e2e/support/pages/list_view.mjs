import { expect } from '@playwright/test';

import { holding, t } from '../texts.mjs';

/** How the list looks, and what it says about its rows. */
export class ListView {
  /** @param {import('../pages.mjs').Console} console */
  constructor(console) {
    const { page, list } = console;
    this.page = page;
    this.list = list;
    this.grid = list.main.getByRole('grid');
    this.button = list.main.getByRole('button', { name: t('layout.open'), exact: true });
    this.dialog = page.getByRole('dialog', { name: t('layout.title'), exact: true });
    const choice = (id) => this.dialog.getByRole('combobox', { name: t(id), exact: true });
    this.density = choice('layout.density');
    this.mode = choice('layout.mode');
    this.group = choice('layout.group');
    this.reset = this.dialog.getByRole('button', { name: t('layout.reset'), exact: true });
    this.done = this.dialog.getByRole('button', { name: t('layout.done'), exact: true });
    this.said = this.dialog.getByRole('status');
    this.dismiss = list.main.getByRole('button', { name: t('news.dismiss'), exact: true });
  }

  async open() {
    await this.button.click();
    await expect(this.dialog).toBeVisible();
  }

  async close() {
    await this.done.click();
    await expect(this.dialog).toBeHidden();
  }

  /** Opens the dialog, does something in it, and closes it. */
  async arrange(what) {
    await this.open();
    await what();
    await this.close();
  }

  shown(column) {
    return this.dialog.getByRole('checkbox', { name: column, exact: true });
  }

  width(column) {
    return this.dialog.getByRole('spinbutton', { name: t('layout.width', { column }), exact: true });
  }

  /** What a pointer takes a column by; the keyboard has buttons. */
  grip(column) {
    const row = this.dialog.getByRole('listitem').filter({ has: this.page.getByRole('checkbox', { name: column, exact: true }) });
    return row.locator('.layout-grip');
  }

  up(column) {
    return this.dialog.getByRole('button', { name: t('layout.up', { column }), exact: true });
  }

  down(column) {
    return this.dialog.getByRole('button', { name: t('layout.down', { column }), exact: true });
  }

  /** Names of the columns in the dialog, in their order. */
  async order() {
    return (await this.dialog.getByRole('checkbox').evaluateAll((all) => all.map((it) => it.labels[0].innerText))).map((it) => it.trim());
  }

  head(column) {
    return this.grid.getByRole('columnheader', { name: holding(column) });
  }

  edge(column) {
    return this.grid.getByRole('separator', { name: t('grid.width', { column }), exact: true });
  }

  /** The heads of the list as they stand, without those of boxes and menus. */
  async heads() {
    const all = await this.grid.getByRole('columnheader').allInnerTexts();
    return all.map((it) => it.trim()).filter((it) => it !== '' && it !== t('list.column_actions'));
  }

  /** Headings of groups with their counts, as they are drawn. */
  async groups() {
    const cells = this.grid.locator('[aria-expanded]').filter({ hasText: /\S/ }).filter({ hasNot: this.page.locator('button') });
    return (await cells.allInnerTexts()).map((it) => it.trim().replaceAll(/\s+/g, ' '));
  }

  heading(text) {
    return this.grid.getByRole('gridcell', { name: text, exact: true });
  }

  /** The line of sums, by what they are of. */
  sums(id) {
    return this.list.main.getByText(t(id), { exact: true }).locator('xpath=..').getByRole('listitem');
  }

  /** The mark on the row of a key. */
  mark(title, text) {
    return this.list.row(title).getByText(text, { exact: true });
  }

  /** The line that sums up what changed. */
  news(text) {
    return this.list.main.getByRole('status').filter({ hasText: text });
  }
}
