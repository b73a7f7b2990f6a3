import { expect } from '@playwright/test';

import { Console } from '../pages.mjs';
import { holding, t } from '../texts.mjs';
import { QLIK_ADMIN, QLIK_USER } from '../tokens.mjs';
import { CreateDialog, KeyDialog } from './dialogs.mjs';

/** The tokens of the gateway's two Qlik users, and where their calls go. */
export { QLIK_ADMIN as ADMIN, QLIK_USER as USER };
const KEYS = '/api/v1/api-keys';

export const QLIK = {
  list: { method: 'GET', path: KEYS },
  create: { method: 'POST', path: KEYS },
  rename: { method: 'PATCH', path: `${KEYS}/*` },
  remove: { method: 'DELETE', path: `${KEYS}/*` },
  settings: { method: 'PATCH', path: `${KEYS}/configs/*` },
};

/** A name of a control: what the label says first, whatever mark stands behind it. */
function labelled(id) {
  return new RegExp(`^${holding(t(id)).source}( |$)`);
}

/** The fields of a new key. */
class Form {
  constructor(scope) {
    const textbox = (id) => scope.getByRole('textbox', { name: labelled(id) });
    this.scope = scope;
    this.description = textbox('qlik.field_description');
    this.actsAs = scope.getByRole('combobox', { name: labelled('qlik.field_type') });
    this.owner = scope.getByRole('combobox', { name: labelled('qlik.field_owner') });
    this.provider = scope.getByRole('combobox', { name: labelled('qlik.field_provider') });
    this.validFor = textbox('qlik.field_expiry');
    this.retries = textbox('qlik.field_retry');
    this.interval = textbox('qlik.field_interval');
    this.problems = scope.getByRole('alert');
  }

  /** "7 days", "365 days". */
  preset(days) {
    const name = t('form.preset_name', { duration: t('form.days', { n: days }) });
    return this.scope.getByRole('button', { name, exact: true });
  }

  /** Opens the list of a picker by what is typed, and takes what is called `name`. */
  async pick(picker, typed, name) {
    await picker.fill(typed);
    await this.scope.getByRole('option', { name: holding(name) }).click();
  }

  async openFile() {
    await this.scope.getByText(t('import.title'), { exact: true }).click();
  }

  get body() {
    return this.scope.getByRole('textbox', { name: t('import.body'), exact: true });
  }

  get file() {
    return this.scope.getByLabel(t('import.file'), { exact: true });
  }

  get fill() {
    return this.scope.getByRole('button', { name: t('import.fill'), exact: true });
  }
}

/** The window that shows the value once, and what it asks before it loses it. */
class Once {
  constructor(page) {
    this.page = page;
    this.scope = page.getByRole('dialog', { name: t('create.done_title', { noun: t('qlik.noun') }), exact: true });
    this.value = this.scope.getByRole('textbox', { name: t('key.field_value'), exact: true });
    const button = (name) => this.scope.getByRole('button', { name, exact: true });
    this.copy = button(t('ui.copy_what', { what: t('key.value_what') }));
    this.save = button(t('once.save'));
    this.copyId = button(t('key.copy_id'));
    this.copyJson = button(t('key.copy_json'));
    this.another = button(t('create.another'));
    this.cross = button(t('ui.close')).first();
    this.close = button(t('ui.close')).last();
    this.stored = this.scope.getByRole('checkbox', { name: t('once.stored'), exact: true });
    this.question = page.getByRole('dialog', { name: t('once.ask_title'), exact: true });
    this.keep = this.question.getByRole('button', { name: t('ui.cancel'), exact: true });
    this.lose = this.question.getByRole('button', { name: t('once.ask_confirm'), exact: true });
  }

  /** The value as it is shown. */
  async read() {
    await expect(this.scope).toBeVisible();
    return (await this.value.innerText()).trim();
  }

  /** Copies the value, says that it is stored, and closes. */
  async finish() {
    await this.copy.click();
    await this.stored.check();
    await this.close.click();
    await expect(this.scope).toBeHidden();
  }
}

/** The console on the Qlik connection. */
export class QlikConsole extends Console {
  constructor(page, gateway) {
    super(page, gateway);
    const noun = t('qlik.noun');
    const dialog = (name) => page.getByRole('dialog', { name, exact: true });
    this.list.table = this.list.main.getByRole('grid', { name: holding(t('qlik.plural')) });
    this.list.openers = this.list.table.getByRole('rowheader').getByRole('button');
    this.settingsButton = this.list.main.getByRole('button', { name: t('settings.open'), exact: true });
    this.create = new CreateDialog(page);
    this.create.scope = dialog(t('create.title', { noun })).or(dialog(t('create.done_title', { noun })));
    this.create.send = this.create.button('create.send');
    this.create.again = this.create.button('create.again');
    this.create.form = new Form(this.create.scope);
    this.once = new Once(page);
    this.key = new KeyDialog(page);
    this.key.form = new Form(this.key.scope);
    this.settings = dialog(t('settings.title'));
    this.token = this.door.scope.getByRole('textbox', { name: t('qlik.token'), exact: true });
  }

  /** Signs in with a token, on the page of the connection. */
  async enter(token = QLIK_ADMIN) {
    await this.open('/?connection=qlik-cloud');
    await this.token.fill(token);
    await this.door.submit.click();
    await expect(this.signOut).toBeVisible();
  }

  /** A cell of a row by its column's heading. */
  cell(title, heading) {
    return this.list.row(title).locator(`[data-label="${t(heading)}"]`);
  }

  /** Opens the form of a new key and describes it. */
  async startCreate(description) {
    await this.list.newKey.click();
    await this.create.form.description.fill(description);
  }

  /** Chooses something in a row's menu by its words. */
  async act(title, id) {
    await expect(this.list.refresh).not.toHaveAttribute('aria-busy', 'true');
    await this.list.menu(title).click();
    await this.page.getByRole('menuitem', { name: t(id), exact: true }).click();
  }

  dialog(id, values) {
    return this.page.getByRole('dialog', { name: t(id, values), exact: true });
  }
}

/** The tenant behind the gateway, past all rules. */
export class Tenant {
  constructor(gateway) {
    this.gateway = gateway;
  }

  async ids() {
    return this.#ask('/tenant');
  }

  async keys() {
    return this.#ask('/keys');
  }

  async named(description) {
    return (await this.keys()).filter((it) => it.description === description);
  }

  /** Adds one key, of the administrator unless said otherwise. */
  async add(fields) {
    const before = new Set((await this.keys()).map((it) => it.id));
    await this.#ask('/keys', 'POST', fields);
    return (await this.keys()).find((it) => !before.has(it.id));
  }

  async addMany(fields) {
    await this.#ask('/keys', 'POST', fields);
  }

  async users() {
    return this.#ask('/users');
  }

  async config() {
    return this.#ask('/config');
  }

  async setConfig(fields) {
    return this.#ask('/config', 'PATCH', fields);
  }

  async #ask(path, method = 'GET', body) {
    return this.gateway.ask(method, `/qlik${path}`, body);
  }
}
