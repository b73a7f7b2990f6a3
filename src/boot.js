// Starts the WebAssembly app, and watches over it. External on purpose: the page's security policy allows no inline script.
//
// 1. It looks whether the browser has what the app needs, and names what is missing.
// 2. It downloads the program, shows how far it is, and starts it only if every byte is as it was built.
// 3. From then on it watches: a program that breaks off can no longer say so itself.
//
// Every text that a reader may see stands in index.html. docs/decisions/0013-bootstrap-and-trusted-types.md has the reasons.

const find = (selector) => document.querySelector(selector);
const sheet = find('link[rel="stylesheet"]');
const glue = find('link[rel="modulepreload"]');
const wasm = find('link[rel="preload"][type="application/wasm"]');
/** The release, as the build names it; of a build that is none, the hash in the name of its program. */
const release = find('meta[name="latchkey-release"]')?.content ?? /-([0-9a-f]+)_bg\.wasm$/.exec(wasm?.href)?.[1] ?? 'unknown';

// ---------------------------------------------------------------------------------------------- What stops a start

/** Why there is no console. `reason` names a screen in index.html. */
class Failure extends Error {
  constructor(reason, detail = '', file = '') {
    super(detail);
    this.reason = reason;
    this.file = file;
  }
}

/** Milliseconds without a byte until a download counts as stopped. */
const STALLED = 30_000;
/** Milliseconds until a bar is worth showing: one that comes and goes at once is noise. */
const PATIENCE = 500;

/** What the app cannot do without, and whether it is there. Everything else degrades, and the app says so itself. */
const NEEDED = [
  // Four bytes a feature would prove less than what the compiler says of the program itself: see `compiled`.
  ['WebAssembly', () => typeof WebAssembly === 'object' && typeof WebAssembly.compile === 'function'],
  ['BigInt', () => typeof BigInt64Array === 'function'],
  ['fetch and AbortController', () => 'body' in Response.prototype && typeof AbortController === 'function'],
  ['dialog elements', () => 'showModal' in HTMLDialogElement.prototype],
  ['popovers', () => 'popover' in HTMLElement.prototype],
  ['dates, numbers and plurals by language (Intl)', () => new Intl.PluralRules('en') && new Intl.RelativeTimeFormat('en') && new Intl.ListFormat('en')],
  ['style sheets in layers', () => typeof CSSLayerBlockRule === 'function'],
  ['nested style rules', () => CSS.supports('selector(&)')],
  ['style rules with :has()', () => CSS.supports('selector(:has(a))')],
];

function missing() {
  return NEEDED.filter(([, has]) => {
    try {
      return !has();
    } catch {
      return true;
    }
  }).map(([name]) => name);
}

// ---------------------------------------------------------------------------------------------- The download

/** Calls `alarm` when nothing was heard for a while. `heard` sets it back; `done` ends it. */
function watchdog(alarm) {
  let timer = setTimeout(alarm, STALLED);
  const done = () => clearTimeout(timer);
  const heard = () => {
    done();
    timer = setTimeout(alarm, STALLED);
  };
  return { heard, done };
}

/** Tells a file that was changed from one that did not arrive: the browser reports both alike. */
async function told(link, integrity) {
  const file = new URL(link.href).pathname.split('/').pop();
  const response = await fetch(link.href, { credentials: 'same-origin' }).catch(() => undefined);
  if (!response?.ok) return new Failure('download', [file, response?.status].filter(Boolean).join(': '), link.href);
  const fits = await fetch(link.href, { integrity, credentials: 'same-origin' }).then(() => true, () => false);
  return fits ? new Failure('download', file, link.href) : new Failure('changed', file, link.href);
}

/** Runs the script that a link names, only if the browser found its bytes to fit the hash beside it. */
async function script(link) {
  const { href, integrity } = link;
  if (link.relList.supports?.('modulepreload')) {
    // Whatever fits is kept under this address, and the import below takes that one.
    await new Promise((resolve, reject) => {
      const again = document.createElement('link');
      Object.assign(again, { rel: 'modulepreload', integrity, crossOrigin: link.crossOrigin, onload: resolve, onerror: reject });
      again.href = href;
      document.head.append(again);
    }).catch(async () => Promise.reject(await told(link, integrity)));
  } else {
    await fetch(href, { integrity, credentials: 'same-origin' }).catch(async () => Promise.reject(await told(link, integrity)));
  }
  return import(href).catch((error) => Promise.reject(new Failure('start', plain(error))));
}

