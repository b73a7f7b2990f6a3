// The part of the sweep that runs in the page, before anything of the page: it notes what is written to places that
// may be gone when the journey ends. Only runs of characters that could be part of a secret leave the page.

/** What a line of the browser's log begins with that is for the journey: one is delivered even by a page that leaves. */
export const TELL = '__canary:';
/** The name under which the journey asks the page for what was not told yet. */
export const ASK = '__canaryAsk';

/**
 * Runs in the page; knows nothing of this file.
 * @param {{tell: string, ask: string}} names
 */
export function tap({ tell, ask }) {
  // Long enough to matter, and with a digit, as every planted secret has one.
  const RUN = /[\w\-.+/=%\\:]{8,}/g;
  const MOST_KNOWN = 20_000;
  const FLUSH_MS = 50;
  const LARGEST = 256 * 1024;

  // A journey may take the clock into its hands later.
  const later = setTimeout.bind(globalThis);
  // The journey or the page may change the log.
  const say = console.debug.bind(console);
  const known = new Set();
  let waiting = [];
  let size = 0;
  let isDue = false;

  const flush = () => {
    isDue = false;
    if (waiting.length === 0) return;
    const told = waiting;
    waiting = [];
    size = 0;
    say(tell + JSON.stringify({ page: location.href, told }));
  };

  /** A page that leaves may not be heard any more, so all is told at once but the texts of the page, which are many. */
  const tellSoon = (mayWait) => {
    if (waiting.length === 0) return;
    if (!mayWait || size > LARGEST) queueMicrotask(flush);
    else if (!isDue) {
      isDue = true;
      later(flush, FLUSH_MS);
    }
  };

  const note = (channel, where, text) => {
    const runs = String(text).match(RUN);
    if (runs === null) return;
    for (const run of runs) {
      if (!/\d/.test(run)) continue;
      const line = `${channel}\n${where}\n${run}`;
      if (known.has(line)) continue;
      if (known.size > MOST_KNOWN) known.clear();
      known.add(line);
      waiting.push([channel, where, run]);
      size += line.length;
    }
    tellSoon(channel === 'page');
  };

  const strings = (value, depth = 0) => {
    if (typeof value === 'string') return value;
    if (value === null || typeof value !== 'object' || depth > 6) return typeof value === 'number' ? String(value) : '';
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      return new TextDecoder('latin1').decode(value).slice(0, LARGEST);
    }
    const parts = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.entries(value).flat();
    return parts.map((it) => strings(it, depth + 1)).join('\n');
  };

  /** Does something more whenever a method is called. */
  const hook = (owner, name, act) => {
    const real = owner?.[name];
    if (typeof real !== 'function') return;
    owner[name] = function (...args) {
      try {
        act.call(this, ...args);
      } catch {
        // The page shall not notice.
      }
      return real.apply(this, args);
    };
  };

  const isLocal = (storage) => {
    try {
      return storage === localStorage;
    } catch {
      return false;
    }
  };
  hook(Storage.prototype, 'setItem', function (name, value) {
    note(isLocal(this) ? 'local storage' : 'session storage', name, `${name}\n${value}`);
  });
  for (const name of ['pushState', 'replaceState']) {
    hook(History.prototype, name, (state, _, url) => {
      note('history', 'state', strings(state));
      note('history', 'address', url);
    });
  }
  for (const name of ['put', 'add']) {
    hook(IDBObjectStore.prototype, name, function (value, key) {
      note('database', this.name, `${strings(key)}\n${strings(value)}`);
    });
  }
  hook(globalThis.Cache?.prototype, 'put', (request) => note('cache', 'request', request?.url ?? request));
  for (const owner of [MessagePort.prototype, BroadcastChannel.prototype]) {
    hook(owner, 'postMessage', (message) => {
      if (message !== undefined) note('message', 'sent', strings(message));
    });
  }
  addEventListener('message', (ev) => note('message', `from ${ev.origin}`, strings(ev.data)), true);

  // A value that the reader asked to see stands in such an element, and nowhere else.
  const isRevealed = (element) => element?.closest?.('[data-revealed="true"]') != null;
  const nameOf = (element) => `${element?.localName ?? 'text'}.${element?.getAttribute?.('class') ?? ''}`;

  const attributes = (element) => {
    for (const it of element.attributes) note('page', `${nameOf(element)}@${it.name}`, it.value);
  };
  // Text that changes is read a moment later, when its element says whether it is revealed.
  const texts = new Set();
  let isReading = false;
  const readTexts = () => {
    isReading = false;
    if (document.querySelectorAll('[data-revealed="true"]').length > 1) note('page', 'revealed-twice', 'more-than-1');
    for (const node of texts) {
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      if (!isRevealed(element)) note('page', nameOf(element), visible(node));
    }
    texts.clear();
  };
  const visible = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.textContent;
    if (isRevealed(node)) return '';
    const isPlain = node.querySelector('[data-revealed="true"]') === null;
    return isPlain ? node.textContent : [...node.childNodes].map(visible).join(' ');
  };
  const readSoon = (node) => {
    texts.add(node);
    if (isReading) return;
    isReading = true;
    later(readTexts, 0);
  };
  const seen = (node) => {
    readSoon(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    attributes(node);
    for (const it of node.getElementsByTagName('*')) attributes(it);
  };
  new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes } of records) {
      if (type === 'characterData') readSoon(target);
      else if (type === 'attributes') note('page', `${nameOf(target)}@${attributeName}`, target.getAttribute(attributeName));
      else for (const node of addedNodes) seen(node);
    }
  }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });

  // What is typed into a field for secrets is one more of them.
  addEventListener('input', ({ target }) => {
    const isSecret = target?.type === 'password' || String(target?.autocomplete).includes('password');
    if (!isSecret) return;
    waiting.push(['typed', 'field', target.value]);
    tellSoon(false);
  }, true);

  const state = () => {
    note('referrer', 'document', document.referrer);
    note('page', 'window.name', globalThis.name);
    note('page', 'title', document.title);
    note('history', 'state', strings(history.state));
    note('history', 'address', (globalThis.navigation?.entries?.() ?? []).map((it) => it.url).join('\n'));
    try {
      note('cookie', 'document', document.cookie);
      for (const [channel, storage] of [['session storage', sessionStorage], ['local storage', localStorage]]) {
        for (const [name, value] of Object.entries(storage)) note(channel, name, `${name}\n${value}`);
      }
    } catch {
      // A frame without storage has none to look at.
    }
  };
  addEventListener('pagehide', () => {
    state();
    flush();
  }, true);

  const databases = async () => {
    for (const { name } of (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? []) {
      const request = indexedDB.open(name);
      const database = await new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve(null);
        request.onblocked = () => resolve(null);
      });
      if (database === null) continue;
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table);
        for (const call of [store.getAllKeys(), store.getAll()]) {
          const found = await new Promise((resolve) => {
            call.onsuccess = () => resolve(call.result);
            call.onerror = () => resolve([]);
          });
          note('database', `${name}/${table}`, strings(found));
        }
      }
      database.close();
    }
  };
  const caches = async () => {
    const all = globalThis.caches;
    for (const name of (await all?.keys?.().catch(() => [])) ?? []) {
      const cache = await all.open(name);
      for (const request of await cache.keys()) {
        const text = await (await cache.match(request))?.text?.();
        note('cache', name, `${name}\n${request.url}\n${text}`);
      }
    }
  };

  /** Everything that was not told yet, and what is there now. */
  globalThis[ask] = async () => {
    state();
    attributes(document.documentElement);
    for (const it of document.getElementsByTagName('*')) attributes(it);
    texts.add(document.documentElement);
    readTexts();
    // A frame without an origin of its own has neither, and Chromium says so by promises that nobody can catch.
    if (globalThis.origin !== 'null') {
      await databases();
      await caches();
    }
    flush();
  };
}
