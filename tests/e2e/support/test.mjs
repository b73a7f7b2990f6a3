// Playwright's test with what every journey has: a gateway of the worker's own, fresh before each test, and a guard.

import { expect, test as base } from '@playwright/test';

import { Canary } from './canary/canary.mjs';
import { Control } from './control.mjs';
import { startGateway } from './gateway.mjs';
import { Guard } from './guard.mjs';
import { Console } from './pages.mjs';
import { TOKEN_ARGS } from './tokens.mjs';

/** The gateway's account. The password is a text that occurs nowhere else, so that it can be looked for. */
export const ACCOUNT = { user: 'maren', password: 'tulip-harbour-4217' };

/** A second path of the same API, as a proxy for another platform would have it. */
export const PREFIX = '/qualys/eu1';

export const test = base.extend({
  /** Demo keys in the store. */
  keys: [30, { option: true }],
  /** Switches of the gateway that differ from its defaults. */
  switches: [{}, { option: true }],

  server: [
    async ({}, use) => {
      const args = ['--account', `${ACCOUNT.user}:${ACCOUNT.password}`, '--prefix', PREFIX, ...TOKEN_ARGS];
      const gateway = await startGateway({ keys: 0, args });
      await use(new Control(gateway, ACCOUNT));
      await gateway.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  gateway: async ({ server, keys, switches }, use) => {
    await server.reset(keys);
    await server.switches(switches);
    await use(server);
  },

  baseURL: async ({ server }, use) => use(server.url),

  guard: [
    async ({ server }, use) => {
      const guard = new Guard(server.url, [ACCOUNT.password]);
      await use(guard);
      expect(guard.findings(), 'what must never happen').toEqual([]);
    },
    { auto: true },
  ],

  /** Looks for every known secret where none may be, after each journey. */
  canary: [
    async ({ server }, use) => {
      const canary = new Canary(server);
      await use(canary);
      expect(await canary.findings(), 'secrets where none may be').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, guard, canary }, use) => {
    await guard.watch(context);
    await canary.watch(context);
    await use(context);
    await canary.collect(context);
  },

  /** The console in the test's page; nothing is opened yet. */
  console: async ({ page, gateway }, use) => use(new Console(page, gateway)),

  /** The same, signed in, with the list loaded. */
  signedIn: async ({ console }, use) => {
    await console.open();
    await console.signIn();
    await console.list.loaded();
    await use(console);
  },

  /** Opens further browser contexts (other administrators) and closes them. */
  anotherConsole: async ({ browser, contextOptions, baseURL, guard, canary, gateway }, use) => {
    const contexts = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL, locale: 'en-GB', timezoneId: 'UTC' });
      contexts.push(context);
      await guard.watch(context);
      await canary.watch(context);
      return new Console(await context.newPage(), gateway);
    });
    for (const context of contexts) {
      await canary.collect(context);
      await context.close();
    }
  },
});

export { expect };
