import { t } from '../texts.mjs';

/** The query as text, and its visual builder. */
export class QueryBox {
  constructor(page) {
    this.box = page.getByRole('search');
    this.text = this.box.getByRole('textbox', { name: t('query.label'), exact: true });
    this.search = this.box.getByRole('button', { name: t('query.run'), exact: true });
    this.clear = this.box.getByRole('button', { name: t('query.clear'), exact: true });
    this.add = this.box.getByRole('button', { name: t('query.add'), exact: true });
    this.join = this.box.getByRole('combobox', { name: t('query.join'), exact: true });
  }

  async run(text) {
    await this.text.fill(text);
    await this.search.click();
  }

  async openBuilder() {
    await this.box.getByText(t('query.builder'), { exact: true }).click();
  }

  /** A clause of the builder, counted from 1. */
  clause(n) {
    const group = this.box.getByRole('group', { name: t('query.clause', { n: String(n) }), exact: true });
    return {
      group,
      not: group.getByRole('checkbox', { name: t('query.not'), exact: true }),
      field: group.getByRole('combobox', { name: t('query.field'), exact: true }),
      operator: group.getByRole('combobox', { name: t('query.operator'), exact: true }),
      choice: group.getByRole('combobox', { name: t('query.value'), exact: true }),
      value: group.getByRole('textbox', { name: t('query.value'), exact: true }),
      remove: group.getByRole('button', { name: t('query.remove', { n: String(n) }), exact: true }),
    };
  }
}
