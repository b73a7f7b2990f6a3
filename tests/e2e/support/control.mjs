// What a journey asks of the gateway beside the console: its control interface, and plain calls of the API as a witness
// that shares no code with the console.

import { request } from 'node:http';

const KEYS = '/caui/v1/activation-keys/manage';

/** The six calls, as a fault's `match` and as a filter of the log. */
export const CALLS = {
  search: { method: 'POST', path: KEYS },
  get: { method: 'GET', path: `${KEYS}/*` },
  create: { method: 'POST', path: `${KEYS}/activation-key` },
  update: { method: 'PATCH', path: `${KEYS}/activation-key/*` },
  delete: { method: 'DELETE', path: `${KEYS}/*` },
  signIn: { method: 'POST', path: '/auth' },
};

/** The toggle of one key; a pattern would match the update too. */
export function toggleOf(id) {
  return { method: 'PATCH', path: `${KEYS}/${id}` };
}

export class Control {
  /**
   * @param {import('./gateway.mjs').Gateway} gateway
   * @param {{user: string, password: string}} account
   */
  constructor(gateway, account) {
    this.url = gateway.url;
    this.account = account;
    this.gateway = gateway;
  }

  /** Fresh keys, switches as they were at the start, no faults, an empty log. */
  async reset(keys) {
    await this.beforeReset?.();
    await this.#ask('POST', '/reset', { keys });
  }

  async switches(changes) {
    await this.#ask('PATCH', '/switches', changes);
  }

  /** Plans a fault; `match` is one of {@link CALLS}. */
  async fault(match, fault, more = {}) {
    await this.#ask('POST', '/faults', { match, fault, ...more });
  }

  async clearFaults() {
    await this.#ask('DELETE', '/faults');
  }

  /** Every token issued so far is expired from now on. */
  async expireTokens() {
    await this.#ask('POST', '/tokens/expire');
  }

  /** All keys as stored. */
  async keys() {
    return this.#ask('GET', '/keys');
  }

  async key(id) {
    return (await this.keys()).find((it) => it.id === id);
  }

  /** Adds keys past all rules and returns what was stored. */
  async addKeys(...fields) {
    return this.#ask('POST', '/keys', fields);
  }

  /** Adds one key. */
  async addKey(fields) {
    const [key] = await this.addKeys(fields);
    return key;
  }

  /** Changes a key behind the console's back. */
  async patchKey(id, fields) {
    return this.#ask('PATCH', `/keys/${id}`, fields);
  }

  async log() {
    return this.#ask('GET', '/log');
  }

  async clearLog() {
    await this.#ask('DELETE', '/log');
  }

  /** The log's entries of one call. */
  async logOf({ method, path }) {
    const fits = (it) => (path.endsWith('*') ? it.startsWith(path.slice(0, -1)) : it === path);
    return (await this.log()).filter((it) => it.method === method && fits(it.path));
  }

  /** The writes the gateway received, done or not. */
  async writes() {
    // Under a prefix, too.
    const isRead = ({ method, path }) => method === 'GET' || path.endsWith('/auth') || (method === 'POST' && path.endsWith(KEYS));
    return (await this.log()).filter((it) => !isRead(it));
  }

  /** Deletes a key as another administrator would. */
  async deleteKey(id) {
    const bearer = await this.token();
    const answer = await send('DELETE', `${this.url}${KEYS}/${id}`, { Authorization: `Bearer ${bearer}` });
    if (answer.status !== 200) throw new Error(`delete: ${answer.status} ${answer.text}`);
  }

  /** A token of its own, by the documented sign-in. */
  async token() {
    const { user, password } = this.account;
    const form = new URLSearchParams({ username: user, password, token: 'true' });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await send('POST', `${this.url}/auth`, headers, form.toString());
    if (answer.status !== 201) throw new Error(`sign-in: ${answer.status}`);
    return answer.text;
  }

  /** A page of keys in the gateway's own order. */
  async search(question) {
    this.bearer ??= await this.token();
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${this.bearer}` };
    const answer = await send('POST', this.url + KEYS, headers, JSON.stringify(question));
    if (answer.status === 401) {
      this.bearer = undefined;
      return this.search(question);
    }
    if (answer.status !== 200) throw new Error(`search: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  }

  /** Any other control call. */
  async ask(method, path, body) {
    return this.#ask(method, path, body);
  }

  async #ask(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(method, this.gateway.control + path, {}, text);
    if (answer.status >= 300) throw new Error(`${method} /_control${path}: ${answer.status} ${answer.text}`);
    return answer.text === '' ? undefined : JSON.parse(answer.text);
  }
}

/** One request on a connection of its own: the gateway ends idle ones whenever a fault is planned. */
function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
