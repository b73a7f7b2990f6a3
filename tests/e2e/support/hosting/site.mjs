// The console on one server: its folder, the configuration that `cargo xtask hosting` writes for it, and the server itself.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ask } from './ask.mjs';
import { freePorts, startServer } from './servers.mjs';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`;

/** The built app and the program that writes configurations; `cargo xtask test` names both, else the usual places. */
export const APP = process.env.LATCHKEY_APP ?? `${TARGET}/app`;
const XTASK = process.env.LATCHKEY_XTASK ?? `${TARGET}/debug/xtask`;

/** The names of the site and of the platform. A resolver gives this machine for the second. */
export const HOST = 'keys.test';
export const PLATFORM = 'localhost';

/** Where the console lives unless a test says otherwise, and where the platform's API begins. */
const BASE = '/tools/keys/';
export const BASE_PATH = '/platform/v0/';

/** Where the browser's reports of violations arrive at the platform. */
export const REPORTS = `${BASE_PATH}csp-reports`;

/** Who may frame the console. */
const PORTAL = 'https://portal.test';

const FILES = { nginx: 'nginx.conf', caddy: 'Caddyfile', apache: 'apache.conf' };
/** Trunk leaves out the zeros in front of a hash. */
export const HASHED = /-[0-9a-f]{12,16}(_bg)?\.(css|js|wasm)$/;

/** The same name with another hash. */
export const unlike = (name) => name.replace(/-[0-9a-f]{12,16}/, '-0123456789abcdef');

/**
 * A running site.
 * @typedef {object} Site
 * @property {string} origin       `https://keys.test:PORT`
 * @property {string} plainOrigin  the same over HTTP
 * @property {string} base         the path of the console, with `/` at both ends
 * @property {string} api          the path of the platform, with `/` at both ends
 * @property {string} folder       the console's files
 * @property {{assets: string[], internal: string[], others: string[]}} names  hashed files, files for no reader, and what else is
 *   there beside page and configuration
 * @property {Record<string, Record<string, string>>} headers  what answers of each part must say
 * @property {(file: string) => string} partOf
 * @property {object} connection  what Node needs to connect over TLS
 * @property {(what: object) => Promise<import('./ask.mjs').Answer>} ask       over TLS
 * @property {(what: object) => Promise<import('./ask.mjs').Answer>} askPlain  over HTTP
 * @property {() => string} log
 * @property {() => string} words
 * @property {() => Promise<void>} stop
 */

/**
 * Opens the console on a server.
 * @param {'nginx' | 'caddy' | 'apache'} kind
 * @param {string} dir  a folder that does not exist yet
 * @param {object} surroundings
 * @param {object} surroundings.certificates
 * @param {import('./upstream.mjs').Upstream} surroundings.upstream
 * @param {object} [options]
 * @param {string} [options.base]      the path of the console, with `/` at both ends
 * @param {boolean} [options.cookies]  whether the platform's cookies are passed on
 * @param {(html: string) => string} [options.change]  changes the page
 * @param {object} [options.hosting]   more fields of hosting.json
 * @param {(text: string, base: string) => string} [options.edit]  changes the configuration that was written
 * @param {string} [options.believed]  whom the server believes where its configuration names nobody
 * @returns {Promise<Site>}
 */
export async function openSite(kind, dir, { certificates, upstream }, { base = BASE, cookies = false, change, hosting = {}, edit, believed } = {}) {
  const [folder, configurations] = [join(dir, 'www'), join(dir, 'hosting')];
  const api = `${base}platform/`;
  mkdirSync(dir);
  copyApp(folder, change);
  const connection = { id: 'qualys-gateway', name: 'Qualys gateway', system: 'qualys-gateway', base_url: api };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ version: 1, portals: [PORTAL], connections: [connection] }));

  // Apache's tag of a file that changed within the last second is another one than a moment later.
  const longAgo = new Date('2026-01-01');
  for (const name of ['config.json', 'index.html']) utimesSync(join(folder, name), longAgo, longAgo);

  const [https, http] = await freePorts(2);
  const logs = join(dir, 'server');
  writeFileSync(
    join(dir, 'hosting.json'),
    JSON.stringify({
      version: 1,
      config: 'www/config.json',
      host: HOST,
      path: base,
      folder,
      tls: certificates.site,
      address: '127.0.0.1',
      https_port: https,
      http_port: http,
      nginx_brotli: true,
      log: join(logs, 'access.log'),
      reports: `${api}csp-reports`,
      ca: certificates.platformCa,
      upstreams: { [connection.id]: { url: `https://${PLATFORM}:${upstream.port}${BASE_PATH}`, cookies } },
      ...hosting,
    }),
  );
  const xtask = (...args) => execFileSync(XTASK, ['hosting', ...args, '--file', join(dir, 'hosting.json')], { encoding: 'utf8' });
  xtask(configurations);
  const { parts } = JSON.parse(xtask('--print-headers'));
  const file = join(configurations, FILES[kind]);
  if (edit) writeFileSync(file, edit(readFileSync(file, 'utf8'), base));
  const server = await startServer(kind, logs, file, hosting.tls === 'before' ? [http] : [https, http], believed);

  const ca = readFileSync(certificates.ca);
  const names = readdirSync(folder).filter((it) => !/\.(br|gz)$/.test(it) && !['index.html', 'config.json'].includes(it));
  const [assets, internal] = [HASHED, /^[._]/].map((it) => names.filter((name) => it.test(name)));
  return {
    origin: `https://${HOST}:${https}`,
    plainOrigin: `http://${HOST}:${http}`,
    base,
    api,
    folder,
    names: { assets, internal, others: names.filter((it) => !assets.includes(it) && !internal.includes(it)) },
    headers: parts,
    partOf: (file) => (['', 'index.html'].includes(file) ? 'page' : assets.includes(file) ? 'asset' : 'config'),
    connection: { host: '127.0.0.1', port: https, servername: HOST, ca },
    ask: (what) => ask({ host: HOST, port: https, ca }, what),
    askPlain: (what) => ask({ host: HOST, port: http }, what),
    ...server,
  };
}

/** What answers of each part must say where nobody may frame the console and TLS is not spoken. */
export function plainHeaders(dir) {
  const [file, config] = [join(dir, 'plain-hosting.json'), join(dir, 'plain-config.json')];
  writeFileSync(config, JSON.stringify({ version: 1, connections: [{ id: 'any', base_url: '/any/' }] }));
  const upstreams = { any: { url: `https://${PLATFORM}/` } };
  writeFileSync(file, JSON.stringify({ version: 1, config, host: HOST, path: '/', folder: dir, tls: 'before', hsts: false, upstreams }));
  return JSON.parse(execFileSync(XTASK, ['hosting', '--print-headers', '--file', file], { encoding: 'utf8' })).parts;
}

function copyApp(folder, change = (it) => it) {
  for (const name of ['index.html', 'index.html.br', 'index.html.gz']) {
    if (!existsSync(join(APP, name))) throw new Error(`${APP}/${name} is missing; \`cargo xtask test hosting\` builds it`);
  }
  cpSync(APP, folder, { recursive: true, preserveTimestamps: true });
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  if (change(page) === page) return;
  writeFileSync(join(folder, 'index.html'), change(page));
  for (const packed of ['br', 'gz']) rmSync(join(folder, `index.html.${packed}`));
}
