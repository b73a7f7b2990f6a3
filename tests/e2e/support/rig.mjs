// Playwright's test with a portal and a console that is played by the test, each on a port of its own.

import { expect, test as base } from '@playwright/test';

import { startPortal } from './portal_server.mjs';

const FOLDER = new URL('rig/', import.meta.url);

const STAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stage</title><link rel="icon" href="data:,"></head>
<body><main id="here"></main></body></html>`;

/** The page with the module, and what happened to it. */
export class Stage {
  constructor(page, portal, played) {
    this.page = page;
    this.portal = portal;
    this.src = `${played.url}/console.html?portal=${encodeURIComponent(portal.url)}`;
    this.origin = played.url;
  }

  async open() {
    await this.page.goto(`${this.portal.url}/stage.html`);
    await this.page.evaluate(async () => {
      globalThis.sdk = await import('/latchkey.js');
      globalThis.told = [];
      /** Mounts and writes down what it is told; functions of a test are made in the page, so options are passed by a function. */
      globalThis.mount = (options, where = document.querySelector('#here')) => {
        const handle = sdk.mountConsole(where, { trace: (way, message) => traced.push([way, message]), ...options });
        for (const name of ['ready', 'route', 'dirty', 'height', 'signed-out', 'event', 'problem', 'ignored']) {
          handle.on(name, (detail) => told.push([name, detail]));
        }
        return handle;
      };
      globalThis.traced = [];
    });
  }

  /** Mounts a console; `getToken` is written where it can see the page. */
  async mount(options = {}) {
    await this.page.evaluate((all) => void (globalThis.handle = mount(all)), { src: this.src, ...options });
  }

  /** The played console in the n-th frame. */
  async console(nth = 0) {
    await expect.poll(() => this.page.frames().filter((it) => it.url().startsWith(this.origin)).length).toBeGreaterThan(nth);
    const frame = this.page.frames().filter((it) => it.url().startsWith(this.origin))[nth];
    await frame.waitForFunction(() => globalThis.rig !== undefined);
    return new Played(frame);
  }

  told(name) {
    return this.page.evaluate((name) => told.filter((it) => it[0] === name).map((it) => it[1]), name);
  }

  get(name) {
    return this.page.evaluate((name) => handle[name], name);
  }
}

export class Played {
  constructor(frame) {
    this.frame = frame;
  }

  async welcomed() {
    await this.frame.waitForFunction(() => rig.all('welcome').length > 0);
    return this.frame.evaluate(() => rig.all('welcome')[0]);
  }

  say(type, fields) {
    return this.frame.evaluate(([type, fields]) => rig.say(type, fields), [type, fields]);
  }

  /** All messages of a type, once there are so many. */
  async got(type, count = 1) {
    await this.frame.waitForFunction(([type, count]) => rig.all(type).length >= count, [type, count]);
    return this.frame.evaluate((type) => rig.all(type), type);
  }

  ask(id, reason = 'start') {
    return this.say('token_request', { id, connection: 'eu1', system: 'qualys-gateway', reason });
  }
}

export const test = base.extend({
  stage: async ({ page }, use) => {
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    const portal = await startPortal();
    const allowed = () => ({ 'Content-Security-Policy': `default-src 'self'; img-src data:; frame-ancestors ${portal.url}` });
    const played = await startPortal({ folder: FOLDER, headers: allowed });
    portal.frames.push(played.url);
    portal.pages['/stage.html'] = { body: STAGE };
    const stage = new Stage(page, portal, played);
    stage.faults = faults;
    await stage.open();
    const others = [];
    stage.stranger = async () => {
      others.push(await startPortal({ folder: FOLDER, headers: allowed }));
      return others.at(-1);
    };
    await use(stage);
    await Promise.all([portal, played, ...others].map((it) => it.stop()));
    expect(faults, 'errors and violations of the policy').toEqual([]);
  },
});

export { expect };
