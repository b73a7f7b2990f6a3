import { t } from '../texts.mjs';

/** The six settings of a key; the same fields for making and for editing one. */
export class KeyForm {
  constructor(scope) {
    const textbox = (id) => scope.getByRole('textbox', { name: t(id), exact: true });
    this.scope = scope;
    this.title = textbox('key.field_title');
    this.limit = textbox('key.field_limit');
    this.network = textbox('key.field_network');
    this.expires = textbox('key.field_expires');
    this.otherLicences = textbox('form.other_licences');
    this.tags = textbox('key.field_tags');
    this.licences = scope.getByRole('group', { name: t('key.field_licences'), exact: true });
  }

  licence(code) {
    const name = t('key.licence', { name: t(`licence.${code.toLowerCase()}`), code });
    return this.licences.getByRole('checkbox', { name, exact: true });
  }

  removeTag(id) {
    return this.scope.getByRole('button', { name: t('ui.remove_what', { what: String(id) }), exact: true });
  }

  /** The summary of what is wrong, one button a field. */
  get problems() {
    return this.scope.getByRole('alert');
  }
}
