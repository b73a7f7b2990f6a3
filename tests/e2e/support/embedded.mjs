// Playwright's test with a portal around the console: the workbench on a port of its own, named in the console's
// `config.json`, and handing out the gateway's tokens.

import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Control } from './control.mjs';
import { APP, startGateway } from './gateway.mjs';
import { Portal } from './pages/portal.mjs';
import { startPortal } from './portal_server.mjs';
import { ACCOUNT, expect, PREFIX, test as base } from './test.mjs';
import { QLIK_ADMIN, SOLIFYN_KEY, TOKEN_ARGS } from './tokens.mjs';

/** Tokens of the systems that have no sign-in by which the portal could get one: the gateway's start options. */
export const STANDING = { solifyn: SOLIFYN_KEY, 'qlik-cloud': QLIK_ADMIN };

/** The built app with a portal in its configuration: the same files, and one that is written anew. */
function appWith(portal) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-embedded-'));
  const copy = (from, to) => {
    for (const it of readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [join(from, it.name), join(to, it.name)];
      if (it.isDirectory()) {
        mkdirSync(target);
        copy(source, target);
      } else if (!it.name.startsWith('config.json')) {
        try {
          linkSync(source, target);
        } catch {
          // On another disk.
          cpSync(source, target);
        }
      }
    }
  };
  copy(APP, folder);
  const config = JSON.parse(readFileSync(join(APP, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, portals: [portal] }));
  return folder;
}

export const test = base.extend({
  office: [
    async ({}, use) => {
      const office = await startPortal();
      await use(office);
      await office.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ office }, use) => {
      const app = appWith(office.url);
      const args = ['--account', `${ACCOUNT.user}:${ACCOUNT.password}`, '--prefix', PREFIX, ...TOKEN_ARGS];
      const gateway = await startGateway({ keys: 0, args, app });
      const control = new Control(gateway, ACCOUNT);
      office.frames.splice(0, Infinity, gateway.url);
      await use(control);
      await gateway.stop();
      rmSync(app, { recursive: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ office }, use) => use(office.url),

  /** The workbench in the test's page, opened; nothing is put in yet. */
  portal: async ({ page, gateway, office, guard }, use) => {
    guard.allowOrigin(office.url);
    office.tokens = [];
    office.calls.length = 0;
    office.token = async (url) => {
      const { system, connection, reason } = Object.fromEntries(url.searchParams);
      const token = STANDING[system] ?? (await gateway.token());
      office.tokens.push({ token, connection, reason });
      return { body: JSON.stringify({ token, expires_in: STANDING[system] ? 3600 : undefined }) };
    };
    const portal = new Portal(page, gateway, office);
    await portal.open();
    await use(portal);
  },
});

export { expect };