/** The bytes of a body, counted as they come. */
async function read(response, onBytes) {
  const parts = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    onBytes(length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function fits(bytes, integrity) {
  const [algorithm, expected] = integrity.split(/-(.*)/s);
  const digest = await crypto.subtle.digest(algorithm.replace('sha', 'SHA-'), bytes);
  return btoa(String.fromCharCode(...new Uint8Array(digest))) === expected;
}

/**
 * The program, compiled while it streams; it is given out only if its bytes fit the hash in the page.
 *
 * A fetch with `integrity` would hold the whole answer back until its last byte: no progress, and nothing to compile
 * meanwhile. So the bytes are hashed here. Where the browser hashes for nobody (a page that is not secure) the fetch does.
 */
async function program(signal, onBytes) {
  const { href, dataset: { integrity } } = wasm;
  const name = new URL(href).pathname.split('/').pop();
  const own = globalThis.crypto?.subtle !== undefined;
  const options = { credentials: 'same-origin', signal, ...(own ? {} : { integrity }) };
  const response = await fetch(href, options).catch(async (error) => {
    if (signal.aborted) throw error;
    throw await (own ? new Failure('download', name, href) : told(wasm, integrity));
  });
  if (!response.ok) throw new Failure('download', `${name}: ${response.status}`, href);

  // Of another type than application/wasm it is not compiled as it comes, but it is the same program.
  const streamed = WebAssembly.compileStreaming?.(response.clone()).catch((error) => error);
  const bytes = await read(response, onBytes).catch((error) => {
    throw signal.aborted ? error : new Failure('download', name, href);
  });
  if (own && !(await fits(bytes, integrity))) throw new Failure('changed', name, href);
  const module = await streamed;
  return module instanceof WebAssembly.Module ? module : compiled(bytes);
}

async function compiled(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    await Promise.race([refusal, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    if (violated) throw new Failure('blocked', violated);
    // The bytes are right, so what the browser objects to is a feature that it lacks.
    throw new Failure('unsupported', 'WebAssembly of today');
  }
}

// ---------------------------------------------------------------------------------------------- The screens

/** What the page's policy refused, if anything. */
let violated = '';
/** Settles with the first refusal. The browser tells of it in its own time, often after what was refused has failed. */
const refusal = new Promise((resolve) => {
  addEventListener('securitypolicyviolation', ({ effectiveDirective, disposition }) => {
    if (disposition !== 'enforce') return;
    violated = effectiveDirective;
    resolve();
  });
});

/** Shows how far the download is, once it takes a while. */
function progress() {
  const bar = find('#boot-progress');
  const percent = find('#boot-percent');
  const size = Number(wasm.dataset.size);
  const show = setTimeout(() => {
    bar.hidden = false;
    percent.hidden = false;
  }, PATIENCE);
  const onBytes = (read) => {
    if (!(size > 0)) return;
    bar.value = Math.min(read / size, 1);
    percent.textContent = `${Math.floor(bar.value * 100)} %`;
  };
  return { onBytes, done: () => clearTimeout(show) };
}

/** An error in words that hold no data: the message of what broke may hold anything. */
function plain(error) {
  return /^[A-Z]\w{0,30}$/.test(error?.name) ? error.name : 'Error';
}

/** The screen of index.html for a reason. Everything else leaves the page, secrets that were shown among it. */
function show(reason, fill = () => {}) {
  const screen = find('#boot-screen');
  const part = screen.querySelector(`[data-reason="${reason}"]`);
  for (const other of screen.querySelectorAll('[data-reason]')) if (other !== part) other.remove();
  part.hidden = false;
  fill((name) => part.querySelector(`[data-part="${name}"]`));
  document.title = `${part.querySelector('h1').textContent} – Latchkey`;
  screen.hidden = false;
  document.body.replaceChildren(screen);
  part.querySelector('h1').focus();
}

function fail(failure) {
  const { reason, message, file } = failure instanceof Failure ? failure : new Failure('start', plain(failure));
  show(reason, (part) => {
    if (part('detail')) part('detail').textContent = message;
    part('again')?.addEventListener('click', async () => {
      // What the browser keeps may be the very bytes that were wrong.
      if (file) await fetch(file, { cache: 'reload', credentials: 'same-origin' }).catch(() => {});
      location.reload();
    });
  });
}

// ---------------------------------------------------------------------------------------------- The start

async function start() {
  const absent = missing();
  if (absent.length > 0) throw new Failure('unsupported', absent.join(', '));
  // A sheet that did not arrive looks like an empty one; ours begins with its colours.
  const styled = getComputedStyle(document.documentElement).getPropertyValue('--surface') !== '';
  if (sheet && !styled) throw await told(sheet, sheet.integrity);

  const abort = new AbortController();
  const bar = progress();
  let dog;
  const stalled = new Promise((_, reject) => {
    dog = watchdog(() => {
      reject(new Failure('stalled', '', wasm.href));
      abort.abort();
    });
  });
  const onBytes = (length) => {
    dog.heard();
    bar.onBytes(length);
  };
  const parts = Promise.all([script(glue), program(abort.signal, onBytes)]);
  const [{ default: init }, module] = await Promise.race([parts, stalled]).finally(() => {
    dog.done();
    bar.done();
  });

  watch();
  try {
    await init({ module_or_path: module });
  } catch (error) {
    if (!look(error)) throw error;
  }
  find('#boot')?.remove();
}

// ---------------------------------------------------------------------------------------------- The watch

/** What was done last, by name alone: `[time, name]`. */
const done = [];
/** What the program said before it broke off: where, and a text that is written in its source. */
let panic;
/** How to reach the portal around this frame, if there is one. */
let port;
let broken = false;

/** Three in a minute, and a restart alone will not help. */
const LOOP = { crashes: 3, within: 60_000 };
const CRASHES = 'latchkey.crashes';
const DRAFTS = 'latchkey.drafts';

function watch() {
  stand();
  // More than the usual ten, so that frames of the program are among them.
  Error.stackTraceLimit = 40;
  addEventListener('latchkey:did', ({ detail }) => {
    if (/^[a-z][a-z -]{0,39}$/.test(detail)) done.push([new Date().toISOString(), detail]);
    if (done.length > 12) done.shift();
  });
  addEventListener('latchkey:panic', ({ detail }) => {
    panic ??= detail;
    keep();
  });
  addEventListener('latchkey:port', ({ detail }) => {
    port = detail;
    // It broke off before the portal welcomed it.
    if (broken) sayFarewell();
  });
  addEventListener('error', ({ error }) => look(error));
  // What the browser refuses in its own time (a copy, a call) breaks nothing.
  addEventListener('unhandledrejection', ({ reason }) => reason instanceof DOMException || look(reason));
}

/** Shows the recovery screen if this error ended the program. Whether it did. */
function look(error) {
  if (!isBreak(error)) return false;
  if (!broken) {
    broken = true;
    keep();
    recover(error);
  }
  return true;
}

/** No script of ours calls itself, so it was the program's stack. */
const OVERFLOW = /^(Maximum call stack size exceeded\.?|too much recursion)$/;

/** Whether an error ended the program: a trap did, and so did what was thrown right through its frames. */
function isBreak(error) {
  if (panic || error instanceof WebAssembly.RuntimeError || OVERFLOW.test(error?.message)) return true;
  const stack = String(error?.stack ?? '');
  // An event that came for a part of the screen that has just gone: refused at the door, nothing is broken.
  return /wasm-function|\.wasm\b/.test(stack) && !/closure invoked/.test(String(error?.message));
}

/** Events that reach the program through the window and the document; all others went with the page's elements. */
const EVENTS = 'beforeunload pagehide popstate hashchange storage message online offline focus blur scroll resize ' +
  'selectionchange visibilitychange keydown keyup click';

/** What stood in the open form when it broke off: what was begun before may still clear it away. */
let drafts;

function keep() {
  try {
    drafts ??= sessionStorage.getItem(DRAFTS);
  } catch {
    // Nothing is kept here.
  }
}

/** Loads the page again, with what stood in the open form. */
function restart() {
  try {
    if (drafts) sessionStorage.setItem(DRAFTS, drafts);
  } catch {
    // Then it comes back without.
  }
  location.reload();
}

/** Stands between these events and a program that is broken. Before the program's own listeners, which it must precede. */
function stand() {
  const stop = (ev) => {
    const inScreen = ev.target instanceof Node && find('#boot-screen')?.contains(ev.target);
    if (broken && !inScreen) ev.stopImmediatePropagation();
  };
  for (const name of EVENTS.split(' ')) addEventListener(name, stop, true);
}

/** Keeps the broken program from doing anything more: no call leaves, no timer wakes it. */
function silence() {
  const never = new Promise(() => {});
  globalThis.fetch = () => never;
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'queueMicrotask']) globalThis[name] = () => 0;
}

/** Whether the browser keeps anything for this page; a portal's sandbox may refuse it. */
function mayKeep() {
  try {
    return sessionStorage.length >= 0;
  } catch {
    return false;
  }
}

/** Counts this crash, where the browser lets the page keep anything. Whether there were too many. */
function isLoop() {
  try {
    const now = Date.now();
    const kept = JSON.parse(sessionStorage.getItem(CRASHES) ?? '[]');
    const recent = kept.filter((it) => it > now - LOOP.within && it <= now).slice(-LOOP.crashes);
    sessionStorage.setItem(CRASHES, JSON.stringify([...recent, now]));
    return recent.length + 1 >= LOOP.crashes;
  } catch {
    return false;
  }
}

/**
 * Tells the portal, and hears no more of it: whatever it said would wake the broken program, which could ask for a token.
 * What was posted before a port is closed still arrives. After a restart the program makes a port of its own.
 */
function sayFarewell() {
  try {
    port?.postMessage({ v: 1, type: 'problem', code: 'crashed' });
    port?.close();
  } catch {
    // The portal is gone: there is nobody to tell.
  }
}

function recover(error) {
  silence();
  sayFarewell();
  const loop = isLoop();
  show('crashed', (part) => {
    const text = part('report');
    text.value = report(error);
    part('loop').hidden = !loop;
    part('once').hidden = loop;
    part('restart').hidden = loop;
    part('fresh').hidden = !loop;
    part('kept').hidden = !mayKeep();
    part('lost').hidden = mayKeep();
    part('restart').addEventListener('click', restart);
    part('fresh').addEventListener('click', () => startFresh());
    part('copy').addEventListener('click', async () => {
      const copied = await navigator.clipboard.writeText(text.value).then(() => true, () => false);
      part('copied').hidden = !copied;
      part('select').hidden = copied;
      if (copied) return;
      part('report-box').open = true;
      text.focus();
      text.select();
    });
  });
}

/** Starts at the list of the same connection, without what was being written and without a query. */
function startFresh() {
  try {
    sessionStorage.removeItem(DRAFTS);
    sessionStorage.removeItem(CRASHES);
  } catch {
    // Then nothing was kept either.
  }
  const url = new URL(location.href);
  for (const name of ['q', 'sort', 'dir', 'page', 'size', 'within']) url.searchParams.delete(name);
  location.replace(url);
  // The same address with a fragment would not load anything.
  if (url.href === location.href) location.reload();
}

/** What V8, SpiderMonkey and JavaScriptCore say of a trap; every other message may hold data, and stays out. */
const TRAPS = /^(unreachable( executed)?|unreachable code should not be executed.*|(memory access |index )?out of bounds|out of bounds (memory|table) access.*|indirect call (to null|signature mismatch)|null function or function signature mismatch|table index is out of bounds|integer (overflow|divide by zero)|divide by zero|Maximum call stack size exceeded\.?|too much recursion)$/i;

/** What can be sent to whoever looks into it. It holds no text of a key, of the reader or of an answer. */
function report(error) {
  const names = [...new URL(location.href).searchParams.keys()].filter((it) => /^[\w.-]{1,32}$/.test(it));
  const said = TRAPS.test(error?.message) ? ` (${error.message})` : '';
  const frames = [...String(error?.stack ?? '').matchAll(/wasm-function\[(\d+)\](?::(0x[0-9a-f]+))?/g)].slice(0, 12);
  const lines = [
    'Latchkey crash report',
    `release: ${release}`,
    `time: ${new Date().toISOString()}`,
    `browser: ${navigator.userAgent}`,
    `frame: ${self === top ? 'none' : 'inside a portal'}`,
    `address has: ${names.join(', ') || 'nothing'}`,
    `error: ${plain(error)}${said}`,
  ];
  if (panic?.at) lines.push(`where: ${panic.at}`);
  if (panic?.message) lines.push(`what: ${panic.message}`);
  if (frames.length > 0) lines.push(`functions: ${frames.map(([, nth, at]) => (at ? `${nth}@${at}` : nth)).join(' ')}`);
  lines.push('last actions:', ...(done.length > 0 ? done.map(([time, name]) => `  ${time} ${name}`) : ['  none']));
  return lines.join('\n');
}

start().catch(fail);
