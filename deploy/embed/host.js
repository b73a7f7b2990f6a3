// The workbench: a portal in small. What a portal does is `start`; the rest is for looking at it.

import { atNextRequest, getToken } from './host-tokens.js';
import { log } from './host-log.js';
import { postFromStranger, sendRandom } from './host-faults.js';
import { mountConsole } from './latchkey.js';

const $ = (id) => document.querySelector(`#${id}`);

/** Brands of a portal, for light and for dark grounds. The console refuses texts that cannot be read, such as the last. */
const TOKENS = {
  none: { light: {}, dark: {} },
  harbour: {
    light: { accent: '#0b6e75', 'accent-strong': '#08555b', 'accent-soft': '#e0f2f3', focus: '#0b6e75', radius: '2px', 'radius-large': '4px' },
    dark: { accent: '#6fd0d8', 'accent-strong': '#97e2e8', 'accent-soft': '#12393c', focus: '#6fd0d8', radius: '2px', 'radius-large': '4px' },
  },
  plum: {
    light: { accent: '#7a2e8a', 'accent-strong': '#5f2270', 'accent-soft': '#f6e8fa', focus: '#7a2e8a', radius: '10px', 'radius-large': '16px' },
    dark: { accent: '#dca6ea', 'accent-strong': '#ecc9f5', 'accent-soft': '#3a1f42', focus: '#dca6ea', radius: '10px', 'radius-large': '16px' },
  },
  unreadable: { light: { text: '#eeeeee' }, dark: { text: '#333333' } },
};

const darkness = matchMedia('(prefers-color-scheme: dark)');

/** What is on the page now: handles with the elements that stand for them. */
let consoles = [];

const first = () => consoles[0]?.handle;
const all = (act) => consoles.forEach(({ handle }) => act(handle));
const theme = () => {
  const scheme = $('scheme').value;
  const ground = scheme === 'dark' || (scheme === 'system' && darkness.matches) ? 'dark' : 'light';
  return { scheme, tokens: TOKENS[$('tokens').value][ground] };
};
const say = (text) => ($('says').textContent = text);

/** Shows what the first console told. */
function show() {
  const handle = first();
  $('is-ready').textContent = handle ? (handle.ready ? 'on the screen' : 'loading') : 'not there';
  $('is-dirty').textContent = handle?.dirty ? 'yes' : 'no';
  $('is-height').textContent = handle ? `${Math.round(handle.frame.getBoundingClientRect().height)} px` : '–';
  $('is-route').textContent = handle?.route ?? '–';
  $('is-ignored').textContent = String(handle?.ignored ?? 0);
  $('is-ignored-there').textContent = String(handle?.ignoredByConsole ?? 0);
}

function options() {
  return {
    src: $('src').value,
    title: 'Key administration',
    connection: $('connection').value || undefined,
    getToken: $('source').value === 'own' ? undefined : getToken,
    theme: theme(),
    locale: $('locale').value || undefined,
    readonly: $('readonly').checked,
    height: $('height').value,
    trace: log,
  };
}

/** As an element: attributes, properties, and the handle behind it. */
async function asElement(place, all) {
  const element = document.createElement('latchkey-console');
  for (const name of ['src', 'connection', 'locale', 'height']) if (all[name] !== undefined) element[name] = all[name];
  Object.assign(element, { label: all.title, theme: all.theme.scheme, tokens: all.theme.tokens });
  Object.assign(element, { readonly: all.readonly, getToken: all.getToken, trace: all.trace });
  place.append(element);
  // It starts once all of this has been set.
  await Promise.resolve();
  return { handle: element.handle, end: () => element.remove() };
}

