// The platforms behind the console's own origin: what goes there, what comes back, and whom the server believes.

import { connect } from 'node:http2';
import { Agent } from 'node:https';
import { gzipSync } from 'node:zlib';

import { checkHeaders } from '../support/hosting/headers.mjs';
import { KINDS } from '../support/hosting/servers.mjs';
import { BASE_PATH, expect, PLATFORM, test } from '../support/hosting/test.mjs';
import { BROKEN } from '../support/hosting/upstream.mjs';

const KEYS = 'caui/v1/activation-keys/manage';
const BEARER = 'Bearer planted-credential-7731';

/** An answer as a platform might send it. */
function plain(body = '{"fine":true}', headers = {}) {
  return { status: 200, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/** A path as a platform might tidy it. */
function tidied(path) {
  const steps = [];
  for (const step of decodeURIComponent(path).split('/')) {
    if (step === '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/');
}

for (const kind of KINDS) {
  test.describe(kind, () => {
    test('a call arrives with its credential, under the name of the platform, and with nothing of the browser', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}${KEYS}`, plain());
      const headers = {
        Authorization: BEARER,
        'Content-Type': 'application/json',
        Accept: 'application/json',
        Cookie: 'planted=1',
        Origin: site.origin,
        Referer: `${site.origin}${site.base}?q=planted`,
        'X-Forwarded-For': '192.0.2.7',
        'X-Forwarded-Host': 'planted.test',
        Forwarded: 'for=192.0.2.7',
        'X-Real-IP': '192.0.2.7',
        'X-Client-IP': '192.0.2.7',
        'True-Client-IP': '192.0.2.7',
        'CF-Connecting-IP': '192.0.2.7',
        'X-Forwarded-User': 'planted',
        'X-Forwarded-Access-Token': 'planted',
        'X-Auth-Request-Email': 'planted',
        Via: '1.1 planted.test',
      };
      const answer = await site.ask({ method: 'POST', path: `${site.api}${KEYS}`, headers, body: '{"limit":5}' });
      expect([answer.status, answer.body.toString()]).toEqual([200, '{"fine":true}']);

      expect(upstream.arrivals).toHaveLength(1);
      const [{ method, path, name, headers: arrived, body }] = upstream.arrivals;
      expect([method, path, name, body.toString()]).toEqual(['POST', `${BASE_PATH}${KEYS}`, PLATFORM, '{"limit":5}']);
      expect(arrived).toMatchObject({ host: `${PLATFORM}:${upstream.port}`, authorization: BEARER, 'content-type': 'application/json', accept: 'application/json' });
      const told = Object.keys(arrived).filter((it) => /^(cookie|origin|referer|forwarded|x-forwarded|x-real|x-client|x-auth|true-client|cf-|via)/.test(it));
      expect(told).toEqual([]);
      expect(JSON.stringify(arrived)).not.toMatch(/192\.0\.2\.7|planted[^-]|127\.0\.0\.1/);
    });

    test('addresses arrive as they were written', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      for (const rest of ['auth', `${KEYS}/1819021`, 'a%20b/c', 'list?filter=a%20eq%20%22b%22&cursor=x%2By%3D&empty=', 'x?a=%2F..%2F']) {
        upstream.forget();
        upstream.own.set(`${BASE_PATH}${rest.split('?')[0]}`, plain());
        const answer = await site.ask({ path: site.api + rest });
        expect(answer.status, rest).toBe(200);
        expect(upstream.arrivals.map((it) => it.path), rest).toEqual([BASE_PATH + rest]);
      }
    });

    test('no address leaves the part of the platform that is its API', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      for (const way of ['../../admin', '%2e%2e/%2e%2e/admin', '..%2f..%2fadmin', 'x/../../../admin', '%252e%252e/admin', '//elsewhere.test/x']) {
        await site.ask({ path: site.api + way, headers: { Authorization: BEARER } });
        // Dots between slashes that a server leaves as they are would be for the platform to follow.
        for (const { path } of upstream.arrivals) expect(tidied(path), way).toContain(BASE_PATH);
      }
    });

    test('every answer has the headers of an API, and none of the platform’s own', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      const theirs = {
        'Set-Cookie': ['planted=1; Path=/', 'other=2'],
        'Cache-Control': 'public, max-age=600',
        'Content-Security-Policy': 'default-src *',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Credentials': 'true',
        'Clear-Site-Data': '"*"',
        'Alt-Svc': 'h3=":443"',
        Server: 'Platform/1.2.3',
        'X-Powered-By': 'Platform/1.2.3',
        'Strict-Transport-Security': 'max-age=1',
        'WWW-Authenticate': 'Basic realm="planted"',
        'Service-Worker-Allowed': '/',
        Refresh: '0; url=https://elsewhere.test/',
        Link: '<https://elsewhere.test/a.css>; rel=preload; as=style',
        Expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
        Pragma: 'public',
      };
      for (const status of [200, 201, 400, 401, 403, 404, 409, 429, 500, 503]) {
        upstream.own.set(`${BASE_PATH}answer`, { ...plain(`{"status":${status}}`, theirs), status });
        const answer = await site.ask({ path: `${site.api}answer` });
        expect([answer.status, answer.body.toString()]).toEqual([status, `{"status":${status}}`]);
        expect(answer.header('content-type')).toBe('application/json');
        checkHeaders(site, 'api', answer, `an answer of status ${status}`);
      }
    });

    test('no header of an answer sends the server elsewhere', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      const orders = { 'X-Accel-Buffering': 'no', 'X-Accel-Charset': 'utf-7', 'X-Accel-Expires': '600', 'X-Accel-Limit-Rate': '1' };
      upstream.own.set(`${BASE_PATH}other`, plain('{"other":true}'));
      for (const target of [`${site.base}config.json`, `${site.base}index.html`, `${site.api}other`]) {
        upstream.arrivals = [];
        upstream.own.set(`${BASE_PATH}it`, plain('{"own":true}', { ...orders, 'X-Accel-Redirect': target, 'X-Sendfile': `${site.folder}/config.json`, 'X-Lighttpd-Send-File': `${site.folder}/config.json` }));
        const answer = await site.ask({ path: `${site.api}it`, headers: { Authorization: BEARER } });
        expect([answer.status, answer.body.toString(), answer.header('content-type')], target).toEqual([200, '{"own":true}', 'application/json']);
        checkHeaders(site, 'api', answer, target);
        expect(upstream.arrivals.map((it) => it.path), target).toEqual([`${BASE_PATH}it`]);
      }
    });

    test('a call that breaks is answered as an error, and made once', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}it`, plain());
      upstream.own.set(`${BASE_PATH}broken`, BROKEN);
      // A browser repeats a call, a write too, when a connection that it used before ends without an answer.
      for (const before of [`${site.api}it`, site.base]) {
        upstream.arrivals = [];
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        expect((await site.ask({ path: before, agent })).status).toBe(200);
        const answer = await site.ask({ method: 'POST', path: `${site.api}broken`, body: '{}', agent });
        agent.destroy();
        expect(answer.status, before).toBe(502);
        checkHeaders(site, 'api', answer, `a call that broke, after ${before}`);
        expect(upstream.arrivals.filter((it) => it.method === 'POST').map((it) => it.path), before).toEqual([`${BASE_PATH}broken`]);
      }
    });

    test('a call that breaks is made once over HTTP/2, on a connection that stays', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}it`, plain());
      upstream.own.set(`${BASE_PATH}broken`, BROKEN);
      const session = connect(site.origin, site.connection);
      const ask = (method, path) =>
        new Promise((resolve, reject) => {
          const stream = session.request({ ':method': method, ':path': path });
          stream.on('response', (headers) => resolve(headers[':status']));
          stream.on('error', reject);
          stream.resume().end(method === 'POST' ? '{}' : undefined);
        });
      const answers = [await ask('GET', site.base), await ask('GET', `${site.api}it`), await ask('POST', `${site.api}broken`), await ask('GET', `${site.api}it`)];
      // Apache answers this one with an error of its own.
      expect(answers).toEqual([200, 200, kind === 'apache' ? 500 : 502, 200]);
      expect(upstream.arrivals.map((it) => it.method)).toEqual(['GET', 'POST', 'GET']);
      session.close();
    });

    test('what the console reads of an answer comes through', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      const theirs = { 'X-RateLimit-Limit': '300', 'X-RateLimit-Remaining': '7', 'Retry-After': '30', 'X-Request-Id': 'abc-1', traceid: 'def-2' };
      upstream.own.set(`${BASE_PATH}answer`, { ...plain('{}', theirs), status: 429 });
      const answer = await site.ask({ path: `${site.api}answer` });
      for (const [name, value] of Object.entries(theirs)) expect(answer.header(name), name).toBe(value);
      expect(Math.abs(Date.parse(answer.header('date')) - Date.now())).toBeLessThan(60_000);
    });

    test('no answer is kept, packed or told to others', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      const long = JSON.stringify({ keys: Array.from({ length: 400 }, (_, at) => `key ${at}`) });
      upstream.own.set(`${BASE_PATH}long`, plain(long, { 'Cache-Control': 'public, max-age=600', ETag: '"1"' }));
      const headers = { 'Accept-Encoding': 'br, gzip' };
      for (const turn of [1, 2]) {
        const answer = await site.ask({ path: `${site.api}long`, headers });
        expect(answer.body.toString()).toBe(long);
        // The length of a packed answer tells something of the secrets in it to whoever can choose the rest of it.
        expect(answer.header('content-encoding')).toBeUndefined();
        expect(upstream.arrivals).toHaveLength(turn);
      }
      upstream.own.set(`${BASE_PATH}packed`, plain(gzipSync(long), { 'Content-Encoding': 'gzip' }));
      const packed = await site.ask({ path: `${site.api}packed`, headers });
      expect(packed.header('content-encoding')).toBe('gzip');
      expect(packed.unpacked().toString()).toBe(long);
    });

    test('a redirection leads back below the same path or nowhere', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      const ends = {
        [`https://${PLATFORM}:${upstream.port}${BASE_PATH}next?a=1`]: `${site.api}next?a=1`,
        [`${BASE_PATH}next`]: `${site.api}next`,
        [`https://${PLATFORM}:${upstream.port}/admin`]: undefined,
        [`https://${PLATFORM}.elsewhere.test${BASE_PATH}next`]: undefined,
        'https://elsewhere.test/': undefined,
        '//elsewhere.test/': undefined,
        '|https://elsewhere.test/': undefined,
        [`|${site.api}next`]: undefined,
      };
      for (const [theirs, ours] of Object.entries(ends)) {
        upstream.own.set(`${BASE_PATH}moved`, { status: 302, headers: { Location: theirs }, body: '' });
        const answer = await site.ask({ path: `${site.api}moved` });
        expect(answer.status, theirs).toBe(302);
        // Nowhere is no such header, an empty one, or a page without content.
        const location = answer.header('location')?.replace(/^about:blank$/, '') || undefined;
        expect(location && new URL(location, site.origin).href.replace(site.origin, ''), theirs).toBe(ours);
      }
      expect(upstream.arrivals.map((it) => it.path)).toEqual(Object.keys(ends).map(() => `${BASE_PATH}moved`));
    });

    test('the methods of the APIs are passed on, and no others', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}it`, plain());
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await site.ask({ method, path: `${site.api}it`, body: /^P/.test(method) ? '{}' : undefined });
        expect([answer.status, answer.body.length > 0], method).toEqual([200, method !== 'HEAD']);
        checkHeaders(site, 'api', answer, method);
      }
      expect(upstream.arrivals.map((it) => it.method)).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
      for (const method of ['OPTIONS', 'TRACE', 'PROPFIND']) {
        const answer = await site.ask({ method, path: `${site.api}it` });
        expect([403, 405, 501], method).toContain(answer.status);
      }
      expect(upstream.arrivals).toHaveLength(6);
    });

    test('a body has a bound', async ({ hosted, upstream }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}it`, plain());
      const send = (bytes) => site.ask({ method: 'POST', path: `${site.api}it`, body: Buffer.alloc(bytes, 'x') });
      expect((await send(1 << 20)).status).toBe(200);
      expect(upstream.arrivals[0].body.length).toBe(1 << 20);
      const refused = await send(3 << 20);
      expect(refused.status).toBe(413);
      checkHeaders(site, 'api', refused, 'a refused body');
      expect(upstream.arrivals).toHaveLength(1);
    });

    test('a platform with a foreign certificate, or another name, or none at all, gets no call', async ({ hosted, upstream, certificates }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}it`, plain('{"secret":"planted"}'));
      const call = () => site.ask({ path: `${site.api}it`, headers: { Authorization: BEARER } });
      for (const [why, pair] of Object.entries({ authority: certificates.stranger, name: certificates.otherName })) {
        upstream.show(pair);
        const answer = await call();
        // Apache calls a handshake that failed an error of its own.
        expect(answer.status, why).toBe(kind === 'apache' ? 500 : 502);
        expect(answer.body.toString(), why).not.toContain('planted');
        checkHeaders(site, 'api', answer, `a platform of the wrong ${why}`);
      }
      expect(upstream.arrivals).toEqual([]);
      upstream.show(certificates.platform);
      expect((await call()).status).toBe(200);
      await upstream.rest(async () => {
        const answer = await call();
        expect([502, 503]).toContain(answer.status);
        checkHeaders(site, 'api', answer, 'a platform that is not there');
      });
      expect((await call()).status).toBe(200);
    });

    test('the log has neither queries nor credentials', async ({ hosted, upstream, certificates }) => {
      const site = await hosted(kind);
      upstream.own.set(`${BASE_PATH}logged-call`, plain());
      const headers = { Authorization: BEARER, Cookie: 'planted-cookie=1', Referer: `${site.origin}/?planted-referrer` };
      await site.ask({ path: `${site.api}logged-call?key=planted-query`, headers });
      await site.ask({ path: `${site.base}logged-file?q=planted-query`, headers });
      await site.askPlain({ path: `${site.base}logged-plain?q=planted-query`, headers });
      upstream.own.clear();
      upstream.show(certificates.stranger);
      await site.ask({ path: `${site.api}logged-failure?key=planted-query`, headers });
      await expect.poll(() => site.log()).toContain('logged-failure');
      expect(site.log()).toContain('logged-call');
      expect(site.log()).toContain('logged-file');
      expect(site.log() + site.words()).not.toMatch(/planted/);
    });
  });
}
