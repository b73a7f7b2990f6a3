// The rules of the Observatory themselves: every header that is missing or weak costs what the published tables say.

import { expect, test } from '@playwright/test';

import { score } from '../support/hosting/observatory.mjs';

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'";
const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

function answer(headers) {
  const map = new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
  return { status: 200, headers: map, header: (name) => map.get(name)?.join(', ') };
}

/** A site with nothing to mend, with some of it changed. */
function seen({ headers = {}, ...more } = {}) {
  return {
    url: new URL('https://keys.example/'),
    page: answer(Object.fromEntries(Object.entries({ ...HEADERS, ...headers }).filter(([, value]) => value !== null))),
    html: { scripts: [{ src: 'boot.js', integrity: 'sha384-AA' }], metas: [{ name: 'Content-Security-Policy', content: POLICY }] },
    route: ['http://keys.example/', 'https://keys.example/'].map((it) => new URL(it)),
    preflight: answer({}),
    origin: 'https://foreign.example',
    cookies: [],
    ...more,
  };
}

const points = (name, change) => score(seen(change)).tests.find((it) => it.name === name).points;
const noMeta = { scripts: [], metas: [] };

test('a site with nothing to mend has 155 points', () => {
  expect(score(seen())).toMatchObject({ score: 155, grade: 'A+' });
});

test('extra credit counts from 90 points on', () => {
  expect(score(seen({ headers: { 'strict-transport-security': 'max-age=60' } })).score).toBe(145);
  expect(score(seen({ headers: { 'strict-transport-security': null } }))).toMatchObject({ score: 80, grade: 'B+' });
  expect(score({ ...seen(), page: answer({}), html: noMeta, route: null })).toMatchObject({ score: 30, grade: 'D' });
});

test('the policy is read as the Observatory reads it', () => {
  const csp = (value, html = noMeta) => points('content-security-policy', { headers: { 'content-security-policy': value }, html });
  expect(csp(POLICY)).toBe(10);
  expect(csp(POLICY.replace("default-src 'none'", "default-src 'self'"))).toBe(5);
  expect(csp(POLICY.replace("'wasm-unsafe-eval'", "'unsafe-eval'"))).toBe(-10);
  expect(csp(POLICY.replace("'wasm-unsafe-eval'", "'unsafe-inline'"))).toBe(-20);
  expect(csp(POLICY.replace("'wasm-unsafe-eval'", "'unsafe-inline' 'sha256-AA'"))).toBe(10);
  expect(csp(POLICY.replace("'wasm-unsafe-eval'", 'data:'))).toBe(-20);
  expect(csp(POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'"))).toBe(0);
  expect(csp(POLICY.replace('data:', 'http://images.example'))).toBe(-10);
  expect(csp(`${POLICY}; connect-src http://api.example`)).toBe(-20);
  expect(csp(`${POLICY}; style-src 'self'`)).toBe(-25);
  expect(csp(null)).toBe(-25);
  // A page cannot widen what its header says, and both together are as narrow as they can be.
  const wide = { scripts: [], metas: [{ name: 'content-security-policy', content: "script-src 'unsafe-inline'" }] };
  expect(csp(POLICY, wide)).toBe(10);
  expect(csp("script-src 'self' 'unsafe-inline'", { scripts: [], metas: [{ name: 'content-security-policy', content: POLICY }] })).toBe(10);
});

test('frames are controlled by the header alone', () => {
  const frames = (headers, html) => points('x-frame-options', { headers, ...(html && { html }) });
  expect(frames({})).toBe(5);
  expect(frames({ 'content-security-policy': null })).toBe(-20);
  expect(frames({ 'content-security-policy': null, 'x-frame-options': 'DENY' })).toBe(5);
  expect(frames({ 'content-security-policy': "default-src 'none'" })).toBe(-20);
});

test('words of headers have their worth', () => {
  const worth = (name, value) => points(name, { headers: { [name]: value } });
  expect(worth('cross-origin-embedder-policy', 'credentialless')).toBe(10);
  expect(worth('cross-origin-embedder-policy', null)).toBe(0);
  expect(worth('cross-origin-opener-policy', 'same-origin-allow-popups')).toBe(10);
  expect(worth('cross-origin-opener-policy', ['same-origin', 'same-origin'])).toBe(-5);
  expect(worth('cross-origin-resource-policy', 'same-site')).toBe(10);
  expect(worth('cross-origin-resource-policy', 'cross-origin')).toBe(0);
  expect(worth('referrer-policy', 'unsafe-url')).toBe(-5);
  expect(worth('referrer-policy', null)).toBe(0);
  expect(worth('strict-transport-security', 'max-age=31536000, max-age=31536000')).toBe(-20);
  expect(worth('x-content-type-options', null)).toBe(-5);
});

test('the way from plain HTTP, scripts, cookies and foreign origins', () => {
  const way = (...urls) => points('redirection', { route: urls.map((it) => new URL(it)) });
  expect(way('http://keys.example/')).toBe(-20);
  expect(way('http://keys.example/', 'http://keys.example/a', 'https://keys.example/a')).toBe(-10);
  expect(way('http://keys.example/', 'https://other.example/')).toBe(-5);
  expect(points('redirection', { route: null })).toBe(0);

  const scripts = (...all) => points('subresource-integrity', { html: { scripts: all, metas: [] } });
  expect(scripts({ src: 'boot.js', integrity: 'sha384-AA' })).toBe(5);
  expect(scripts({ src: 'boot.js', integrity: null })).toBe(0);
  expect(scripts({ src: null, integrity: null })).toBe(0);
  expect(scripts({ src: 'https://cdn.example/a.js', integrity: 'sha384-AA' })).toBe(-50);

  expect(points('cookies', { cookies: ['a=1; Secure; HttpOnly; SameSite=Lax'] })).toBe(5);
  expect(points('cookies', { cookies: ['session=1'] })).toBe(-40);

  const foreign = { 'access-control-allow-origin': 'https://foreign.example', 'access-control-allow-credentials': 'true' };
  expect(points('cross-origin-resource-sharing', { preflight: answer(foreign) })).toBe(-50);
});
