// The functions for services, run here as the service runs them: what they answer for files, and what they pass on.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';

import { expect, test as base } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const XTASK = process.env.LATCHKEY_XTASK ?? `${process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`}/debug/xtask`;

const SITE = 'https://keys.test';
const SCRIPT = 'latchkey-0123456789abcdef.js';

const test = base.extend({
  /** A platform that writes down what arrives and answers by its path. */
  platform: async ({}, use) => {
    const arrivals = [];
    const server = createServer(async (asked, answer) => {
      const parts = [];
      for await (const part of asked) parts.push(part);
      arrivals.push({ method: asked.method, path: asked.url, headers: asked.headers, body: Buffer.concat(parts).toString() });
      const moved = { '/api/here': '/api/there?x=1', '/api/away': 'https://elsewhere.test/', '/api/up': '/other/', '/api/unreadable': 'https://[' }[asked.url];
      answer.writeHead(moved ? 302 : asked.url === '/api/no' ? 401 : 200, {
        'Content-Type': 'application/json',
        'Set-Cookie': 'session=1',
        'Cache-Control': 'public, max-age=60',
        'Content-Security-Policy': 'default-src *',
        'Access-Control-Allow-Origin': '*',
        'Clear-Site-Data': '"*"',
        'WWW-Authenticate': 'Basic',
        ...(moved ? { Location: moved } : {}),
      });
      answer.end('{}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ arrivals, port: server.address().port });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },

  /** The generated files, and the headers they must give. */
  generated: async ({ platform }, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'latchkey-functions-'));
    const file = join(dir, 'hosting.json');
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ connections: [{ id: 'eu1', base_url: '/tools/qualys/' }] }));
    const upstreams = { eu1: { url: `http://127.0.0.1:${platform.port}/api/` } };
    writeFileSync(file, JSON.stringify({ version: 1, host: 'keys.test', path: '/tools/keys/', folder: '/srv', tls: 'before', upstreams }));
    execFileSync(XTASK, ['hosting', dir, '--file', file]);
    const { parts } = JSON.parse(execFileSync(XTASK, ['hosting', '--print-headers', '--file', file], { encoding: 'utf8' }));
    const text = (name) => readFileSync(join(dir, name), 'utf8');
    const load = async (name) => {
      writeFileSync(join(dir, `${name}.mjs`), text(name));
      return import(join(dir, `${name}.mjs`));
    };
    await use({ parts, text, load });
    rmSync(dir, { recursive: true });
  },
});

/** Whether an answer has every header of a part, and none of the platform's that it must not have. */
function checkHeaders(parts, part, headers, what) {
  for (const [name, value] of Object.entries(parts[part])) expect(headers.get(name), `${name} of ${what}`).toBe(value);
  for (const name of ['set-cookie', 'access-control-allow-origin', 'clear-site-data', 'www-authenticate']) {
    expect(headers.get(name), `${name} of ${what}`).toBeNull();
  }
}

async function checkPassing(ask, { parts, platform }) {
  const answer = await ask('/tools/qualys/keys/a%20b?x=1', {
    method: 'PATCH',
    headers: { Authorization: 'Bearer t', Cookie: 'a=b', Origin: SITE, 'X-Forwarded-For': '10.0.0.1', 'CF-Connecting-IP': '10.0.0.1' },
    body: '{"a":1}',
  });
  checkHeaders(parts, 'api', answer.headers, 'a call');
  const [{ method, path, headers, body }] = platform.arrivals;
  expect({ method, path, body }).toEqual({ method: 'PATCH', path: '/api/keys/a%20b?x=1', body: '{"a":1}' });
  expect(headers.authorization).toBe('Bearer t');
  for (const name of ['cookie', 'origin', 'x-forwarded-for', 'cf-connecting-ip']) expect(headers[name], name).toBeUndefined();
  expect(headers.host).toBe(`127.0.0.1:${platform.port}`);

  expect((await ask('/tools/qualys/here')).headers.get('location')).toBe('/tools/qualys/there?x=1');
  expect((await ask('/tools/qualys/away')).headers.get('location')).toBeNull();
  expect((await ask('/tools/qualys/up')).headers.get('location')).toBeNull();
  const unreadable = await ask('/tools/qualys/unreadable');
  expect([unreadable.status, unreadable.headers.get('location')]).toEqual([302, null]);
  checkHeaders(parts, 'api', unreadable.headers, 'an unreadable redirection');
  const refused = await ask('/tools/qualys/no');
  expect(refused.status).toBe(401);
  checkHeaders(parts, 'api', refused.headers, 'a refusal');
  expect((await ask('/tools/qualys/x', { method: 'OPTIONS' })).status).toBe(405);
}

