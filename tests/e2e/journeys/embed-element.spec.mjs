// `<latchkey-console>`: the same module as an element, the way frameworks use elements.

import { expect, test } from '../support/rig.mjs';

/** Adds an element with attributes and properties; its events are written down. */
function add(stage, attributes, properties = {}) {
  return stage.page.evaluate(([attributes, properties]) => {
    const element = document.createElement('latchkey-console');
    globalThis.element = element;
    globalThis.events = [];
    for (const name of ['ready', 'route', 'dirty', 'height', 'signed-out', 'event', 'problem', 'ignored']) {
      document.addEventListener(`latchkey-${name}`, ({ type, detail }) => events.push([type, detail]));
    }
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    Object.assign(element, properties);
    document.querySelector('#here').append(element);
  }, [{ src: stage.src, ...attributes }, properties]);
}

test('attributes and properties are what the console is welcomed with', async ({ stage }) => {
  const attributes = { connection: 'eu1', theme: 'dark', locale: 'fr', readonly: '', route: '/?q=a', height: 'fixed', label: 'Keys of ours' };
  await add(stage, attributes, { tokens: { accent: '#aa0000' } });
  await expect(stage.page.locator('iframe')).toHaveAttribute('title', 'Keys of ours');
  const played = await stage.console();
  expect(await played.welcomed()).toMatchObject({
    sign_in: 'own',
    connection: 'eu1',
    theme: { scheme: 'dark', tokens: { accent: '#aa0000' } },
    locale: 'fr',
    readonly: true,
    route: '/?q=a',
    height: 'fixed',
  });
  const reflected = await stage.page.evaluate(() => {
    const { src, connection, theme, locale, readonly, route, height, label } = element;
    return { src, connection, theme, locale, readonly, route, height, label };
  });
  expect(reflected).toEqual({ src: stage.src, ...attributes, readonly: true });
});

test('changes go to the console in place; another address is another console', async ({ stage }) => {
  await add(stage, {});
  const played = await stage.console();
  await played.welcomed();
  await stage.page.evaluate(() => {
    element.theme = 'dark';
    element.tokens = { accent: '#00aa00' };
    element.locale = 'ja';
    element.readonly = true;
    element.route = '/?q=b';
    element.connection = 'us 2';
    element.label = 'Renamed';
    element.readonly = false;
    element.setAttribute('locale', 'ja');
  });
  await expect.poll(async () => (await played.got('readonly', 2)).length).toBe(2);
  const got = await played.frame.evaluate(() => rig.got.filter((it) => !['welcome', 'view'].includes(it.type)));
  expect(got.map(({ v, ...rest }) => rest)).toEqual([
    { type: 'theme', scheme: 'dark', tokens: {} },
    { type: 'theme', scheme: 'dark', tokens: { accent: '#00aa00' } },
    { type: 'locale', locale: 'ja' },
    { type: 'readonly', on: true },
    { type: 'route', route: '/?q=b' },
    { type: 'route', route: '/?connection=us%202' },
    { type: 'readonly', on: false },
  ]);
  await expect(stage.page.locator('iframe')).toHaveAttribute('title', 'Renamed');

  await stage.page.evaluate((src) => (element.src = src), `${stage.src}&again`);
  await expect.poll(() => stage.page.frames().some((it) => it.url().endsWith('&again'))).toBe(true);
  expect(await stage.page.locator('iframe').count()).toBe(1);
});

test('a host that keeps the route in its own state sends no echo', async ({ stage }) => {
  await add(stage, {});
  await stage.page.evaluate(() => element.addEventListener('latchkey-route', ({ detail }) => (element.route = detail.route)));
  const played = await stage.console();
  await played.welcomed();
  await played.say('route', { route: '/?q=c' });
  await expect.poll(() => stage.page.evaluate(() => element.getAttribute('route'))).toBe('/?q=c');
  await stage.page.evaluate(() => (element.route = '/?q=d'));
  expect((await played.got('route')).map((it) => it.route)).toEqual(['/?q=d']);
});

test('events bubble, with what the console said', async ({ stage }) => {
  await add(stage, {});
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  const event = { name: 'key.created', connection: 'eu1', key: '17', at: '2026-01-02T03:04:05Z' };
  await played.say('event', { ...event, title: 'not of the contract' });
  await played.say('signed_out', { connection: 'eu1' });
  await played.say('problem', { code: 'crashed' });
  await expect.poll(() => stage.page.evaluate(() => events)).toEqual([
    ['latchkey-ready', { version: 1, release: 'x' }],
    ['latchkey-event', event],
    ['latchkey-signed-out', { connection: 'eu1' }],
    ['latchkey-problem', { code: 'crashed', by: 'console' }],
  ]);
});

