// The score of the MDN HTTP Observatory by its published rules, algorithm version 6 (github.com/mdn/mdn-http-observatory,
// `src/analyzer/tests` and `src/grader/charts.js` of 1.6.3). Its own program needs a database client, a newer Node and two
// lists from the network, and its last package on npm knows fewer tests; the rules are short.

/** From this score on, without any extra credit, extra credit counts. */
const EXTRA_CREDIT_FROM = 90;
/** A year is usual; half a year is asked for. */
const HSTS_SECONDS = 15_552_000;

/**
 * What a scan has seen.
 * @typedef {object} Seen
 * @property {URL} url  of the page, after all redirects
 * @property {import('./ask.mjs').Answer} page  its answer
 * @property {{scripts: {src: string | null, integrity: string | null}[], metas: {name: string, content: string}[]}} html
 * @property {URL[] | null} route  the addresses from plain HTTP on; null if nothing answers there
 * @property {import('./ask.mjs').Answer} preflight  the answer to `OPTIONS` from a foreign origin
 * @property {string} origin  that foreign origin
 * @property {string[]} cookies  every `Set-Cookie` of all answers
 */

/**
 * The score with a line for each test: what was found, and the points it gives or costs.
 * @param {Seen} seen
 * @returns {{score: number, grade: string, tests: {name: string, found: string, points: number}[]}}
 */
export function score(seen) {
  const tests = Object.entries(TESTS).map(([name, test]) => {
    const [points, found] = test(seen);
    return { name, found, points };
  });
  const sum = (points) => points.reduce((all, it) => all + it, 100);
  const plain = sum(tests.map((it) => Math.min(it.points, 0)));
  const total = Math.max(plain >= EXTRA_CREDIT_FROM ? sum(tests.map((it) => it.points)) : plain, 0);
  return { score: total, grade: grade(total), tests };
}

/** From so many points on; a few of them reach over ten points. */
const GRADES = Object.entries({ 'A+': 100, A: 90, 'A-': 85, 'B+': 80, B: 70, 'B-': 65, 'C+': 60, C: 50, 'C-': 45, 'D+': 40, D: 30, 'D-': 25, F: 0 });

function grade(total) {
  return GRADES.find(([, from]) => total >= from)[0];
}

/** Each gives `[points, what was found]`. */
const TESTS = {
  'content-security-policy': ({ url, page, html }) => policyPoints(policy(page, html), url),
  cookies: ({ cookies }) => cookiePoints(cookies),
  'cross-origin-embedder-policy': ({ page }) =>
    token(page, 'cross-origin-embedder-policy', { 'require-corp': 10, credentialless: 10, 'unsafe-none': 0 }),
  'cross-origin-opener-policy': ({ page }) =>
    token(page, 'cross-origin-opener-policy', {
      'same-origin': 10,
      'same-origin-allow-popups': 10,
      'noopener-allow-popups': 10,
      'unsafe-none': 0,
    }),
  'cross-origin-resource-policy': ({ page }) =>
    token(page, 'cross-origin-resource-policy', { 'same-site': 10, 'same-origin': 10, 'cross-origin': 0 }),
  'cross-origin-resource-sharing': ({ preflight, origin }) => {
    const allowed = preflight.header('access-control-allow-origin');
    const withCredentials = preflight.header('access-control-allow-credentials')?.trim().toLowerCase() === 'true';
    return allowed === origin && withCredentials ? [-50, 'for everybody, with credentials'] : [0, allowed ?? 'none'];
  },
  redirection: ({ route }) => redirectPoints(route),
  'referrer-policy': ({ page, html }) => {
    const all = [...(page.headers.get('referrer-policy') ?? []), ...metas(html, 'referrer-policy')];
    if (all.length === 0) return [0, 'none'];
    const words = all.join(',').split(',').map((it) => it.trim().toLowerCase());
    const inForce = words.filter((it) => [...PRIVATE, ...TELLING].includes(it)).at(-1);
    return PRIVATE.includes(inForce) ? [5, inForce] : [-5, inForce ?? 'invalid'];
  },
  'strict-transport-security': ({ url, page }) => {
    if (url.protocol !== 'https:') return [-20, 'no HTTPS'];
    const value = page.header('strict-transport-security');
    if (value === undefined) return [-20, 'none'];
    const age = /(?:^|;)\s*max-age=(\d+)/i.exec(value)?.[1];
    if (value.includes(',') || age === undefined) return [-20, 'invalid'];
    return [Number(age) < HSTS_SECONDS ? -10 : 0, `${value}, not preloaded`];
  },
  'subresource-integrity': ({ url, html }) => integrityPoints(html.scripts, url),
  'x-content-type-options': ({ page }) => {
    const value = page.header('x-content-type-options');
    return [value?.trim().toLowerCase() === 'nosniff' ? 0 : -5, value ?? 'none'];
  },
  'x-frame-options': ({ page, html }) => {
    if (policy(page, html)?.has('frame-ancestors')) return [5, 'by the policy'];
    const value = page.header('x-frame-options')?.trim().toLowerCase();
    if (['deny', 'sameorigin'].includes(value)) return [5, value];
    return value?.startsWith('allow-from') ? [0, value] : [-20, value ?? 'none'];
  },
};

