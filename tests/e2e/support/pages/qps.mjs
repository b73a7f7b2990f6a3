// What the Qualys QPS connection has beyond every other: its calls, its columns, its fields, and what is done to agents.

import { expect } from '@playwright/test';

import { test as base } from '../test.mjs';
import { t } from '../texts.mjs';
import { KeyList } from './key_list.mjs';

const REST = '/qps/rest/1.0/';

/** The calls, as a fault's `match` and as a filter of the log. */
export const QPS = {
  search: { method: 'POST', path: `${REST}search/*` },
  get: { method: 'GET', path: `${REST}get/*` },
  create: { method: 'POST', path: `${REST}create/*` },
  update: { method: 'POST', path: `${REST}update/*` },
  delete: { method: 'POST', path: `${REST}delete/*` },
  move: { method: 'POST', path: `${REST}cak/*` },
  agents: { method: 'POST', path: '/qps/rest/2.0/search/am/hostasset*' },
  version: { method: 'GET', path: '/qps/rest/portal/version' },
};

/** Columns but the title, in their order. */
const CELLS = ['pick', 'key', 'state', 'used', 'type', 'licences', 'owner', 'created', 'expires', 'actions'];

/** A field by its label, which says whether it has to be filled. */
function asked(label) {
  return new RegExp(`^${label}( ${t('ui.required').replaceAll(/[()]/g, '\\$&')})?$`);
}

class QpsList extends KeyList {
  cell(title, column) {
    const idx = CELLS.indexOf(column);
    if (idx < 0) throw new Error(`there is no column ${column}`);
    return this.row(title).getByRole('gridcell').nth(idx);
  }

  /** Opens a row's menu and chooses an action by what it is called. */
  async choose(title, name) {
    await expect(this.refresh).not.toHaveAttribute('aria-busy', 'true');
    await this.menu(title).click();
    await this.page.getByRole('menuitem', { name, exact: true }).click();
  }
}

/** The fields of a form that the gateway API has not got. */
export class QpsFields {
  constructor(scope) {
    const named = (role, id) => scope.getByRole(role, { name: asked(t(id)) });
    this.scope = scope;
    this.type = named('combobox', 'key.field_kind');
    this.limit = named('textbox', 'key.field_limit');
    this.expires = named('textbox', 'key.field_expires');
    this.owner = scope.getByRole('combobox', { name: t('qualys_qps.field_owner'), exact: true });
    this.licences = scope.getByRole('group', { name: t('key.field_licences'), exact: true });
  }

  async choose(kind) {
    await this.type.selectOption({ label: t(`key.kind_${kind}`) });
  }

  /** An owner that keys have, or any number. */
  offered(owner) {
    return this.scope.getByRole('option', { name: owner, exact: true });
  }

  licence(code) {
    const name = t('key.licence', { name: t(`licence.${code.split('_')[0].toLowerCase()}`), code });
    return this.licences.getByRole('checkbox', { name, exact: true });
  }
}

/** The agents of a key. */
export class AgentsDialog {
  constructor(page, title) {
    const name = t('members.title', { what: t('qualys_qps.members'), title });
    this.scope = page.getByRole('dialog', { name, exact: true });
    this.table = this.scope.getByRole('table', { name });
    this.rows = this.table.getByRole('rowheader');
    this.refresh = this.scope.getByRole('button', { name: t('members.refresh'), exact: true });
    this.retry = this.scope.getByRole('button', { name: t('error.retry'), exact: true });
    this.close = this.scope.getByRole('button', { name: t('ui.close'), exact: true }).last();
  }
}

/** The guided move of agents. */
export class MoveDialog {
  constructor(page, title) {
    this.page = page;
    this.scope = page.getByRole('dialog', { name: t('move.title', { title }), exact: true });
    this.target = this.scope.getByRole('combobox', { name: asked(t('move.target')) });
    this.confirm = this.scope.getByRole('button', { name: t('move.confirm'), exact: true });
    this.again = this.scope.getByRole('button', { name: t('create.again'), exact: true });
    this.close = this.scope.getByRole('button', { name: t('ui.close'), exact: true }).last();
  }

  async to(title) {
    await this.target.fill(title);
    await this.scope.getByRole('option', { name: title }).click();
  }

  /** The field that asks how many go. */
  typed(count) {
    return this.scope.getByRole('textbox', { name: t('ui.type_to_confirm', { text: String(count) }), exact: true });
  }

  /** Both counts of a key, before and after. */
  counts(title) {
    const table = this.scope.getByRole('table', { name: t('move.counts'), exact: true });
    return table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: title, exact: true }) });
  }
}

/** The journeys' test with the console at this connection. */
export const test = base.extend({
  /** At this connection; nobody is signed in. */
  qps: async ({ console, page }, use) => {
    console.list = new QpsList(page);
    console.create.fields = new QpsFields(console.create.scope);
    console.key.fields = new QpsFields(console.key.scope);
    await console.open('/?connection=qualys-qps');
    await use(console);
  },

  /** The same, signed in, with the list loaded. */
  signedIn: async ({ qps }, use) => {
    await qps.signIn();
    await qps.list.loaded();
    await use(qps);
  },
});

/** Adds a key behind the console's back and waits until it is in the list. The log starts after that. */
export async function shown(console, gateway, fields) {
  const key = await gateway.addKey(fields);
  await console.list.refresh.click();
  await expect(console.list.opener(key.title)).toBeVisible();
  await gateway.clearLog();
  return key;
}

export { expect };
