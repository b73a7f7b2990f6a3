import { expect } from '@playwright/test';

import { number, t } from '../texts.mjs';

/** A heading within a sentence. */
const small = (it) => (/^.[A-Z]/.test(it) ? it : it.charAt(0).toLowerCase() + it.slice(1));

/** The import of many keys: a file, what its columns mean, what would be done. */
export class Import {
  /**
   * @param {import('@playwright/test').Page} page
   * @param {string} [plural]  what the system calls its keys
   */
  constructor(page, plural = t('list.title')) {
    this.page = page;
    this.open = page.getByRole('main').getByRole('button', { name: t('import_keys.open'), exact: true });
    const named = (step) => page.getByRole('dialog', { name: t('import_keys.title', { plural: small(plural), step: t(`import_keys.step_${step}`) }), exact: true });
    this.source = named('source');
    this.mapping = named('mapping');
    this.plan = named('plan');
    this.dialog = this.source.or(this.mapping).or(this.plan);
    this.file = this.source.getByLabel(t('import_keys.file'), { exact: true });
    this.paste = this.source.getByRole('textbox', { name: t('import_keys.paste'), exact: true });
    this.alert = this.dialog.getByRole('alert');
    this.table = this.plan.getByRole('table', { name: t('import_keys.rows'), exact: true });
  }

  button(id, values) {
    return this.dialog.getByRole('button', { name: t(id, values), exact: true });
  }

  /** What a column of the file stands for. */
  meaning(column) {
    return this.mapping.getByRole('combobox', { name: t('import_keys.meaning_of', { column }), exact: true });
  }

  radio(id) {
    return this.mapping.getByRole('radio', { name: t(id), exact: true });
  }

  /** Gives a file of this text. */
  async give(name, text) {
    const buffer = Buffer.isBuffer(text) ? text : Buffer.from(text, 'utf8');
    await this.file.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  }

  /** From a file to its plan, with what was guessed. */
  async planOf(name, text) {
    await this.open.click();
    await this.give(name, text);
    await expect(this.mapping).toBeVisible();
    await this.compare();
  }

  async compare() {
    await this.button('import_keys.compare').click();
    await expect(this.plan).toBeVisible({ timeout: 30_000 });
  }

  /** How many rows there are of a kind: the button that shows them. */
  kind(id, count) {
    return this.plan.getByRole('button', { name: `${t(id)} ${number(count)}`, exact: true });
  }

  /** The row of the plan with that number. */
  row(line) {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('cell', { name: number(line), exact: true }) });
  }

  /** Carries the plan out, and waits for its end. */
  async apply(n, { typed = n >= 100, connection = 'Qualys gateway' } = {}) {
    await this.button('import_keys.apply', { n }).click();
    const question = this.page.getByRole('dialog', { name: t('import_keys.confirm_title', { n, connection }), exact: true });
    await expect(question).toBeVisible();
    const confirm = question.getByRole('button', { name: t('import_keys.apply', { n }), exact: true });
    if (typed) {
      await expect(confirm).toHaveAttribute('aria-disabled', 'true');
      await question.getByRole('textbox').fill(String(n));
    }
    await confirm.click();
    await expect(this.dialog).toBeHidden();
  }

  /** What the panel of the page says when all is over. */
  over(done, left = 0) {
    const name = t('bulk.job_import', { n: done + left });
    const counts = [t('bulk.count_done', { n: done }), ...(left > 0 ? [t('bulk.count_skipped', { n: left })] : [])];
    const panel = this.page.getByRole('region', { name: t('bulk.panel'), exact: true });
    return panel.getByRole('article', { name, exact: true }).getByText(t('bulk.over', { title: name, counts: counts.join(', ') }));
  }
}