async function put() {
  const place = document.createElement('div');
  place.className = `console ${$('height').value}`;
  $('place').querySelector('.empty')?.remove();
  $('place').append(place);
  const wanted = options();
  let one;
  if ($('as').value === 'element') one = await asElement(place, wanted);
  else {
    const handle = mountConsole(place, wanted);
    one = { handle, end: () => handle.destroy() };
  }
  consoles.push({ ...one, place });
  for (const name of ['ready', 'route', 'dirty', 'height', 'problem', 'ignored']) one.handle.on(name, show);
  one.handle.on('problem', ({ code, by }) => say(`Problem, told by the ${by === 'host' ? 'portal’s module' : 'console'}: ${code}`));
  one.handle.on('signed-out', ({ connection }) => say(`The reader signed out of ${connection || 'the console'}`));
  one.handle.on('event', ({ name, count }) => say(count === undefined ? `Event: ${name}` : `Event: ${name}, ${count} keys`));
}

function clear() {
  for (const { end, place } of consoles) {
    end();
    place.remove();
  }
  consoles = [];
  show();
}

async function start(count) {
  clear();
  say('');
  try {
    for (let nth = 0; nth < count; nth += 1) await put();
  } catch (error) {
    clear();
    say(error.message);
  }
  show();
}

const on = (id, type, act) => $(id).addEventListener(type, act);

on('mount', 'submit', (event) => {
  event.preventDefault();
  void start(1);
});
on('twice', 'click', () => void start(2));
on('remove', 'click', () => {
  clear();
  say('Taken away');
});
on('source', 'change', () => {
  $('endpoint-field').hidden = $('source').value !== 'endpoint';
  $('pasted-field').hidden = $('source').value !== 'pasted';
});
for (const id of ['scheme', 'tokens']) on(id, 'change', () => all((it) => it.setTheme(theme())));
darkness.addEventListener('change', () => all((it) => it.setTheme(theme())));
on('locale', 'change', () => all((it) => it.setLocale($('locale').value || navigator.language)));
on('readonly', 'change', () => all((it) => it.setReadonly($('readonly').checked)));
on('go', 'submit', (event) => {
  event.preventDefault();
  try {
    all((it) => it.setRoute($('route').value));
  } catch (error) {
    say(error.message);
  }
});
on('sign-out', 'click', () => all((it) => it.signOut()));
on('leave', 'click', async () => {
  say('Asking the console…');
  const may = await (first()?.askLeave() ?? true);
  say(may ? 'The portal may leave' : 'The reader stays');
});

on('pending', 'click', () => {
  atNextRequest(() => {
    clear();
    say('Taken away while a token was asked for');
  });
  say('Waiting for the next request for a token');
});
on('reload', 'click', () => {
  // The portal cannot reach into the frame; giving it its address again loads it anew.
  all((it) => (it.frame.src = String(it.frame.src)));
});
on('stranger', 'click', async () => {
  const wasHeard = await postFromStranger();
  say(wasHeard ? 'Somebody answered the stranger' : 'Nobody answered the stranger');
  show();
});
on('random', 'click', () => {
  const origin = new URL($('src').value).origin;
  all((it) => sendRandom(it.frame, origin, 1_000));
  say('1,000 random messages sent');
});
on('swing', 'click', () => {
  const handle = first();
  if (!handle) return;
  // A page of 100 rows, and one of 25 as soon as the frame has grown by some of them.
  const heights = [handle.frame.getBoundingClientRect().height];
  let isGrown = false;
  const off = handle.on('height', ({ height }) => {
    heights.push(height);
    say(`Heights: ${heights.map(Math.round).join(', ')}`);
    if (!isGrown && height > heights[0] + 500) {
      isGrown = true;
      handle.setRoute('/?size=25');
    } else if (isGrown && height < Math.max(...heights) - 500) off();
  });
  handle.setRoute('/?size=100');
});

// The console is one step up when both are served from one folder; `?console=` names another.
$('src').value = new URLSearchParams(location.search).get('console') ?? new URL('../', location.href).href;
$('connection').value = new URLSearchParams(location.search).get('connection') ?? '';
show();
