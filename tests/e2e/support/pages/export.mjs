// The dialog that writes keys to a file, and the files as a journey reads them.

import { readFileSync } from 'node:fs';

import { expect } from '@playwright/test';

import { holding, number, t } from '../texts.mjs';

/** A text of the catalogue with a count, as a name of a control. */
function counted(id, n) {
  return t(id, { n }).replaceAll('{n}', number(n));
}

export class ExportDialog {
  constructor(page) {
    this.page = page;
    this.open = page.getByRole('main').getByRole('button', { name: t('export.open'), exact: true });
    this.dialog = page.getByRole('dialog', { name: t('export.title') }).or(page.getByRole('dialog', { name: t('export.sure_title') }));
    const button = (name) => this.dialog.getByRole('button', { name, exact: true });
    this.next = button(t('export.next'));
    this.back = button(t('export.back'));
    this.allColumns = button(t('export.columns_all'));
    this.values = this.dialog.getByRole('checkbox', { name: t('export.values'), exact: true });
  }

  /** Opens it and waits for the count. */
  async show(n, timeout = undefined) {
    await this.open.click();
    await this.counts(n, timeout);
  }

  /** "120 keys", said before anything is written. */
  async counts(n, timeout = undefined) {
    const count = this.dialog.getByRole('status').getByText(counted('export.count', n), { exact: true });
    await expect(count).toBeVisible({ timeout });
  }

  async choose(group, id) {
    await this.dialog.getByRole('radiogroup', { name: t(group) }).getByRole('radio', { name: t(id) }).check();
  }

  column(label, name) {
    return this.dialog.getByRole('checkbox', { name: `${label} ${name}`, exact: true });
  }

  /** The main button by what it says, with the count in it. */
  main(id, n) {
    return this.dialog.getByRole('button', { name: counted(id, n), exact: true });
  }

  says(text) {
    return this.dialog.getByText(holding(text));
  }

  /** Presses a button and returns the file that is saved: its name and its path. */
  async saved(button) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), path: await download.path() };
  }

  /** Chooses a kind and writes the file. */
  async write(kind, n) {
    await this.choose('export.kind', `export.${kind}`);
    const file = await this.saved(this.main('export.do', n));
    await expect(this.dialog).toBeHidden();
    return file;
  }
}

/**
 * The rows of a CSV file, as RFC 4180 has it: written here once more, since what is tested must not test itself.
 * @param {string} path
 * @returns {string[][]}
 */
export function csvRows(path) {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const rows = [];
  let row = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (quoted === undefined && bare === '' && end === '' && row.length === 0) break;
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** Rows as records by the head. */
export function records([head, ...rows]) {
  return rows.map((row) => Object.fromEntries(head.map((name, idx) => [name, row[idx]])));
}
