// Other ways to host the console: at the root of its host, and before a platform that needs cookies. And the local gateway,
// which every journey runs on, says the same as the servers do.

import { readdirSync } from 'node:fs';

import { ask } from '../support/hosting/ask.mjs';
import { checkHeaders } from '../support/hosting/headers.mjs';
import { startNames } from '../support/hosting/names.mjs';
import { KINDS } from '../support/hosting/servers.mjs';
import { APP, HASHED, plainHeaders, unlike } from '../support/hosting/site.mjs';
import { BASE_PATH, expect, PLATFORM, test } from '../support/hosting/test.mjs';

/** An answer of the platform. */
const PLAIN = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' };

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
      [`/${unlike(asset)}`]: ['notice', 404],
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

    upstream.own.set(`${BASE_PATH}it`, { ...PLAIN, headers: { 'Set-Cookie': 'session=1; Path=/; Secure' } });
    const answer = await site.ask({ path: '/platform/it', headers: { Cookie: 'session=0' } });
    expect([answer.status, answer.header('set-cookie')]).toEqual([200, 'session=1; Path=/; Secure']);
    expect(upstream.arrivals.map((it) => [it.path, it.headers.cookie])).toEqual([[`${BASE_PATH}it`, 'session=0']]);
  });
}

for (const kind of KINDS) {
  test(`${kind}: TLS ends before the server`, async ({ hostedFor, upstream }) => {
    const site = await hostedFor(kind, { hosting: { tls: 'before' } });
    const [asset] = site.names.assets;
    for (const [file, part] of [['', 'page'], ['config.json', 'config'], [asset, 'asset']]) {
      const answer = await site.askPlain({ path: site.base + file });
      expect(answer.status, file).toBe(200);
      checkHeaders(site, part, answer, file);
    }
    const moved = await site.askPlain({ path: site.base.slice(0, -1) });
    expect(moved.status).toBe(301);
    // Never back to plain HTTP, which is all that this server itself knows of.
    expect(new URL(moved.header('location'), site.origin).href).toBe(site.origin + site.base);

    upstream.own.set(`${BASE_PATH}it`, PLAIN);
    const answer = await site.askPlain({ path: `${site.api}it`, headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.7' } });
    expect(answer.status).toBe(200);
    checkHeaders(site, 'api', answer, 'a call');
    expect(Object.keys(upstream.arrivals[0].headers).filter((it) => it.includes('forwarded'))).toEqual([]);
  });
}

test('nginx asks for the address of a platform while it runs', async ({ hostedFor, upstream, certificates }) => {
  const names = await startNames();
  // A name server of a real network answers at the usual port.
  const edit = (text) => text.replace('resolver 127.0.0.1 ', `resolver 127.0.0.1:${names.port} `);
  const site = await hostedFor('nginx', { hosting: { resolvers: ['127.0.0.1'] }, edit });
  for (const rest of ['auth', 'a%20b/c', 'list?filter=a%20eq%20%22b%22&cursor=x%2By%3D&empty=', 'x?a=%2F..%2F']) {
    upstream.forget();
    upstream.own.set(`${BASE_PATH}${rest.split('?')[0]}`, PLAIN);
    const answer = await site.ask({ path: site.api + rest });
    expect(answer.status, rest).toBe(200);
    checkHeaders(site, 'api', answer, rest);
    expect(upstream.arrivals.map((it) => [it.path, it.name, it.headers.host])).toEqual([[BASE_PATH + rest, PLATFORM, `${PLATFORM}:${upstream.port}`]]);
  }
  expect(new Set(names.asked)).toEqual(new Set([PLATFORM]));
  upstream.forget();
  upstream.show(certificates.stranger);
  expect((await site.ask({ path: `${site.api}it` })).status).toBe(502);
  expect(upstream.arrivals).toEqual([]);
  await names.stop();
});

test('the local gateway says what the servers say', async ({ platform, folder }) => {
  const site = { headers: plainHeaders(folder) };
  const gateway = { host: '127.0.0.1', port: new URL(platform.gateway.url).port };
  const assets = readdirSync(APP).filter((it) => HASHED.test(it));
  const wanted = { '/': ['page', 200], '/config.json': ['config', 200], '/nothing.json': ['notice', 404] };
  for (const asset of assets) wanted[`/${asset}`] = ['asset', 200];
  for (const [path, [part, status]] of Object.entries(wanted)) {
    const answer = await ask(gateway, { path });
    expect(answer.status, path).toBe(status);
    checkHeaders(site, part, answer, path);
  }
});
