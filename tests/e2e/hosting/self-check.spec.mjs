// The console's own look at how it is served: servers that are configured for it have nothing to mend, and the lines it
// offers mend one that is not.

import { expect, PLATFORM, test } from '../support/hosting/test.mjs';
import { SelfCheck } from '../support/pages/self_check.mjs';
import { t } from '../support/texts.mjs';

const NAMES = { nginx: 'nginx', caddy: 'Caddy', apache: 'Apache httpd' };
const [TYPES, PACKED, UNCHANGED, MISSING] = ['types', 'packed', 'unchanged', 'missing'].map((it) => t(`check.${it}`));
const HEADER = 'Referrer-Policy';
const CONNECTION = 'Qualys gateway';

/**
 * Where a configuration is spoiled: a text of it, what takes its place, and the findings whose lines stand there afterwards,
 * in the place of that.
 */
const SPOILED = {
  nginx: (base) => [
    [/ {4}location [^ ]*\/platform\/ \{[^]*?\n {4}\}\n/, '', [CONNECTION]],
    [/ {4}add_header Referrer-Policy .*\n/, '', [HEADER]],
    ['        "application/wasm" wasm;\n', ''],
    ['        gzip_static on;\n        brotli_static on;\n', '', [TYPES, PACKED, MISSING]],
    ['        index index.html;\n', `        index index.html;\n        try_files $uri ${base}index.html;\n`],
  ],
  caddy: () => [
    [/\thandle_path [^ ]*\/platform\/\* \{[^]*?\n\t\}\n/, '', [CONNECTION]],
    [/\theader Referrer-Policy .*\n/, '', [HEADER]],
    ['header /*.wasm Content-Type "application/wasm"', 'header /*.wasm Content-Type "application/octet-stream"', [TYPES]],
    ['@write not method GET HEAD', 'try_files {path} /index.html', [MISSING]],
    ['error @write 405', ''],
    [/file_server \{[^}]*\}/, 'file_server', [PACKED]],
  ],
  apache: (base) => [
    [/ {4}SSLProxyEngine On\n[^]*?<\/Location>\n/, '', [CONNECTION]],
    [/ {4}Header always set Referrer-Policy .*\n/, '', [HEADER]],
    ['AddType "application/wasm" .wasm', 'AddType application/octet-stream .wasm', [TYPES]],
    ['DirectoryIndex disabled', `DirectoryIndex disabled\nFallbackResource ${base}index.html`],
    ['FileETag MTime Size', ''],
    [/SetEnv no-gzip 1\n +SetEnv no-brotli 1/, '', [MISSING]],
    [/ {4}RewriteCond "%\{HTTP:Accept-Encoding\}"(.*\n){3}/, ''],
    [/ {4}RewriteCond "%\{HTTP:Accept-Encoding\}"(.*\n){3}/, ''],
    ['    TraceEnable Off\n', '', [PACKED, UNCHANGED]],
  ],
};

/** What is found then. Apache loses its marks to what it packs on the way out. */
const WRONG = {
  nginx: [HEADER, TYPES, PACKED, MISSING, CONNECTION],
  caddy: [HEADER, TYPES, PACKED, MISSING, CONNECTION],
  apache: [HEADER, TYPES, PACKED, UNCHANGED, MISSING, CONNECTION],
};

/** The configuration with every spoiled place as it is, or with the lines that were offered for it. */
function spoiled(text, places, lines = () => null) {
  return places.reduce((res, [from, to, names = []]) => {
    const mended = names.map(lines).filter((it) => it !== null);
    const next = res.replace(from, () => (mended.length > 0 ? `${mended.join('\n')}\n` : to));
    expect(next, String(from)).not.toBe(res);
    return next;
  }, text);
}

for (const [kind, server] of Object.entries(NAMES)) {
  test(`the self-check finds nothing wrong on ${server}, over TLS and under a path of its own`, async ({ hosted, page, upstream }) => {
    expect(upstream.arrivals).toEqual([]);
    const site = await hosted(kind);
    const check = new SelfCheck(page);
    await page.goto(`${site.origin}${site.base}?check`);
    await check.done();
    const { wrong, unknown, right } = await check.found();
    expect({ wrong, unknown }).toEqual({ wrong: [], unknown: [] });
    expect(right).toEqual(expect.arrayContaining(['Strict-Transport-Security', 'Content-Security-Policy', PACKED, t('check.release')]));
    // It asked the platform through the server, without a credential.
    expect(upstream.arrivals.length).toBeGreaterThan(0);
    expect(upstream.arrivals.filter((it) => it.headers.authorization !== undefined)).toEqual([]);
  });

  test(`the lines of the self-check mend ${server}`, async ({ certificates, hostedFor, page, upstream }) => {
    const check = new SelfCheck(page);
    const bad = await hostedFor(kind, { edit: (text, base) => spoiled(text, SPOILED[kind](base)) });
    await page.goto(`${bad.origin}${bad.base}?check`);
    await check.done();
    const { wrong } = await check.found();
    expect(wrong).toEqual(WRONG[kind]);
    await expect(check.server).toHaveValue(server);
    // One line mends a thing, wherever in the site it is wrong. What only the one who hosts it knows is put in.
    const known = (line) =>
      line
        .replaceAll('https://platform.example', `https://${PLATFORM}:${upstream.port}`)
        .replaceAll('platform.example', PLATFORM)
        .replaceAll('/etc/ssl/certs/ca-certificates.crt', certificates.platformCa);
    const lines = Object.fromEntries(await Promise.all(wrong.map(async (it) => [it, [...new Set(await check.lines(it))].map(known).join('\n')])));

    const good = await hostedFor(kind, { edit: (text, base) => spoiled(text, SPOILED[kind](base), (it) => lines[it] ?? null), believed: certificates.platformCa });
    await page.goto(`${good.origin}${good.base}?check`);
    await check.done();
    // The platform is reached now, and has no headers yet.
    expect((await check.found()).wrong).toEqual([t('check.platform_headers', { name: CONNECTION })]);
  });
}
