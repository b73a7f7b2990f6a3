// The sweep that follows every journey, itself under test: a secret that leaks is found in the very place where it leaks,
// and one that is where it may be is not.

import { readdirSync, readFileSync } from 'node:fs';

import { Canary } from '../support/canary/canary.mjs';
import { Control } from '../support/control.mjs';
import { ExportDialog } from '../support/pages/export.mjs';
import { Console } from '../support/pages.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 3 });

/** Words of a finding without what was found, in an order of their own. */
const places = (findings) => [...new Set(findings.map((it) => it.split(',')[0]))].sort();

/** Runs something in a browser context of its own and tells what the sweep finds there. */
async function swept(browser, options, gateway, act, before = async () => {}) {
  const canary = new Canary(gateway);
  const context = await browser.newContext({ ...options, baseURL: gateway.url });
  await canary.watch(context);
  await before(context);
  const page = await context.newPage();
  await act(page, canary);
  await canary.collect(context);
  await context.close();
  const res = await canary.findings();
  // What was leaked into the gateway's log shall not be found once more.
  await gateway.reset(3);
  return res;
}

/** An empty page of the console's origin. */
const EMPTY = '<!doctype html><title>Empty</title><body><p>Nothing here</p>';

async function openEmpty(page) {
  await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: EMPTY }));
  await page.goto('/empty');
}

/** By what leaks: where it is found, and the script of the page that leaks `secret`. */
const LEAKS = {
  'the address': [['address', 'history'], (it) => history.replaceState(null, '', `?q=${it}`)],
  'the hash': [['address', 'history'], (it) => (location.hash = it)],
  'an entry of the history that is left again': [
    ['address', 'history'],
    async (it) => {
      history.pushState(null, '', `?q=${it}`);
      history.replaceState(null, '', '?q=');
    },
  ],
  'the state of an entry': [['history'], (it) => history.pushState({ draft: { value: it } }, '')],
  'the address of a request': [['access log', 'request'], (it) => fetch(`/config.json?key=${it}`).then(() => {})],
  'the path of a request': [['access log', 'request'], (it) => fetch(`/some/${it}`).then(() => {})],
  'a header of a request': [['access log', 'request'], (it) => fetch('/config.json', { headers: { 'X-Note': it } }).then(() => {})],
  'a beacon': [['access log', 'request'], (it) => void navigator.sendBeacon(`/beacon?${it}`)],
  'a picture': [
    ['access log', 'page', 'request'],
    (it) =>
      new Promise((done) => {
        const picture = document.createElement('img');
        picture.onerror = done;
        picture.src = `/logo.png?${it}`;
        document.body.append(picture);
      }),
  ],
  'a line of the log': [['console'], (it) => console.log(`loaded ${it}`)],
  'a quiet line of the log': [['console'], (it) => console.debug('loaded', { key: it })],
  'an error': [['console'], (it) => void setTimeout(() => { throw new Error(`cannot use ${it}`); })],
  'session storage': [['session storage'], (it) => sessionStorage.setItem('latchkey.draft', it)],
  'the name of an entry': [['session storage'], (it) => sessionStorage.setItem(`draft.${it}`, '1')],
  'local storage': [['local storage'], (it) => localStorage.setItem('latchkey.queries', JSON.stringify([{ text: it }]))],
  'local storage for a moment': [
    ['local storage'],
    (it) => {
      localStorage.setItem('latchkey.queries', it);
      localStorage.removeItem('latchkey.queries');
    },
  ],
  'local storage past its methods': [['local storage'], (it) => (localStorage.backup = it)],
  'a cookie': [['cookie'], (it) => (document.cookie = `draft=${it}`)],
  "the window's name": [['page'], (it) => (window.name = it)],
  'the title': [['page'], (it) => (document.title = `Key ${it}`)],
  'an attribute': [['page'], (it) => document.querySelector('p').setAttribute('aria-label', `Key ${it}`)],
  'a tooltip for a moment': [
    ['page'],
    async (it) => {
      document.querySelector('p').title = it;
      await new Promise(requestAnimationFrame);
      document.querySelector('p').removeAttribute('title');
    },
  ],
  'a hidden text': [
    ['page'],
    (it) => {
      const hidden = document.createElement('span');
      hidden.hidden = true;
      hidden.textContent = it;
      document.body.append(hidden);
    },
  ],
  'a text in two pieces': [
    ['page'],
    (it) => {
      const text = document.createElement('p');
      text.append(it.slice(0, 7), Object.assign(document.createElement('b'), { textContent: it.slice(7) }));
      document.body.append(text);
    },
  ],
  'a text for some frames': [
    ['page'],
    async (it) => {
      const text = document.createElement('p');
      text.textContent = it;
      document.body.append(text);
      for (let n = 0; n < 5; n++) await new Promise(requestAnimationFrame);
      text.remove();
    },
  ],
  'a port': [
    ['message'],
    (it) => {
      const { port1 } = new MessageChannel();
      port1.postMessage({ kind: 'key-created', key: { value: it } });
    },
  ],
  'other tabs': [['message'], (it) => new BroadcastChannel('latchkey').postMessage([it])],
  'the cache': [['cache'], async (it) => (await caches.open('answers')).put('/answer', new Response(it))],
  'the database': [
    ['database'],
    (it) =>
      new Promise((done) => {
        const request = indexedDB.open('latchkey', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('journal');
        request.onsuccess = () => {
          const change = request.result.transaction('journal', 'readwrite');
          change.objectStore('journal').put({ plan: [{ set: new Map([['value', it]]) }] }, 'plan/1');
          change.oncomplete = () => done(request.result.close());
        };
      }),
  ],
  'a download': [
    ['download'],
    (it) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['id,key\n1,', it]));
      link.download = 'keys.csv';
      link.click();
    },
    'download',
  ],
  'the name of a download': [
    ['download', 'page'],
    (it) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['id']));
      link.download = `key-${it}.txt`;
      document.body.append(link);
      link.click();
    },
    'download',
  ],
};

