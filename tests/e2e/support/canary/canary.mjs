// Known secrets are planted in every journey: the values of all keys in the gateway, every token it issued, the
// password, and whatever was typed into a field for secrets. When the journey ends, every place where none of them may
// be is looked through. `docs/secrets.md` says which place may hold what.

import { readFileSync } from 'node:fs';

import { APART, Needles } from './needles.mjs';
import { ASK, TELL, tap } from './tap.mjs';
import { unzipped } from './unzip.mjs';

/** Where a secret may be in any journey, and why. */
const ALWAYS = [
  // ASVS 5.0.0, 14.3.3: session tokens are the one thing that may be kept there.
  { channel: 'session storage', where: 'latchkey.sessions', kind: 'a token' },
];

/** Where a journey may say that its reader puts a key's value. Nobody ever puts a token or a password anywhere. */
const ON_PURPOSE = {
  download: [{ channel: 'download', where: 'file', kind: 'a key' }],
  'new key': [{ channel: 'download', where: 'file', kind: 'a token' }],
  page: [{ channel: 'page', kind: 'a key' }],
  address: [
    { channel: 'address', kind: 'a key' },
    { channel: 'history', where: 'address', kind: 'a key' },
  ],
};

/** How long a page may take to say what it holds. */
const ASK_MS = 10_000;

export class Canary {
  #gateway;
  #texts = [];
  #needles = new Needles();
  #typed = new Set();
  #pages = new Set();
  #downloads = [];
  #allowed = [];
  #origin;
  #words;
  #wordsBefore;

  /**
   * @param {import('../control.mjs').Control} gateway
   * @param {object} [options]
   * @param {string} [options.origin]  of the console, where another server serves it
   * @param {() => string} [options.words]  what that server has printed and logged so far
   */
  constructor(gateway, { origin = gateway.url, words = () => gateway.gateway.words() } = {}) {
    this.#gateway = gateway;
    this.#origin = origin;
    this.#words = words;
    this.#wordsBefore = words().length;
    gateway.beforeReset = () => this.learn();
  }

  /**
   * This journey puts secrets into a place on purpose, as a reader who asked for it.
   * @param {keyof typeof ON_PURPOSE} purpose
   * @param {string} reason  what the reader does
   */
  allows(purpose, reason) {
    if (!(purpose in ON_PURPOSE) || !reason) throw new Error('where, and why?');
    this.#allowed.push(...ON_PURPOSE[purpose]);
  }

  /** One more secret to look for, that neither the gateway nor a field for secrets knows of. */
  plant(value) {
    this.#typed.add(value);
  }

