// Many keys: the bar above the rows, the dialogs, the panel of what is under way, and the receipts.

import { expect } from '@playwright/test';

import { holding, t } from '../texts.mjs';

/** What is picked, and what can be done with it. */
class Bar {
  constructor(page) {
    this.page = page;
    this.scope = page.getByRole('region', { name: t('bulk.bar'), exact: true });
    this.count = this.scope.getByRole('status');
    this.show = this.button('bulk.show').or(this.button('bulk.show_out'));
    this.clear = this.button('bulk.clear');
  }

  button(id) {
    return this.scope.getByRole('button', { name: t(id), exact: true });
  }

  /** "Select all 200 keys". */
  every(n) {
    return this.scope.getByRole('button', { name: t('bulk.select_every', { n }), exact: true });
  }

  /** "Select all 12 matching". */
  matching(n) {
    return this.scope.getByRole('button', { name: t('bulk.select_all', { n }), exact: true });
  }

  async says(n) {
    await expect(this.count).toHaveText(t('bulk.selected', { n }));
  }

  async saysOut(n, out) {
    await expect(this.count).toHaveText(t('bulk.selected_out', { n, out: String(out) }));
  }
}

/** A dialog about many keys, by its heading. */
class Dialog {
  constructor(page, name) {
    this.page = page;
    this.scope = page.getByRole('dialog', { name, exact: true });
    this.review = this.button(t('bulk.review'));
    this.back = this.button(t('edit.back'));
    this.plan = this.scope.getByRole('table', { name: t('bulk.plan_caption'), exact: true });
  }

  button(name) {
    return this.scope.getByRole('button', { name, exact: true });
  }

  /** Chooses a field to change. */
  async tick(field) {
    await this.scope.getByRole('checkbox', { name: t('bulk.change_field', { field }), exact: true }).check();
  }

  /** What becomes of a field that was chosen. */
  how(field) {
    return this.scope.getByRole('combobox', { name: t('bulk.how', { field }), exact: true });
  }

  field(id, values) {
    return this.scope.getByRole('textbox', { name: t(id, values), exact: true });
  }

  /** The row of a key in the plan. */
  row(title) {
    const head = this.page.getByRole('rowheader', { name: new RegExp(`^${holding(title).source}( |$)`) });
    return this.plan.getByRole('row').filter({ has: head });
  }

  /** The number that has to be typed. */
  count(n) {
    return this.scope.getByRole('textbox', { name: t('ui.type_to_confirm', { text: String(n) }) });
  }
}

/** One change on the panel. */
class Job {
  constructor(panel, name) {
    this.scope = panel.getByRole('article', { name, exact: true });
    this.progress = this.scope.getByRole('progressbar', { name, exact: true });
    const button = (id) => this.scope.getByRole('button', { name: t(id), exact: true });
    this.pause = button('bulk.pause');
    this.resume = button('bulk.resume');
    this.cancel = button('bulk.cancel');
    this.receipt = button('bulk.receipt');
    this.pickLeft = button('bulk.pick_left');
    this.dismiss = button('bulk.dismiss');
  }

  retry(n) {
    return this.scope.getByRole('button', { name: t('bulk.retry', { n }), exact: true });
  }

  /** How it ended: "198 done, 2 failed". */
  async ended(counts) {
    await expect(this.scope.getByText(new RegExp(`: ${holding(counts).source}\\.$`))).toBeVisible({ timeout: 60_000 });
  }

  /** A reason with how many keys it is about; opened, it names them. */
  reason(count, text) {
    return this.scope.getByText(new RegExp(`^${count} × .*${holding(text).source}`));
  }
}

export class Bulk {
  constructor(console) {
    this.page = console.page;
    this.list = console.list;
    this.bar = new Bar(this.page);
    this.panel = this.page.getByRole('region', { name: t('bulk.panel'), exact: true });
    this.changes = this.page.getByRole('main').getByRole('button', { name: t('bulk.changes'), exact: true });
  }

  /** Picks the row of a key, or drops it. */
  async pick(...titles) {
    for (const title of titles) {
      await this.page.getByRole('checkbox', { name: t('grid.pick', { name: title }), exact: true }).click();
    }
  }

  /** Picks all rows of the page. */
  async pickPage() {
    await this.page.getByRole('checkbox', { name: t('grid.pick_all'), exact: true }).click();
  }

  /** Opens the dialog of an action for so many keys. */
  async open(action, n) {
    await this.bar.button(`bulk.${action}`).click();
    return this.dialog(t(`bulk.title_${action}`, { n }));
  }

  dialog(name) {
    return new Dialog(this.page, name);
  }

  job(name) {
    return new Job(this.panel, name);
  }

  /** The row of a key in an open receipt. */
  received(title) {
    const table = this.page.getByRole('table', { name: t('bulk.receipt_caption'), exact: true });
    const head = this.page.getByRole('rowheader', { name: new RegExp(`^${holding(title).source}( |$)`) });
    return table.getByRole('row').filter({ has: head });
  }

  /** Saves the open receipt and gives its text. */
  async saved(id) {
    const coming = this.page.waitForEvent('download');
    await this.page.getByRole('dialog').getByRole('button', { name: t(id), exact: true }).click();
    const file = await coming;
    const parts = [];
    for await (const part of await file.createReadStream()) parts.push(part);
    return { name: file.suggestedFilename(), text: Buffer.concat(parts).toString('utf8') };
  }
}
