// The console's files as real servers send them, with the configurations that `cargo xtask hosting` writes. One table holds
// for all servers.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkHeaders } from '../support/hosting/headers.mjs';
import { KINDS } from '../support/hosting/servers.mjs';
import { unlike } from '../support/hosting/site.mjs';
import { expect, test } from '../support/hosting/test.mjs';

const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  wasm: 'application/wasm',
  json: 'application/json',
};
const typeOf = (name) => TYPES[name.split('.').at(-1)] ?? 'application/octet-stream';

/** Files for people and tools, which `dist` packs not. */
const UNPACKED = ['bom.cdx.json', 'SHA256SUMS'];

/** What stands where: a path below the console's folder, the part it belongs to, and the status. */
function table(names) {
  const files = [...names.assets, 'config.json', ...names.others];
  return [
    { path: '', part: 'page', status: 200, file: 'index.html' },
    { path: 'index.html', part: 'page', status: 200, file: 'index.html' },
    { path: '?connection=eu1&q=activationKey.title%3A%20%22A%22', part: 'page', status: 200, file: 'index.html' },
    ...files.map((file) => ({ path: file, part: names.assets.includes(file) ? 'asset' : 'config', status: 200, file })),
    ...names.assets.map((file) => ({ path: unlike(file), part: 'notice', status: 404 })),
    ...[...names.internal, ...MISSING].map((path) => ({ path, part: 'notice', status: 404 })),
  ];
}

/** Nothing is there, or nothing that anybody should read; none of it is the page. */
const MISSING = [
  'nothing.json',
  'nothing/at/all',
  'keys',
  'favicon.ico',
  '.env',
  '.git/config',
  '.htaccess',
  'latchkey.js.map',
  'hosting.json',
  'nginx.conf',
  'Caddyfile',
  'apache.conf',
  'web.config',
  '_headers',
];

