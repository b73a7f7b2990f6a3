// Other ways to host the console: at the root of its host, and before a platform that needs cookies. And the local gateway,
// which every journey runs on, says the same as the servers do.

import { readdirSync } from 'node:fs';

import { ask } from '../support/hosting/ask.mjs';
import { checkHeaders } from '../support/hosting/headers.mjs';
import { KINDS } from '../support/hosting/servers.mjs';
import { APP, plainHeaders } from '../support/hosting/site.mjs';
import { BASE_PATH, expect, test } from '../support/hosting/test.mjs';

for (const kind of KINDS) {
  test(`${kind}: the console at the root of its host, and a platform with cookies`, async ({ hostedFor, upstream }) => {
    const site = await hostedFor(kind, { base: '/', cookies: true });
    const [asset] = site.names.assets;
    const wanted = {
      '/': ['page', 200],
      '/index.html': ['page', 200],
      '/?connection=eu1': ['page', 200],
      '/config.json': ['config', 200],
      [`/${asset}`]: ['asset', 200],
      [`/${asset.replace(/[0-9a-f]{16}/, '0123456789abcdef')}`]: ['notice', 404],
      '/nothing': ['notice', 404],
      '/nothing/': ['notice', 404],
      '/.git/config': ['notice', 404],
      '/index.html.br': ['notice', 404],
    };
    for (const [path, [part, status]] of Object.entries(wanted)) {
      const answer = await site.ask({ path });
      expect(answer.status, path).toBe(status);
      checkHeaders(site, part, answer, path);
    }

    upstream.own.set(`${BASE_PATH}it`, { status: 200, headers: { 'Set-Cookie': 'session=1; Path=/; Secure' }, body: '{}' });
    const answer = await site.ask({ path: '/platform/it', headers: { Cookie: 'session=0' } });
    expect([answer.status, answer.header('set-cookie')]).toEqual([200, 'session=1; Path=/; Secure']);
    expect(upstream.arrivals.map((it) => [it.path, it.headers.cookie])).toEqual([[`${BASE_PATH}it`, 'session=0']]);
  });
}

test('the local gateway says what the servers say', async ({ platform, folder }) => {
  const site = { headers: plainHeaders(folder) };
  const gateway = { host: '127.0.0.1', port: new URL(platform.gateway.url).port };
  const assets = readdirSync(APP).filter((it) => /-[0-9a-f]{16}(_bg)?\.(css|js|wasm)$/.test(it));
  const wanted = { '/': ['page', 200], '/config.json': ['config', 200], '/nothing.json': ['notice', 404] };
  for (const asset of assets) wanted[`/${asset}`] = ['asset', 200];
  for (const [path, [part, status]] of Object.entries(wanted)) {
    const answer = await ask(gateway, { path });
    expect(answer.status, path).toBe(status);
    checkHeaders(site, part, answer, path);
  }
});