  /** Notes what every page of a context does. Call it before the first page opens. */
  async watch(context) {
    await context.addInitScript(tap, { tell: TELL, ask: ASK });
    context.on('page', (page) => this.#watchPage(page));
    context.on('request', (request) => this.#seeRequest(request));
  }

  #watchPage(page) {
    this.#pages.add(page);
    page.on('framenavigated', (frame) => {
      if (this.#isOurs(frame.url())) this.#note('address', 'bar', frame.url());
    });
    page.on('console', (message) => this.#read(message.type(), message.text()));
    page.on('pageerror', (error) => this.#note('console', 'error', `${error.message}\n${error.stack}`));
    page.on('download', (download) => this.#downloads.push(download));
    page.on('websocket', (socket) => this.#note('request', 'socket', socket.url()));
  }

  #seeRequest(request) {
    const url = request.url();
    this.#note('request', 'address', url);
    for (const [name, value] of Object.entries(request.headers())) {
      if (name !== 'authorization') this.#note('request', name, value);
    }
  }

  /** A line of the browser's log: the page's own, or one of the tap. */
  #read(type, text) {
    if (!text.startsWith(TELL)) {
      this.#note('console', type, text);
      return;
    }
    const { page, told } = JSON.parse(text.slice(TELL.length));
    // Pages of a host around the console may hold the token that they hand over.
    const isOurs = this.#isOurs(page);
    for (const [channel, where, text] of told) {
      if (channel === 'typed') this.plant(text);
      else if (isOurs || (channel === 'message' && this.#isFromUs(where))) this.#note(channel, where, text);
    }
  }

  /** A message that a host heard of the console; one in a sandbox has no origin. */
  #isFromUs(where) {
    return where === `from ${this.#origin}` || where === 'from null';
  }

  /** The gateway is about to forget its keys. */
  async learn() {
    if (this.#pages.size > 0) this.#remember(await this.#gateway.ask('GET', '/secrets'));
  }

  #remember({ password, tokens, keys }) {
    this.#needles.add('the password', password);
    for (const it of tokens) this.#needles.add('a token', it);
    for (const it of keys) this.#needles.add('a key', it);
  }

  #isOurs(url) {
    return url.startsWith(`${this.#origin}/`) || /^(about:|blob:|data:)/.test(url);
  }

  #note(channel, where, text) {
    this.#texts.push({ channel, where, text });
  }

  /** Asks all pages of a context for what they hold now. Call it before the context closes. */
  async collect(context) {
    await Promise.all(context.pages().map((page) => this.#ask(page)));
    await this.#readDownloads();
    for (const { name, value } of await context.cookies()) this.#note('cookie', name, `${name}=${value}`);
  }

  async #ask(page) {
    for (const frame of page.frames()) {
      if (!this.#isOurs(frame.url()) || frame.url() === 'about:blank') continue;
      const asked = frame.evaluate((ask) => globalThis[ask]?.(), ASK);
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, ASK_MS)));
      // A page that has crashed or is leaving says nothing any more; what it wrote was heard before.
      const answer = await Promise.race([asked.then(() => 'told').catch(() => 'gone'), late]);
      clearTimeout(timer);
      if (answer === undefined) this.#note('page', 'silent', '');
    }
  }

  async #readDownloads() {
    for (const download of this.#downloads.splice(0)) {
      this.#note('download', 'name', download.suggestedFilename());
      // A download that was cancelled has left nothing.
      const path = await download.path().catch(() => null);
      if (path === null) continue;
      const bytes = readFileSync(path);
      for (const text of [bytes.toString('latin1'), ...unzipped(bytes)]) this.#note('download', 'file', text);
    }
  }

  async #readGateway() {
    const { requests, headers } = await this.#gateway.ask('GET', '/access');
    this.#note('access log', 'request', requests.join('\n'));
    this.#note('access log', 'header', headers.join('\n'));
    this.#note('access log', 'output', this.#words().slice(this.#wordsBefore));
  }

  /**
   * Which secrets were found where they may not be, as lines. Never the secret itself.
   * @returns {Promise<string[]>}
   */
  async findings() {
    if (this.#pages.size === 0) return [];
    await this.#readGateway();
    this.#remember(await this.#gateway.ask('GET', '/secrets'));
    // Last, so that a token that was typed is known as a token.
    for (const it of this.#typed) this.#needles.add('a typed secret', it);
    // Many texts are the same; each is looked at once.
    const groups = new Map();
    for (const { channel, where, text } of this.#texts) {
      const name = `${channel}: ${where}`;
      const group = groups.get(name) ?? { channel, where, texts: new Set() };
      groups.set(name, group);
      group.texts.add(text);
    }
    const res = new Set();
    for (const { channel, where, texts } of groups.values()) {
      if (where === 'silent') res.add('a page did not say what it holds');
      else if (where === 'revealed-twice') res.add('page: two values are revealed at once');
      // The name of a place may be a leak itself.
      const named = this.#needles.find(where).length > 0 ? 'a name' : where;
      for (const kind of this.#needles.find([...texts].join(APART))) {
        const fits = (it) => it.channel === channel && (it.where ?? where) === where && kind === it.kind;
        const isAllowed = ALWAYS.some(fits) || this.#allowed.some(fits);
        if (!isAllowed) res.add(`${channel}, ${named}: ${kind}`);
      }
    }
    return [...res];
  }
}