for (const [what, [expected, leak, event]] of Object.entries(LEAKS)) {
  test(`a secret in ${what} is found there`, async ({ browser, contextOptions, gateway }) => {
    const [{ activationKey: secret }] = await gateway.keys();
    const found = await swept(browser, contextOptions, gateway, async (page) => {
      await openEmpty(page);
      await Promise.all([event && page.waitForEvent(event), page.evaluate(leak, secret)]);
    });
    expect(places(found)).toEqual(expected);
    expect(found.join()).not.toContain(secret.slice(0, 12));
    for (const it of found) expect(it).toMatch(/: a key$/);
  });
}

test('a secret for the page around is found, and the token of that page is its own', async ({ browser, contextOptions, gateway }) => {
  const token = await gateway.token();
  const host = 'http://portal.test/';
  const frame = `<!doctype html><iframe src="${gateway.url}/empty"></iframe>`;
  const embed = async (page) => {
    await page.route(host, (route) => route.fulfill({ contentType: 'text/html', body: frame }));
    await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: EMPTY }));
    await page.goto(host);
    await page.evaluate((it) => localStorage.setItem('portal.token', it), token);
    return page.frame({ url: /empty$/ });
  };
  const quiet = await swept(browser, contextOptions, gateway, embed);
  expect(quiet).toEqual([]);

  const told = await swept(browser, contextOptions, gateway, async (page) => {
    const inner = await embed(page);
    await inner.evaluate((it) => parent.postMessage({ kind: 'hello', token: it }, '*'), token);
  });
  expect(places(told)).toEqual(['message']);
});

test('a secret that the gateway prints is found', async ({ browser, contextOptions, gateway }) => {
  const [{ activationKey: secret }] = await gateway.keys();
  let words = '';
  const chatty = new Control({ ...gateway.gateway, words: () => words }, gateway.account);
  const found = await swept(browser, contextOptions, chatty, async (page) => {
    await openEmpty(page);
    words = `latchkey-gateway: cannot store ${secret}\n`;
  });
  expect(found).toEqual(['access log, output: a key']);
});