test('the worker of Cloudflare answers for files and passes calls on', async ({ generated, platform }) => {
  const { default: worker } = await generated.load('_worker.js');
  const files = { '/tools/keys/': ['text/html', 'page'], [`/tools/keys/${SCRIPT}`]: ['text/javascript', 'code'], '/tools/keys/config.json': ['application/json', '{}'] };
  const ASSETS = {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      // A project without a 404 page answers what it does not know with the page.
      const [type, text] = files[pathname] ?? files['/tools/keys/'];
      return new Response(text, { headers: { 'Content-Type': type } });
    },
  };
  const ask = (path, init) => worker.fetch(new Request(SITE + path, init), { ASSETS });
  await checkPassing(ask, { parts: generated.parts, platform });

  for (const [path, part, status] of [
    ['/tools/keys/', 'page', 200],
    ['/tools/keys/?q=x', 'page', 200],
    [`/tools/keys/${SCRIPT}`, 'asset', 200],
    ['/tools/keys/config.json', 'config', 200],
    ['/tools/keys/latchkey-0123456789abcdee.js', 'notice', 404],
    ['/tools/keys/deep/er', 'notice', 404],
    ['/tools/keys/.releases.json', 'notice', 404],
    ['/tools/keys/index.html.br', 'notice', 404],
    ['/elsewhere', 'notice', 404],
    ['/tools/keys?q=x', 'notice', 301],
  ]) {
    const answer = await ask(path);
    expect(answer.status, path).toBe(status);
    checkHeaders(generated.parts, part, answer.headers, path);
  }
  expect((await ask('/tools/keys?q=x')).headers.get('location')).toBe('/tools/keys/?q=x');
  expect((await ask('/tools/keys/', { method: 'POST', body: '' })).status).toBe(405);
});

test('the edge function of Netlify passes calls on and answers for nothing else', async ({ generated, platform }) => {
  const { default: edge, config } = await generated.load('netlify-edge.js');
  expect(config.path).toEqual(['/tools/qualys/*']);
  await checkPassing((path, init) => edge(new Request(SITE + path, init)), { parts: generated.parts, platform });
  expect((await edge(new Request(`${SITE}/tools/keys/`))).status).toBe(404);
});

test('a platform that is not there is an error of the function with all headers', async ({ generated }) => {
  const text = generated.text('netlify-edge.js').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
  const { default: edge } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const answer = await edge(new Request(`${SITE}/tools/qualys/x`));
  expect(answer.status).toBe(502);
  checkHeaders(generated.parts, 'api', answer.headers, 'a platform that is not there');
});

test('the function of CloudFront leads calls and files to their origins and back', async ({ generated, platform }) => {
  const handler = runInNewContext(`${generated.text('cloudfront-function.js')}\nhandler`);
  const ask = (uri, { querystring = {}, method = 'GET', headers = {} } = {}) =>
    handler({ context: { eventType: 'viewer-request' }, request: { uri, method, querystring, headers, cookies: { a: { value: 'b' } } } });
  const answer = (uri, statusCode, headers = {}) => {
    const all = handler({ context: { eventType: 'viewer-response' }, request: { uri }, response: { statusCode, headers, cookies: { a: {} } } });
    return { ...all, headers: new Headers(Object.entries(all.headers).map(([name, { value }]) => [name, value])) };
  };
  expect(ask('/tools/keys/').uri).toBe('/index.html');
  expect(ask(`/tools/keys/${SCRIPT}`).uri).toBe(`/${SCRIPT}`);
  expect(ask('/tools/qualys/keys/5')).toMatchObject({ uri: '/api/keys/5', cookies: {} });
  expect(ask('/tools/keys', { querystring: { q: { value: 'x' } } })).toMatchObject({ statusCode: 301, headers: { location: { value: '/tools/keys/?q=x' } } });
  const needed = Object.fromEntries(['authorization', 'accept', 'content-type', 'x-requested-with', 'content-length', 'host'].map((it) => [it, { value: 'x' }]));
  const more = Object.fromEntries(['origin', 'referer', 'cookie', 'x-forwarded-for', 'forwarded', 'user-agent', 'sec-fetch-site'].map((it) => [it, { value: 'x' }]));
  expect(ask('/tools/qualys/keys', { method: 'POST', headers: { ...needed, ...more } }).headers).toEqual(needed);
  const refused = ask('/tools/qualys/keys', { method: 'OPTIONS' });
  expect(refused.statusCode).toBe(405);
  checkHeaders(generated.parts, 'api', new Headers(Object.entries(refused.headers).map(([name, { value }]) => [name, value])), 'a refusal');
  for (const path of ['/', '/elsewhere', '/tools/keys/.releases.json', '/tools/keys/a.map', '/tools/keys/_headers']) {
    expect(ask(path).statusCode, path).toBe(404);
  }

  for (const [path, status, part] of [
    ['/tools/keys/', 200, 'page'],
    ['/tools/keys/', 304, 'page'],
    [`/tools/keys/${SCRIPT}`, 200, 'asset'],
    ['/tools/keys/config.json', 200, 'config'],
    [`/tools/keys/${SCRIPT}`, 403, 'notice'],
  ]) {
    checkHeaders(generated.parts, part, answer(path, status).headers, `${path} ${status}`);
  }
  const said = { 'access-control-allow-origin': { value: '*' }, 'clear-site-data': { value: '"*"' }, 'cache-control': { value: 'public' } };
  const called = answer('/tools/qualys/keys', 200, said);
  checkHeaders(generated.parts, 'api', called.headers, 'a call');
  expect(called.cookies).toEqual({});
  const origin = `http://127.0.0.1:${platform.port}`;
  const location = (value) => answer('/tools/qualys/keys', 302, { location: { value } }).headers.get('location');
  expect(location(`${origin}/api/there`)).toBe('/tools/qualys/there');
  expect(location('/api/there')).toBe('/tools/qualys/there');
  expect(location('https://elsewhere.test/api/')).toBeNull();
  expect(location('/other/')).toBeNull();
});
