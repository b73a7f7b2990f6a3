// Playwright's test with the console hosted by real servers: one gateway behind TLS, and each server on demand, for as long
// as the worker lives.

import { test as base } from '@playwright/test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launchOptions } from '../browser.mjs';
import { Control } from '../control.mjs';
import { startGateway } from '../gateway.mjs';
import { ACCOUNT } from '../test.mjs';
import { Authority, publicKeyHash } from './certificates.mjs';
import { BASE_PATH, HOST, openSite, PLATFORM } from './site.mjs';
import { Upstream } from './upstream.mjs';

/** How many sites this worker opened. Their folders have short names: the path of a socket has 107 letters at most. */
let opened = 0;

export const test = base.extend({
  /** A folder that every user of this machine may read: servers give up root's rights. */
  folder: [
    async ({}, use) => {
      // What root has for himself, they could not enter any more.
      const folder = mkdtempSync(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'latchkey-hosting-'));
      chmodSync(folder, 0o755);
      await use(folder);
      rmSync(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],

  /** The site's certificate, the platform's, and two that the platform must not be believed with. */
  certificates: [
    async ({ folder }, use) => {
      const dir = join(folder, 'certificates');
      mkdirSync(dir);
      const [sites, platforms, strangers] = ['sites', 'platforms', 'strangers'].map((it) => new Authority(dir, it));
      const site = sites.issue('site', [HOST]);
      await use({
        ca: sites.certificate,
        site,
        siteHash: publicKeyHash(site.certificate),
        platformCa: platforms.certificate,
        platform: platforms.issue('platform', [PLATFORM]),
        stranger: strangers.issue('stranger', [PLATFORM]),
        otherName: platforms.issue('other-name', ['elsewhere.test']),
      });
    },
    { scope: 'worker' },
  ],

  /** The platform: a gateway, and TLS in front of it. */
  platform: [
    async ({ certificates }, use) => {
      const args = ['--account', `${ACCOUNT.user}:${ACCOUNT.password}`, '--prefix', BASE_PATH.slice(0, -1)];
      const gateway = await startGateway({ keys: 0, args });
      const upstream = await new Upstream(gateway.url, certificates.platform).start();
      await use({ gateway: new Control(gateway, ACCOUNT), upstream });
      await upstream.stop();
      await gateway.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  /** Opens the console on a server, once a worker. */
  hosted: [
    async ({ folder, certificates, platform }, use) => {
      const sites = new Map();
      await use((kind) => {
        if (!sites.has(kind)) sites.set(kind, openSite(kind, join(folder, kind), { certificates, upstream: platform.upstream }));
        return sites.get(kind);
      });
      for (const site of sites.values()) await (await site).stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  /** Opens the console in another way, for one test. */
  hostedFor: async ({ folder, certificates, platform }, use) => {
    const sites = [];
    await use(async (kind, options) => {
      const dir = join(folder, String((opened += 1)));
      sites.push(await openSite(kind, dir, { certificates, upstream: platform.upstream }, options));
      return sites.at(-1);
    });
    for (const site of sites) await site.stop();
  },

  /** The platform as at the start, which writes down what arrives. */
  upstream: async ({ platform, certificates }, use) => {
    platform.upstream.show(certificates.platform);
    platform.upstream.forget();
    await use(platform.upstream);
  },

  // The browser finds the site on this machine, and takes its certificate and no other that it does not know.
  launchOptions: [
    async ({ certificates }, use) => {
      const { args, ...rest } = launchOptions();
      const more = [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, `--ignore-certificate-errors-spki-list=${certificates.siteHash}`];
      await use({ ...rest, args: [...args, ...more] });
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';
export { BASE_PATH, PLATFORM, REPORTS } from './site.mjs';
