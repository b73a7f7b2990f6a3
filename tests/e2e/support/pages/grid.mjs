import { expect } from '@playwright/test';

import { t } from '../texts.mjs';

/** The rows of the list as a grid: cells by their numbers, boxes, and one list of all rows. */
export class GridOf {
  constructor(list) {
    this.list = list;
    this.page = list.page;
    this.table = list.table;
    this.all = this.table.getByRole('checkbox', { name: t('grid.pick_all'), exact: true });
    this.whole = list.pager.getByRole('checkbox', { name: t('ui.page_whole'), exact: true });
    /** Everything in the grid that the Tab key stops at. */
    this.stops = this.table.locator('[tabindex="0"], button:not([tabindex]), input:not([tabindex]), a:not([tabindex])');
    this.rows = this.table.getByRole('row').filter({ has: this.page.getByRole('rowheader') });
    this.picked = this.table.getByRole('row', { selected: true });
  }

  /** A cell by its row and its column, both from 1; row 1 is the head. */
  cell(row, column) {
    return this.table.locator(`[aria-rowindex="${row}"] > [aria-colindex="${column}"]`);
  }

  box(title) {
    return this.table.getByRole('checkbox', { name: t('grid.pick', { name: title }), exact: true });
  }

  /** The row with this number. */
  row(number) {
    return this.table.locator(`[aria-rowindex="${number}"]`);
  }

  title(number) {
    return this.row(number).getByRole('rowheader');
  }

  /** The rows that are drawn: their numbers with their titles. */
  async titles() {
    return this.rows.evaluateAll((rows) =>
      rows.map((it) => [Number(it.getAttribute('aria-rowindex')), it.querySelector('th').innerText.trim().replaceAll(/\s+/g, ' ')]),
    );
  }

  /** Their numbers alone. */
  async numbers() {
    return (await this.titles()).map(([number]) => number).sort((a, b) => a - b);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The cell, or something in it, has the focus, and is where the Tab key stops. */
  async isAt(row, column) {
    await expect(this.cell(row, column)).toBeFocused();
    await expect(this.stops).toHaveCount(1);
    await expect(this.cell(row, column)).toHaveAttribute('tabindex', '0');
  }

  /** All rows in one list, as far as they are loaded. */
  async inOneList() {
    await this.whole.check();
    await expect(this.list.first).toBeHidden();
  }

  /** All rows in one list, and all of them there: those that come later stand between the others. */
  async wholeInOneList(total) {
    await this.inOneList();
    await expect(this.list.range).toHaveText(t('list.range', { from: 1, to: total, total }), { timeout: 30_000 });
    await expect(this.table).toHaveAttribute('aria-rowcount', String(total + 1));
  }

  /** How far the list is scrolled in its frame. */
  async scrollTop() {
    return this.table.evaluate((it) => it.parentElement.scrollTop);
  }

  async scrollTo(top) {
    await this.table.evaluate((it, to) => it.parentElement.scrollTo(0, to), top);
  }
}
