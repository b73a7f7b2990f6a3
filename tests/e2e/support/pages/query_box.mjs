import { t } from '../texts.mjs';
import { QueryTree } from './query_tree.mjs';

/** The query as text, and its visual builder. */
export class QueryBox {
  constructor(page) {
    this.box = page.getByRole('search');
    this.text = this.box.getByRole('textbox', { name: t('query.label'), exact: true });
    this.search = this.box.getByRole('button', { name: t('query.run'), exact: true });
    this.clear = this.box.getByRole('button', { name: t('query.clear'), exact: true });
    this.tree = new QueryTree(page, this.box);
    this.add = this.tree.add;
    this.join = this.tree.join();
    this.suggestions = this.box.getByRole('listbox', { name: t('query.suggest.list'), exact: true });
    this.options = this.suggestions.getByRole('option');
    this.active = this.suggestions.getByRole('option', { selected: true });
    this.day = this.box.getByLabel(t('query.suggest.day_label'), { exact: true });
    // Decoration: what is underlined is said by the field's description.
    this.underlined = this.box.locator('.is-wrong');
    this.chips = this.box.getByRole('toolbar', { name: t('query.chips'), exact: true });
  }

  async run(text) {
    await this.text.fill(text);
    await this.search.click();
  }

  /** Writes letter by letter, as a person does. */
  async type(text) {
    await this.text.focus();
    await this.text.pressSequentially(text);
  }

  /** The text that is selected in the field. */
  async selected() {
    return this.text.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  }

  /** A proposal by what it writes. */
  option(code) {
    return this.options.filter({ has: this.box.page().getByText(code, { exact: true }) });
  }

  async openBuilder() {
    await this.tree.open();
  }

  /** A clause of the builder by its place: 2, or '2.1' for the first one of the second group. */
  clause(n) {
    return this.tree.clause(n);
  }

  /** A chip by its text. */
  chip(text) {
    return this.chips.getByRole('button', { name: text, exact: true });
  }
}
