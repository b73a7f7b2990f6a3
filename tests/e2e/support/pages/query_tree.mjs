import { t } from '../texts.mjs';

/** The visual builder. Places are counted from 1 in each group: '2.1' is the first item of the second group. */
export class QueryTree {
  /**
   * @param {import('@playwright/test').Page} page
   * @param {import('@playwright/test').Locator} box  the query box around it
   */
  constructor(page, box) {
    this.page = page;
    this.line = box.locator('summary').filter({ hasText: t('query.builder') });
    this.tree = box.getByRole('group', { name: t('query.builder'), exact: true });
    this.add = this.tree.getByRole('button', { name: t('query.add'), exact: true });
    this.addGroup = this.tree.getByRole('button', { name: t('query.add_group'), exact: true });
    this.undo = this.tree.getByRole('button', { name: t('query.undo'), exact: true });
    this.redo = this.tree.getByRole('button', { name: t('query.redo'), exact: true });
  }

  /** By key: what is proposed for the text may cover the line. */
  async open() {
    await this.line.focus();
    await this.line.press('Enter');
  }

  /** How the terms of a group are joined; of the whole query without a place. */
  join(n) {
    const scope = n === undefined ? this.tree : this.group(n).group;
    return scope.getByRole('combobox', { name: t('query.join'), exact: true }).first();
  }

  /** A clause. */
  clause(n) {
    const group = this.tree.getByRole('group', { name: t('query.clause', { n: String(n) }), exact: true });
    return {
      group,
      handle: group.getByRole('button', { name: t('query.move_clause', { n: String(n) }), exact: true }),
      not: group.getByRole('checkbox', { name: t('query.not'), exact: true }),
      field: group.getByRole('combobox', { name: t('query.field'), exact: true }),
      operator: group.getByRole('combobox', { name: t('query.operator'), exact: true }),
      choice: group.getByRole('combobox', { name: t('query.value'), exact: true }),
      value: group.getByRole('textbox', { name: t('query.value'), exact: true }),
      day: group.getByLabel(t('query.value'), { exact: true }),
      from: group.getByLabel(t('query.value_from'), { exact: true }),
      to: group.getByLabel(t('query.value_to'), { exact: true }),
      unit: group.getByRole('combobox', { name: t('query.unit'), exact: true }),
      checks: group.getByRole('group', { name: t('query.value'), exact: true }),
      off: group.getByText(t('query.off'), { exact: true }),
      actions: group.getByRole('button', { name: t('query.clause_actions', { n: String(n) }), exact: true }),
    };
  }

  /** A group. */
  group(n) {
    const group = this.tree.getByRole('group', { name: t('query.group', { n: String(n) }), exact: true });
    const inside = (text) => `${t(text)} ${t('query.to_group', { n: String(n) })}`;
    return {
      group,
      handle: group.getByRole('button', { name: t('query.move_group', { n: String(n) }), exact: true }),
      not: group.getByRole('checkbox', { name: t('query.not'), exact: true }).first(),
      actions: group.getByRole('button', { name: t('query.group_actions', { n: String(n) }), exact: true }),
      add: group.getByRole('button', { name: inside('query.add'), exact: true }),
      addGroup: group.getByRole('button', { name: inside('query.add_group'), exact: true }),
    };
  }

  /** A part that no row can hold. */
  part(n) {
    const group = this.tree.getByRole('group', { name: t('query.part', { n: String(n) }), exact: true });
    return {
      group,
      handle: group.getByRole('button', { name: t('query.move_part', { n: String(n) }), exact: true }),
      actions: group.getByRole('button', { name: t('query.part_actions', { n: String(n) }), exact: true }),
      edit: group.getByRole('button', { name: t('query.edit_as_text'), exact: true }),
    };
  }

  /** Chooses in the menu of an item, by keyboard alone. */
  async act(item, text) {
    await item.actions.focus();
    await this.page.keyboard.press('Enter');
    const entry = this.page.getByRole('menuitem', { name: t(text), exact: true });
    await entry.focus();
    await this.page.keyboard.press('Enter');
  }
}
