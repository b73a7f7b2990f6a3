import { expect } from '@playwright/test';

import { Console } from '../pages.mjs';
import { holding, t } from '../texts.mjs';
import { SOLIFYN_KEY, SOLIFYN_READ_ONLY_KEY } from '../tokens.mjs';
import { CreateDialog } from './dialogs.mjs';

/** The two API keys of the gateway, and where its calls go. */
export { SOLIFYN_KEY as KEY, SOLIFYN_READ_ONLY_KEY as READ_ONLY_KEY };
const LICENSES = '/v1/licenses';

export const SOLIFYN = {
  list: { method: 'GET', path: LICENSES },
  create: { method: 'POST', path: LICENSES },
  customer: { method: 'POST', path: '/v1/customers' },
  verify: { method: 'POST', path: `${LICENSES}/verify` },
  change: (id) => ({ method: 'PATCH', path: `${LICENSES}/${id}` }),
  rename: (id) => ({ method: 'PATCH', path: `${LICENSES}/${id}/instances/*` }),
  remove: (device = '*') => ({ method: 'DELETE', path: `${LICENSES}/instances/${device}` }),
};

/** A name of a control: what the label says first, whatever mark stands behind it. */
function labelled(id) {
  return new RegExp(`^${holding(t(id)).source}( |$)`);
}

/** The fields of a licence, of a new customer, or of a check. */
class Form {
  constructor(scope) {
    const textbox = (id) => scope.getByRole('textbox', { name: labelled(id) });
    this.scope = scope;
    this.product = scope.getByRole('combobox', { name: labelled('solifyn.field_product') });
    this.customer = scope.getByRole('combobox', { name: labelled('solifyn.field_customer') });
    this.limit = textbox('solifyn.field_limit');
    this.validity = textbox('solifyn.field_validity');
    this.expires = scope.getByLabel(labelled('key.field_expires'));
    this.customKey = scope.getByLabel(labelled('solifyn.field_custom_key'));
    this.email = textbox('solifyn.customer_email');
    this.name = textbox('solifyn.customer_name');
    this.key = textbox('solifyn.verify_key');
    this.problems = scope.getByRole('alert');
    const what = t('solifyn.field_customer').toLowerCase();
    this.newCustomer = scope.getByRole('button', { name: t('offer.title', { what }), exact: true });
  }

  /** Opens the list of a picker by what is typed, and takes what is called `name`. */
  async pick(picker, typed, name = typed) {
    await picker.fill(typed);
    await this.scope.getByRole('option', { name: holding(name) }).click();
  }

  preset(days) {
    const name = t('form.preset_name', { duration: t('form.days', { n: days }) });
    return this.scope.getByRole('button', { name, exact: true });
  }
}

/** What a licence has activated. */
class Devices {
  constructor(page) {
    this.page = page;
    this.scope = page.getByRole('dialog', { name: holding(t('solifyn.members')) });
    this.rows = this.scope.getByRole('rowheader');
    const button = (name) => this.scope.getByRole('button', { name, exact: true });
    this.rename = button(t('members.rename'));
    this.remove = button(t('members.remove'));
    this.free = button(t('members.free'));
    this.stop = button(t('members.stop'));
    this.again = button(t('create.again'));
    this.back = button(t('edit.back'));
    this.close = button(t('ui.close')).last();
    this.typed = this.scope.getByRole('textbox');
  }

  row(name) {
    const head = this.page.getByRole('rowheader', { name, exact: true });
    return this.scope.getByRole('row').filter({ has: head });
  }

  act(id, name) {
    return this.row(name).getByRole('button', { name: t(`members.${id}_what`, { name }), exact: true });
  }

  says(text) {
    return this.scope.getByText(text);
  }
}

/** The console on the Solifyn connection. */
export class SolifynConsole extends Console {
  constructor(page, gateway) {
    super(page, gateway);
    const dialog = (name) => page.getByRole('dialog', { name, exact: true });
    this.list.table = this.list.main.getByRole('grid', { name: new RegExp(`^${t('solifyn.plural')}`, 'i') });
    this.list.openers = this.list.table.getByRole('rowheader').getByRole('button');
    this.create = new CreateDialog(page, t('solifyn.noun'));
    this.create.form = new Form(this.create.scope);
    this.key.form = new Form(this.key.scope);
    this.customer = dialog(t('offer.title', { what: t('solifyn.field_customer').toLowerCase() }));
    this.devices = new Devices(page);
    this.check = dialog(t('verify.title'));
    this.openCheck = this.list.main.getByRole('button', { name: t('verify.open'), exact: true });
    this.apiKey = this.door.scope.getByRole('textbox', { name: labelled('solifyn.token') });
    /** Why no changes are offered. */
    this.readOnly = page.getByText(t('read_only.title'), { exact: true });
  }

  /** Signs in with an API key, on the page of the connection. */
  async enter(key = SOLIFYN_KEY) {
    await this.open('/?connection=solifyn');
    await this.apiKey.fill(key);
    await this.door.submit.click();
    await expect(this.signOut).toBeVisible();
  }

  /** A cell of a row by its column's heading. */
  cell(title, heading) {
    return this.list.row(title).locator(`[data-label="${t(heading)}"]`);
  }

  state(title) {
    return this.cell(title, 'list.column_state');
  }

  form(scope) {
    return new Form(scope);
  }

  /** Opens a row's menu and chooses the devices. */
  async openDevices(title) {
    await expect(this.list.refresh).not.toHaveAttribute('aria-busy', 'true');
    await this.list.menu(title).click();
    await this.page.getByRole('menuitem', { name: t('solifyn.members'), exact: true }).click();
    await expect(this.devices.scope).toBeVisible();
  }
}

/** The business behind the gateway, past all rules. */
export class Business {
  constructor(gateway) {
    this.gateway = gateway;
  }

  /** Two products and two customers, so that licences have names. */
  async open() {
    [this.pro, this.cad] = await this.add('products', [
      { name: 'Fieldnote Pro', hasLicenseKey: true, activationLimit: 3, expiryHours: 720, price: 79, currency: 'EUR' },
      { name: 'Lumen CAD', hasLicenseKey: true },
      { name: 'Icon pack', hasLicenseKey: false },
    ]);
    [this.ada, this.bo] = await this.add('customers', [
      { name: 'Ada Okafor', email: 'ada@okafor.example' },
      { name: 'Bo Lindqvist', email: 'bo@lindqvist.example' },
    ]);
  }

  /** Adds a licence of Fieldnote Pro for Ada, unless said otherwise. */
  async license(fields = {}) {
    const [res] = await this.licenses(fields);
    return res;
  }

  async licenses(...fields) {
    const whose = { productId: this.pro.id, customerId: this.ada.id };
    return this.add('licenses', fields.map((it) => ({ ...whose, ...it })));
  }

  async add(kind, records) {
    return this.gateway.ask('POST', `/solifyn/${kind}`, records);
  }

  async all(kind) {
    return this.gateway.ask('GET', `/solifyn/${kind}`);
  }

  async one(kind, id) {
    return this.gateway.ask('GET', `/solifyn/${kind}/${id}`);
  }

  async change(kind, id, fields) {
    return this.gateway.ask('PATCH', `/solifyn/${kind}/${id}`, fields);
  }

  /** The writes the gateway received for Solifyn: a check is none. */
  async writes() {
    const isWrite = (it) => it.method !== 'GET' && it.path.startsWith('/v1/') && it.path !== SOLIFYN.verify.path;
    return (await this.gateway.log()).filter(isWrite);
  }
}