test('what was set before the module came is taken over', async ({ stage }) => {
  await stage.page.goto(`${stage.portal.url}/stage.html`);
  await stage.page.evaluate(async (src) => {
    const element = document.createElement('latchkey-console');
    Object.assign(element, { src, getToken: () => 'early', readonly: true, tokens: { accent: '#123' }, trace: (way, it) => (globalThis.seen ??= []).push(it.type) });
    document.querySelector('#here').append(element);
    globalThis.element = element;
    await import('/latchkey.js');
  }, stage.src);
  const played = await stage.console();
  expect(await played.welcomed()).toMatchObject({ sign_in: 'host', readonly: true, theme: { tokens: { accent: '#123' } } });
  await played.ask('1');
  expect((await played.got('token'))[0].token).toBe('early');
  expect(await stage.page.evaluate(() => globalThis.seen)).toContain('token');
  expect(await stage.page.evaluate(() => Object.keys(element))).toEqual([]);
});

test('a token callback that is set late still signs in, and its successor takes over without a new frame', async ({ stage }) => {
  await add(stage, {});
  const own = await stage.console();
  expect((await own.welcomed()).sign_in).toBe('own');
  await stage.page.evaluate(() => (element.getToken = () => 'first'));
  await expect.poll(async () => (await (await stage.console()).welcomed()).sign_in).toBe('host');
  const played = await stage.console();
  await stage.page.evaluate(() => (element.getToken = () => 'second'));
  await played.ask('5');
  expect((await played.got('token'))[0].token).toBe('second');
  expect(stage.page.frames()).toHaveLength(2);
});

test('mounted twice in a row, moved and taken away: one frame at most, and nothing from an older one', async ({ stage }) => {
  await add(stage, {}, {});
  // What React's strict mode and routers do: in, out, in; and a move to another place of the page.
  await stage.page.evaluate(() => {
    const here = document.querySelector('#here');
    element.remove();
    here.append(element);
    element.remove();
    here.append(element);
  });
  const played = await stage.console();
  await played.welcomed();
  expect(await stage.page.locator('iframe').count()).toBe(1);
  const handle = await stage.page.evaluateHandle(() => element.handle);

  await stage.page.evaluate(() => {
    const other = document.createElement('section');
    document.body.append(other);
    other.append(element);
  });
  await expect.poll(() => stage.page.evaluate((old) => element.handle !== null && element.handle !== old, handle)).toBe(true);
  await (await stage.console()).welcomed();
  expect(await stage.page.locator('iframe').count()).toBe(1);
  expect(stage.page.frames()).toHaveLength(2);

  await stage.page.evaluate(() => element.remove());
  await expect.poll(() => stage.page.frames().length).toBe(1);
  expect(await stage.page.evaluate(() => [element.handle, element.dirty])).toEqual([null, false]);
  expect(await stage.page.evaluate(() => element.askLeave())).toBe(true);
});

test('moved with moveBefore, the console stays as it is', async ({ stage }) => {
  await add(stage, {});
  const played = await stage.console();
  await played.welcomed();
  await played.say('route', { route: '/?q=kept' });
  await expect.poll(() => stage.page.evaluate(() => element.handle.route)).toBe('/?q=kept');
  await stage.page.evaluate(() => {
    const other = document.createElement('section');
    document.body.append(other);
    other.moveBefore(element, null);
  });
  await played.say('route', { route: '/?q=still' });
  await expect.poll(() => stage.page.evaluate(() => element.handle.route)).toBe('/?q=still');
});

test('wrong attributes are told to the page, and mended by right ones', async ({ stage }) => {
  await add(stage, { theme: 'blue' });
  await expect.poll(() => stage.faults.length).toBe(1);
  expect(stage.faults.splice(0)[0]).toContain('the scheme is light, dark or system');
  await stage.page.evaluate(() => (element.theme = 'light'));
  await (await stage.console()).welcomed();
});

test('which part of the frame is on the screen is told, clipped by whatever scrolls around it', async ({ stage }) => {
  await stage.page.setViewportSize({ width: 900, height: 600 });
  await add(stage, { 'min-height': '2000' });
  await stage.page.evaluate(() => {
    const main = document.querySelector('#here');
    Object.assign(main.style, { height: '500px', overflow: 'auto', marginTop: '50px' });
    document.body.style.margin = '0';
  });
  const played = await stage.console();
  await played.welcomed();
  const last = () => played.frame.evaluate(() => rig.all('view').at(-1));
  await expect.poll(last).toEqual({ v: 1, type: 'view', top: 0, height: 500 });
  await stage.page.evaluate(() => (document.querySelector('#here').scrollTop = 700));
  await expect.poll(last).toEqual({ v: 1, type: 'view', top: 700, height: 500 });
  await stage.page.setViewportSize({ width: 900, height: 300 });
  await expect.poll(last).toEqual({ v: 1, type: 'view', top: 700, height: 250 });
  // Out of sight: the last one holds.
  const before = await played.frame.evaluate(() => rig.all('view').length);
  await stage.page.evaluate(() => (document.querySelector('#here').hidden = true));
  await played.say('route', { route: '/?q=x' });
  await expect.poll(() => stage.page.evaluate(() => element.handle.route)).toBe('/?q=x');
  expect(await played.frame.evaluate(() => rig.all('view').length)).toBe(before);
});