const PRIVATE = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'];
const TELLING = ['origin', 'origin-when-cross-origin', 'unsafe-url', 'no-referrer-when-downgrade'];

const BROAD = ['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*'];
const INLINE = ["'unsafe-inline'", 'data:'];

function metas(html, name) {
  return html.metas.filter((it) => it.name.toLowerCase() === name).map((it) => it.content);
}

/** One value of a header that is either one of a few words or wrong; left out it costs nothing. */
function token(page, name, worth) {
  const values = page.headers.get(name) ?? [];
  if (values.length === 0) return [0, 'none'];
  const word = values.length === 1 ? values[0].split(';')[0].trim() : undefined;
  return word in worth ? [worth[word], word] : [-5, 'invalid'];
}

/** What all policies amount to, as sources by directive: null for none, undefined for one that cannot be read. */
function policy(page, html) {
  const sent = (page.headers.get('content-security-policy') ?? []).flatMap((it) => it.split(','));
  const written = metas(html, 'content-security-policy').flatMap((it) => it.split(','));
  const inPage = (it) => directives(it, ['frame-ancestors', 'report-uri', 'sandbox']);
  const read = [...sent.map((it) => directives(it)), ...written.map(inPage)];
  if (read.length === 0) return null;
  if (read.includes(undefined)) return undefined;
  const res = read[0];
  for (const other of read.slice(1)) {
    for (const [name, sources] of other) {
      const both = res.has(name) ? sources.filter((it) => res.get(name).includes(it)) : [];
      res.set(name, both.length > 0 ? both : ["'none'"]);
    }
  }
  return res;
}

function directives(text, without = []) {
  const res = new Map();
  for (const part of text.split(';')) {
    const [name, ...sources] = part.trim().toLowerCase().split(/\s+/);
    if (name === '' || without.includes(name)) continue;
    // A browser takes the first; the Observatory refuses, so that somebody notices.
    if (res.has(name) && !name.startsWith('report-')) return undefined;
    res.set(name, sources.length > 0 ? sources : ["'none'"]);
  }
  return res;
}

function policyPoints(csp, url) {
  if (!csp) return [-25, csp === null ? 'none' : 'invalid'];
  const of = (name) => csp.get(name) ?? csp.get('default-src') ?? ['*'];
  const isHashed = (sources) => sources.some((it) => /^'(sha256|sha384|sha512|nonce)-/.test(it));
  const inForce = (sources) => (isHashed(sources) ? sources.filter((it) => it !== "'unsafe-inline'") : sources);
  let script = inForce(of('script-src'));
  const style = inForce(of('style-src'));
  if (script.includes("'strict-dynamic'")) {
    if (!isHashed(script)) return [-25, "'strict-dynamic' without a hash"];
    script = script.filter((it) => it !== "'self'" && !BROAD.some((broad) => it.startsWith(broad)));
  }
  const some = (sources, bad) => sources.some((it) => bad.includes(it));
  const isPlain = (it) => url.protocol === 'https:' && /^(http|ftp):/.test(it);
  const active = [...csp].filter(([name]) => !['img-src', 'media-src', 'script-src'].includes(name)).flatMap(([, it]) => it);

  if (some(script, [...BROAD, ...INLINE]) || some(of('object-src'), BROAD)) return [-20, 'inline or any script'];
  if ([...active, ...script].some(isPlain)) return [-20, 'code over plain HTTP'];
  if (some([...script, ...style], ["'unsafe-eval'"])) return [-10, "'unsafe-eval'"];
  if ([...of('img-src'), ...of('media-src')].some(isPlain)) return [-10, 'images over plain HTTP'];
  if (some(style, [...BROAD, ...INLINE])) return [0, 'inline or any style'];
  const none = csp.get('default-src')?.join() === "'none'";
  return none ? [10, "nothing unsafe, default-src 'none'"] : [5, 'nothing unsafe'];
}

function redirectPoints(route) {
  if (route === null) return [0, 'nothing answers over plain HTTP'];
  const way = route.map((it) => it.origin).join(' → ');
  const [first, second] = route;
  if (second === undefined || route.at(-1).protocol !== 'https:') return [-20, way];
  if (second.protocol === 'http:') return [-10, way];
  return [first.hostname === second.hostname ? 0 : -5, way];
}

/** This console sets none; one that appears is counted as the worst that is not a session's. */
function cookiePoints(cookies) {
  if (cookies.length === 0) return [0, 'none'];
  const isSafe = (it) => [/;\s*secure/i, /;\s*samesite=(lax|strict)/i, /;\s*httponly/i].every((mark) => mark.test(it));
  return cookies.every(isSafe) ? [5, 'all secure'] : [-40, cookies.map((it) => it.split('=')[0]).join()];
}

/** Scripts of the page's own site alone; a foreign one is worth the worst there is, for it would be a fault anyhow. */
function integrityPoints(scripts, url) {
  const loaded = scripts.filter((it) => it.src !== null);
  if (loaded.some((it) => new URL(it.src, url).origin !== url.origin)) return [-50, 'a foreign script'];
  if (scripts.length === 0) return [0, 'no script'];
  const some = url.protocol === 'https:' && loaded.some((it) => it.integrity);
  return some ? [5, 'on scripts'] : [0, 'none, own scripts alone'];
}