for (const kind of KINDS) {
  test.describe(kind, () => {
    test('every file has its type, its bytes and exactly its headers', async ({ hosted }) => {
      const site = await hosted(kind);
      expect(site.names.assets.length).toBeGreaterThanOrEqual(6);
      for (const { path, part, status, file } of table(site.names)) {
        const answer = await site.ask({ path: site.base + path });
        expect(answer.status, path).toBe(status);
        checkHeaders(site, part, answer, path);
        if (file) {
          expect(answer.header('content-type'), path).toBe(typeOf(file));
          expect(answer.body.equals(readFileSync(join(site.folder, file))), `the bytes of ${path}`).toBe(true);
        } else {
          expect(answer.body.toString(), path).not.toContain('<link');
        }
      }
    });

    test('each form of a file unpacks to the same bytes and says what it is', async ({ hosted }) => {
      const site = await hosted(kind);
      const asked = { 'br, gzip': 'br', 'gzip, deflate, br, zstd': 'br', gzip: 'gzip', 'gzip, br;q=0': 'gzip', identity: undefined, '': undefined };
      for (const file of ['index.html', 'config.json', ...site.names.assets, ...site.names.others]) {
        const bytes = readFileSync(join(site.folder, file));
        const isPacked = existsSync(join(site.folder, `${file}.br`));
        // The configuration is edited on the server: a packed form would go on saying what it said before.
        if (file === 'config.json') expect(isPacked).toBe(false);
        else if (!UNPACKED.includes(file)) expect(isPacked, file).toBe(true);
        const tags = new Map();
        for (const [accepted, encoding] of Object.entries(asked)) {
          const what = `${file} for "${accepted}"`;
          const answer = await site.ask({ path: site.base + file, headers: { 'Accept-Encoding': accepted } });
          expect(answer.status, what).toBe(200);
          expect(answer.header('content-encoding'), what).toBe(isPacked ? encoding : undefined);
          expect(answer.header('content-type'), what).toBe(typeOf(file));
          expect(answer.unpacked().equals(bytes), `the bytes of ${what}`).toBe(true);
          if (answer.header('content-encoding')) expect(answer.body.length, what).toBeLessThan(bytes.length);
          checkHeaders(site, site.partOf(file), answer, what);
          tags.set(answer.header('content-encoding'), answer.header('etag'));
        }
        // A tag that two forms share would let a cache hand out the wrong one.
        const strong = [...tags.values()].filter((it) => it && !it.startsWith('W/'));
        expect(new Set(strong).size, `tags of ${file}: ${strong}`).toBe(strong.length);
      }
    });

    test('what may change is asked for again, and is not sent again', async ({ hosted }) => {
      const site = await hosted(kind);
      for (const file of ['', 'index.html', 'config.json', ...site.names.others]) {
        for (const accepted of ['br', 'gzip', 'identity']) {
          const what = `${file || 'the folder'} in ${accepted}`;
          const headers = { 'Accept-Encoding': accepted };
          const first = await site.ask({ path: site.base + file, headers });
          const tag = first.header('etag');
          expect(tag, what).toBeTruthy();
          const again = await site.ask({ path: site.base + file, headers: { ...headers, 'If-None-Match': tag } });
          expect([again.status, again.body.length], what).toEqual([304, 0]);
          checkHeaders(site, site.partOf(file), again, `${what}, again`);
          const other = await site.ask({ path: site.base + file, headers: { ...headers, 'If-None-Match': '"another"' } });
          expect([other.status, other.body.equals(first.body)], what).toEqual([200, true]);
        }
      }
    });

    test('HEAD says what GET would, and nothing else is done to files', async ({ hosted }) => {
      const site = await hosted(kind);
      const comparable = (answer) => [...answer.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)).sort();
      for (const file of ['', ...site.names.assets, 'config.json']) {
        const [get, head] = [await site.ask({ path: site.base + file }), await site.ask({ path: site.base + file, method: 'HEAD' })];
        expect([head.status, head.body.length], file).toEqual([200, 0]);
        expect(comparable(head), file).toEqual(comparable(get));
      }
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const answer = await site.ask({ path: site.base, method });
        expect(answer.status, method).toBe(405);
        checkHeaders(site, 'notice', answer, method);
      }
    });

    test('the path without its slash leads to the console, on the same site', async ({ hosted }) => {
      const site = await hosted(kind);
      for (const query of ['', '?connection=eu1']) {
        const answer = await site.ask({ path: site.base.slice(0, -1) + query });
        expect([301, 302, 307, 308]).toContain(answer.status);
        const target = new URL(answer.header('location'), `${site.origin}${site.base.slice(0, -1)}`);
        expect(target.href).toBe(`${site.origin}${site.base}${query}`);
        checkHeaders(site, 'notice', answer, 'the redirect');
      }
    });

    test('nothing outside the folder is read', async ({ hosted }) => {
      const site = await hosted(kind);
      const ways = ['../hosting.json', '..%2fhosting.json', '%2e%2e/hosting.json', '%2e%2e%2fhosting.json', '..%5chosting.json', './/../../hosting.json', '%00'];
      for (const way of ways) {
        const answer = await site.ask({ path: site.base + way });
        expect([400, 403, 404], way).toContain(answer.status);
        expect(answer.body.toString(), way).not.toContain('upstream');
      }
    });

    test('plain HTTP leads to HTTPS and shows nothing', async ({ hosted }) => {
      const site = await hosted(kind);
      for (const path of [site.base, `${site.base}?connection=eu1`, `${site.base}config.json`, `${site.base}${site.names.assets[0]}`]) {
        const answer = await site.askPlain({ path });
        expect([301, 308], path).toContain(answer.status);
        expect(answer.header('location'), path).toBe(`${site.origin}${path}`);
        expect(answer.header('strict-transport-security'), path).toBeUndefined();
      }
    });
  });
}

test('a header that is missing, changed, doubled or too much is noticed', async ({ hosted }) => {
  const site = await hosted('nginx');
  const answer = await site.ask({ path: site.base });
  const check = (change) => {
    const headers = new Map(answer.headers);
    change(headers);
    return () => checkHeaders(site, 'page', { ...answer, headers, header: (name) => headers.get(name)?.join(', ') }, 'the page');
  };
  expect(check(() => {})).not.toThrow();
  for (const name of Object.keys(site.headers.page).map((it) => it.toLowerCase())) {
    expect(check((it) => it.delete(name)), name).toThrow();
    expect(check((it) => it.set(name, ['x'])), name).toThrow();
    expect(check((it) => it.set(name, [...it.get(name), ...it.get(name)])), name).toThrow();
  }
  expect(check((it) => it.set('set-cookie', ['a=1']))).toThrow();
  expect(check((it) => it.set('server', ['nginx/1.22.1']))).toThrow();
});
