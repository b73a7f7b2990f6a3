import { expect } from '@playwright/test';

import { t } from '../texts.mjs';
import { KeyForm } from './form.mjs';

/** What every dialog has. */
class OneDialog {
  constructor(page, scope) {
    this.page = page;
    this.scope = scope;
    this.question = page.getByRole('dialog', { name: t('leave.title'), exact: true });
    this.sendingQuestion = page.getByRole('dialog', { name: t('leave.sending_title'), exact: true });
  }

  button(id) {
    return this.scope.getByRole('button', { name: t(id), exact: true });
  }

  says(text) {
    return this.scope.getByText(text);
  }

  /** The cross in the corner. */
  get cross() {
    return this.scope.getByRole('button', { name: t('ui.close'), exact: true });
  }

  /** Asked against got: the row of one field. */
  asked(field) {
    const table = this.scope.getByRole('table', { name: t('write.asked_caption'), exact: true });
    return table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: field, exact: true }) });
  }

  /** The call as a command. */
  async curl() {
    await this.scope.getByText(t('curl.show'), { exact: true }).click();
    const shown = this.scope.getByRole('region', { name: t('curl.name'), exact: true });
    await expect(shown).toBeVisible();
    return shown.innerText();
  }
}

export class CreateDialog extends OneDialog {
  /** @param {string} [noun]  what the system calls its keys */
  constructor(page, noun = t('qualys_gateway.noun')) {
    const named = (name) => page.getByRole('dialog', { name, exact: true });
    const done = named(t('create.done_title', { noun: noun.charAt(0).toUpperCase() + noun.slice(1) }));
    super(page, named(t('create.title', { noun })).or(done));
    this.done = done;
    this.form = new KeyForm(this.scope);
    this.send = this.button('create.send');
    this.again = this.button('create.again');
    this.another = this.button('create.another');
    this.copyKey = this.scope.getByRole('button', { name: t('ui.copy_what', { what: t('key.value_what') }), exact: true });
    this.reveal = this.scope.getByRole('button', { name: t('ui.reveal_what', { what: t('key.value_what') }), exact: true });
    this.close = this.cross.first();
  }
}

export class KeyDialog extends OneDialog {
  constructor(page) {
    // Its name is the key's title, so it is found by what every key has.
    super(page, page.getByRole('dialog').filter({ has: page.getByRole('button', { name: t('ui.close'), exact: true }) }));
    this.form = new KeyForm(this.scope);
    this.edit = this.button('key.edit');
    this.save = this.button('edit.save');
    this.again = this.button('create.again');
    this.back = this.button('edit.back');
    this.apply = this.scope.getByRole('checkbox', { name: t('edit.apply'), exact: true });
    this.preview = this.scope.getByRole('region', { name: t('edit.preview'), exact: true });
    this.takeTheirs = this.button('moved.take');
    this.backToMine = this.button('moved.back');
  }

  named(title) {
    return this.page.getByRole('dialog', { name: title, exact: true });
  }

  /** Opens the form of the key that is shown. */
  async startEdit(title) {
    await expect(this.named(title)).toBeVisible();
    await this.edit.click();
    await expect(this.named(t('edit.title', { title }))).toBeVisible();
  }

  /** A field of the comparison after somebody else's change. */
  moved(field) {
    const table = this.scope.getByRole('table', { name: t('moved.caption'), exact: true });
    return table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: field, exact: true }) });
  }
}

export class EnableDialog extends OneDialog {
  constructor(page) {
    super(page, page.getByRole('dialog').filter({ hasText: t('switch.how') }));
    this.disable = page.getByRole('dialog').getByRole('button', { name: t('disable.confirm'), exact: true });
    this.enable = page.getByRole('dialog').getByRole('button', { name: t('enable.confirm'), exact: true });
  }

  disabling(title) {
    return this.page.getByRole('dialog', { name: t('disable.title', { title }), exact: true });
  }

  enabling(title) {
    return this.page.getByRole('dialog', { name: t('enable.title', { title }), exact: true });
  }
}

export class DeleteDialog extends OneDialog {
  constructor(page) {
    super(page, page.getByRole('dialog').filter({ has: page.getByRole('button', { name: t('ui.close'), exact: true }) }));
    this.confirm = this.button('delete.confirm');
    this.instead = this.button('delete.disable');
  }

  of(title) {
    return this.page.getByRole('dialog', { name: t('delete.title', { title }), exact: true });
  }

  /** The field that asks for the title. */
  typed(text) {
    return this.scope.getByRole('textbox', { name: t('ui.type_to_confirm', { text }), exact: true });
  }
}