test('no spelling hides a secret', async ({ browser, contextOptions, gateway }) => {
  const [{ activationKey: key }] = await gateway.keys();
  const { user, password } = gateway.account;
  const token = await gateway.token();
  const spellings = {
    whole: key,
    'without dashes': key.replaceAll('-', ''),
    'in capitals': key.toUpperCase(),
    'its beginning': key.slice(0, 14),
    'its end': key.slice(-14),
    'in an address': key.replaceAll('-', '%2D'),
    'as code points': [...key].map((it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'in base64': Buffer.from(key).toString('base64'),
    'in base64, in the middle': Buffer.from(`{"k":"${key}"}`).toString('base64'),
    'in base64 for addresses': Buffer.from(`??${key}>>`).toString('base64url'),
    'in hexadecimal': Buffer.from(key).toString('hex'),
    backwards: [...key].reverse().join(''),
    password,
    'a credential': Buffer.from(`${user}:${password}`).toString('base64'),
    'the claims of a token': token.split('.')[1].slice(20),
    'the signature of a token': token.split('.')[2],
  };
  const found = await swept(browser, contextOptions, gateway, async (page) => {
    await openEmpty(page);
    for (const [name, text] of Object.entries(spellings)) {
      await page.evaluate(([name, text]) => localStorage.setItem(name, text), [name, text]);
    }
  });
  const entries = found.map((it) => /^local storage, (.*): (a key|a token|the password)/.exec(it)?.[1]);
  for (const name of Object.keys(spellings)) expect(entries, name).toContain(name);
  expect(new Set(entries).size).toBe(Object.keys(spellings).length);
});

test('masks, ids and the token in its own place are no findings; the key beside it is one', async ({ browser, contextOptions, gateway }) => {
  const [{ activationKey: key, id }] = await gateway.keys();
  const token = await gateway.token();
  const run = (stored) =>
    swept(browser, contextOptions, gateway, async (page) => {
      await openEmpty(page);
      await page.evaluate(
        ([stored, masked, id]) => {
          sessionStorage.setItem('latchkey.sessions', stored);
          document.querySelector('p').title = `${masked} ${id} 00000000-0000-4000-8000-000000000000`;
        },
        [stored, `${key.slice(0, 4)}••••••••${key.slice(-4)}`, id],
      );
    });
  expect(await run(JSON.stringify({ token }))).toEqual([]);
  expect(await run(JSON.stringify({ token, last: key }))).toEqual(['session storage, latchkey.sessions: a key']);
});

test('what is typed into a field for secrets is one, and a page that closes at once was heard', async ({ browser, contextOptions, gateway }) => {
  const found = await swept(browser, contextOptions, gateway, async (page) => {
    await openEmpty(page);
    await page.evaluate(() => {
      const field = Object.assign(document.createElement('input'), { type: 'password' });
      field.addEventListener('change', () => localStorage.setItem('last', field.value));
      document.body.append(field);
    });
    await page.locator('input').fill('mistyped-0815-pass');
    await page.locator('input').press('Enter');
    await page.goto('about:blank');
    await page.close();
  });
  expect(found).toEqual(['local storage, last: a typed secret']);
});

test('a value that was asked for may be shown, one at a time', async ({ browser, contextOptions, gateway }) => {
  const [first, second] = await gateway.keys();
  const show = (values) =>
    swept(browser, contextOptions, gateway, async (page) => {
      await openEmpty(page);
      await page.evaluate((values) => {
        for (const value of values) {
          const code = document.createElement('code');
          code.dataset.revealed = 'true';
          code.textContent = value;
          document.body.append(code);
        }
      }, values);
    });
  expect(await show([first.activationKey])).toEqual([]);
  expect(await show([first.activationKey, second.activationKey])).toEqual(['page: two values are revealed at once']);
});

/** The console with one function changed that its program calls, whatever name the build gave it. */
function mutation(context, name, changed) {
  return context.addInitScript(`{
    const changed = ${changed};
    const mutate = (imports) => {
      let count = 0;
      for (const module of Object.values(imports)) {
        for (const [name, real] of Object.entries(module)) {
          if (!/^__wbg_${name}_[0-9a-f]+$/.test(name)) continue;
          count++;
          module[name] = (...args) => changed(real, args);
        }
      }
      if (count === 0) console.error('no such function');
    };
    for (const method of ['instantiate', 'instantiateStreaming']) {
      const real = WebAssembly[method].bind(WebAssembly);
      WebAssembly[method] = (source, imports) => {
        if (imports) mutate(imports);
        return real(source, imports);
      };
    }
  }`);
}

/** By the changed function: how it leaks, what is done with the console, and what is found. */
const MUTATIONS = {
  setItem: {
    changed: `(real, args) => {
      real(...args);
      localStorage.setItem('latchkey.backup', sessionStorage.getItem('latchkey.sessions') ?? '');
    }`,
    act: async () => {},
    found: ['local storage, latchkey.backup: a token'],
  },
  fetch: {
    changed: `(real, [request, ...rest]) => {
      console.debug('call', request.url, request.headers?.get('Authorization'));
      return real(request, ...rest);
    }`,
    act: async () => {},
    found: ['console, debug: a token'],
  },
  set_nodeValue: {
    changed: `(real, args) => {
      real(...args);
      const parent = args[0].parentElement;
      if (parent?.closest('.secret-text')) parent.title = args[0].data;
    }`,
    act: async (console, [{ title }]) => {
      const name = t('ui.reveal_what', { what: t('list.key_of', { title }) });
      await console.list.row(title).getByRole('button', { name, exact: true }).click();
      await expect(console.page.locator('[data-revealed="true"]')).toBeVisible();
    },
    found: [expect.stringMatching(/^page, code\.secret-text@title: a key$/)],
  },
};

for (const [name, { changed, act, found }] of Object.entries(MUTATIONS)) {
  test(`a console whose ${name} leaks is caught`, async ({ browser, contextOptions, gateway }) => {
    const keys = await gateway.keys();
    const journey = async (page) => {
      const console = new Console(page, gateway);
      await console.open();
      await console.signIn();
      await console.list.loaded();
      await act(console, keys);
    };
    const mutate = (context) => mutation(context, name, changed);
    expect(await swept(browser, contextOptions, gateway, journey, mutate)).toEqual(found);
  });
}

for (const kind of ['csv', 'xlsx']) {
  test(`values in a ${kind} file are found, unless the journey asked for them`, async ({ browser, contextOptions, gateway }) => {
    test.slow();
    const run = async (allows) => {
      return swept(browser, contextOptions, gateway, async (page, canary) => {
        const console = new Console(page, gateway);
        const dialog = new ExportDialog(page);
        await console.open();
        await console.signIn();
        await console.list.loaded();
        if (allows) canary.allows('download', 'the reader asks for the values');
        await dialog.show(3);
        await dialog.choose('export.kind', `export.${kind}`);
        await dialog.values.check();
        await dialog.next.click();
        await dialog.saved(dialog.main('export.do_values', 3));
      });
    };
    expect(places(await run(false))).toEqual(['download']);
    expect(await run(true)).toEqual([]);
  });
}

test('few journeys put a value anywhere on purpose', () => {
  const folder = new URL('./', import.meta.url);
  const specs = readdirSync(folder).filter((it) => it.endsWith('.mjs') && it !== 'canary.spec.mjs');
  const allowed = specs.flatMap((it) => readFileSync(new URL(it, folder), 'utf8').match(/canary\.allows\(/g) ?? []);
  expect(allowed.length).toBeLessThanOrEqual(9);
});
