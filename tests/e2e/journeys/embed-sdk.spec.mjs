// The module that portals take, against a console that is played: one that also does what no real console would.

import { expect, test } from '../support/rig.mjs';

test('the frame may do what the console needs, and its address tells nothing', async ({ stage }) => {
  await stage.mount({ connection: 'eu1', theme: 'dark', locale: 'de', readonly: true, route: '/?q=a', title: 'Keys' });
  const frame = stage.page.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-downloads');
  await expect(frame).toHaveAttribute('allow', 'clipboard-write');
  await expect(frame).toHaveAttribute('referrerpolicy', 'no-referrer');
  await expect(frame).toHaveAttribute('title', 'Keys');
  await expect(frame).toHaveAttribute('src', stage.src);
  const played = await stage.console();
  expect(await played.welcomed()).toEqual({
    v: 1,
    type: 'welcome',
    sign_in: 'own',
    connection: 'eu1',
    theme: { scheme: 'dark', tokens: {} },
    locale: 'de',
    readonly: true,
    route: '/?q=a',
    height: 'auto',
  });
});

test('wrong options are refused at once, with their name', async ({ stage }) => {
  const refusals = await stage.page.evaluate((src) => {
    const of = (options) => {
      try {
        mount({ src, ...options }).destroy();
        return 'taken';
      } catch (error) {
        return error instanceof TypeError || error instanceof RangeError ? 'refused' : String(error);
      }
    };
    return [
      { src: '' }, { src: undefined }, { src: 'http://portal.example/' }, { src: 'https://a:b@portal.example/' },
      { src: 'data:text/html,x' }, { src: 'ftp://127.0.0.1/' }, { theme: 'blue' }, { theme: { tokens: [] } },
      { theme: { tokens: { a: 1 } } }, { locale: '!' }, { route: 'https://elsewhere.example' }, { route: '//elsewhere.example' },
      { route: `/${'x'.repeat(2048)}` }, { getToken: 'abc' }, { signIn: 'maybe' }, { height: 'tall' },
      { minHeight: -1 }, { minHeight: 500, maxHeight: 400 }, { connection: '' },
    ].map(of);
  }, stage.src);
  expect(new Set(refusals)).toEqual(new Set(['refused']));
  expect(await stage.page.locator('iframe').count()).toBe(0);
});

test('a token goes to the console alone', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.asked = [];
    const getToken = ({ signal, ...request }) => {
      asked.push(request);
      return Promise.resolve({ token: 'planted-token-4711', expiresIn: 90 });
    };
    globalThis.handle = mount({ src, getToken });
  }, stage.src);
  const played = await stage.console();
  expect((await played.welcomed()).sign_in).toBe('host');
  await played.ask('a');
  expect(await played.got('token')).toEqual([{ v: 1, type: 'token', id: 'a', token: 'planted-token-4711', expires_in: 90 }]);
  expect(await stage.page.evaluate(() => asked)).toEqual([{ connection: 'eu1', system: 'qualys-gateway', reason: 'start' }]);
  const all = await stage.page.evaluate(() => JSON.stringify([traced, told, { ...sessionStorage }, { ...localStorage }]));
  expect(all).toContain('(18 characters)');
  expect(all + (await stage.page.content())).not.toContain('4711');
});

const ANSWERS = [
  ['null', 'signed_out', []],
  ['rejection', 'unavailable', ['token_error']],
  ['exception', 'unavailable', ['token_error']],
  ['nothing', 'unavailable', ['bad_token']],
  ['blank', 'unavailable', ['bad_token']],
  ['too long', 'unavailable', ['bad_token']],
  ['list', 'unavailable', ['bad_token']],
  ['no token', 'unavailable', ['bad_token']],
];

test('whatever the token callback gives, the console hears of it', async ({ stage }) => {
  await stage.page.evaluate(() => {
    globalThis.kinds = {
      null: () => null,
      rejection: () => Promise.reject(new Error('no')),
      exception: () => {
        throw new Error('no');
      },
      nothing: () => undefined,
      blank: () => '',
      'too long': () => 'x'.repeat(16_385),
      list: () => ['a'],
      'no token': () => ({ expiresIn: 60 }),
    };
  });
  for (const [kind, reason, problems] of ANSWERS) {
    await stage.page.evaluate(([src, kind]) => {
      told.length = 0;
      globalThis.handle = mount({ src, getToken: kinds[kind] });
    }, [stage.src, kind]);
    const played = await stage.console();
    await played.welcomed();
    await played.ask('7');
    expect(await played.got('token_refused'), kind).toEqual([{ v: 1, type: 'token_refused', id: '7', reason }]);
    expect((await stage.told('problem')).map((it) => it.code), kind).toEqual(problems);
    await stage.page.evaluate(() => handle.destroy());
  }
});

test('a callback that never settles is given up after 10 seconds, and its late answer is dropped', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.page.evaluate((src) => {
    globalThis.calls = [];
    const getToken = ({ signal }) => new Promise((resolve) => calls.push({ resolve, signal }));
    globalThis.handle = mount({ src, getToken });
  }, stage.src);
  const played = await onScreen(stage);
  await played.ask('1');
  await expect.poll(() => stage.page.evaluate(() => calls.length)).toBe(1);
  await stage.page.clock.runFor(9_900);
  expect(await played.frame.evaluate(() => rig.all('token_refused'))).toEqual([]);
  await stage.page.clock.runFor(200);
  expect(await played.got('token_refused')).toEqual([{ v: 1, type: 'token_refused', id: '1', reason: 'unavailable' }]);
  expect(await stage.page.evaluate(() => calls[0].signal.aborted)).toBe(true);

  await played.ask('2');
  await expect.poll(() => stage.page.evaluate(() => calls.length)).toBe(2);
  await stage.page.evaluate(() => calls[0].resolve('late'));
  await stage.page.evaluate(() => calls[1].resolve('in time'));
  expect((await played.got('token')).map((it) => [it.id, it.token])).toEqual([['2', 'in time']]);
  expect(await stage.told('problem')).toEqual([{ code: 'token_timeout', by: 'host' }]);
});

test('of many requests the newest is answered, and the callback is called once a second at most', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.page.evaluate((src) => {
    globalThis.calls = [];
    const getToken = ({ signal, connection }) => new Promise((resolve) => calls.push({ resolve, signal, connection }));
    globalThis.handle = mount({ src, getToken });
  }, stage.src);
  const played = await stage.console();
  await played.welcomed();
  await stage.page.clock.pauseAt(Date.now() + 60_000);
  for (const id of ['1', '2', '3']) await played.ask(id, 'rejected');
  await expect.poll(() => stage.page.evaluate(() => traced.filter((it) => it[1].type === 'token_request').length)).toBe(3);
  expect(await stage.page.evaluate(() => calls.map((it) => it.signal.aborted))).toEqual([true]);
  await stage.page.clock.runFor(900);
  expect(await stage.page.evaluate(() => calls.length)).toBe(1);
  await stage.page.clock.runFor(200);
  expect(await stage.page.evaluate(() => calls.length)).toBe(2);
  await stage.page.evaluate(() => calls.forEach((it) => it.resolve('t')));
  expect((await played.got('token')).map((it) => it.id)).toEqual(['3']);
});

test('connections are asked for side by side', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.calls = [];
    const getToken = ({ connection }) => new Promise((resolve) => calls.push({ connection, resolve }));
    globalThis.handle = mount({ src, getToken });
  }, stage.src);
  const played = await stage.console();
  await played.welcomed();
  for (const nth of [1, 2, 3]) await played.say('token_request', { id: `${nth}`, connection: `eu${nth}`, system: 'x', reason: 'start' });
  await expect.poll(() => stage.page.evaluate(() => calls.map((it) => it.connection))).toEqual(['eu1', 'eu2', 'eu3']);
  await stage.page.evaluate(() => calls.reverse().forEach((it) => it.resolve(`for ${it.connection}`)));
  expect((await played.got('token', 3)).map((it) => [it.id, it.token])).toEqual([['3', 'for eu3'], ['2', 'for eu2'], ['1', 'for eu1']]);
});

test('what is of another shape is ignored and counted', async ({ stage }) => {
  await stage.mount();
  const played = await stage.console();
  await played.welcomed();
  const bad = [
    null, 7, 'ready', [], {}, { v: 2, type: 'ready', version: 1, release: 'x' }, { v: 1 }, { v: 1, type: 7 },
    { v: 1, type: 'constructor' }, { v: 1, type: '__proto__' }, { v: 1, type: 'welcome' }, { v: 1, type: 'ready' },
    { v: 1, type: 'ready', version: '1', release: 'x' }, { v: 1, type: 'height', height: -1 }, { v: 1, type: 'height', height: 1.5 },
    { v: 1, type: 'height', height: '500' }, { v: 1, type: 'height', height: 1e300 }, { v: 1, type: 'dirty', dirty: 1 },
    { v: 1, type: 'route', route: 'https://elsewhere.example' }, { v: 1, type: 'route', route: '//elsewhere.example' },
    { v: 1, type: 'route', route: '/\\elsewhere.example' }, { v: 1, type: 'route', route: `/${'x'.repeat(2048)}` },
    { v: 1, type: 'token_request', id: 5, connection: 'a', system: 'b', reason: 'start' },
    { v: 1, type: 'route', route: '/elsewhere' }, { v: 1, type: 'token_request', id: '', connection: 'a', system: 'b', reason: 'start' },
    { v: 1, type: 'token_request', id: 1, connection: 'a', system: 'b', reason: 'fun' },
    { v: 1, type: 'token_request', id: 1, connection: {}, system: 'b', reason: 'start' },
    { v: 1, type: 'leave_answer', id: {}, may_leave: true }, { v: 1, type: 'event', name: 'key.created', at: 5, connection: 'a' },
    { v: 1, type: 'problem', code: 'x'.repeat(2049) }, { v: 1, type: 'ignored', count: -1 },
  ];
  await played.frame.evaluate((bad) => bad.forEach((it) => rig.raw(it)), bad);
  await expect.poll(() => stage.get('ignored')).toBe(bad.length);
  expect(await stage.page.evaluate(() => told.filter((it) => it[0] !== 'ignored'))).toEqual([]);
  expect(await stage.page.evaluate(() => [handle.ready, handle.dirty, handle.route])).toEqual([false, false, null]);
});

/** One right message of each type that has fields, with the kind of each field; `?` may be left out. */
const RIGHT = {
  ready: [{ version: 1, release: 'rig' }, { version: 'count', release: 'text' }],
  token_request: [
    { id: '1', connection: 'eu1', system: 'qualys-gateway', reason: 'start' },
    { id: 'id', connection: 'id', system: 'text', reason: 'choice' },
  ],
  route: [{ route: '/?q=a' }, { route: 'route' }],
  height: [{ height: 500 }, { height: 'count' }],
  dirty: [{ dirty: true }, { dirty: 'flag' }],
  leave_answer: [{ id: 'leave-1', may_leave: true }, { id: 'id', may_leave: 'flag' }],
  signed_out: [{ connection: 'eu1' }, { connection: 'text' }],
  event: [
    { name: 'keys.done', connection: 'eu1', key: '7', at: '2026-01-02T03:04:05Z', count: 3 },
    { name: 'text', connection: 'text', key: 'text?', at: 'text', count: 'count?' },
  ],
  problem: [{ code: 'theme_refused' }, { code: 'text' }],
  ignored: [{ count: 4 }, { count: 'count' }],
};

/** What a field of a kind cannot be. */
const NO_TEXT = [null, 0, 7, 1.5, true, [], ['a'], {}, { then: 1 }, 'y'.repeat(2_049)];
const NO_COUNT = [null, -1, 1.5, 1e300, '5', '', true, [], [5], {}];
const WRONG = {
  text: NO_TEXT,
  id: [...NO_TEXT, ''],
  choice: [...NO_TEXT, '', 'Start', 'fun'],
  route: [...NO_TEXT, '', 'x', '/x', '//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example/', 'javascript:0'],
  count: NO_COUNT,
  flag: [null, 0, 1, 'true', '', [], {}],
};

/** Right messages in all but one field, the same at each run. */
function almostRight(count, seed = 1) {
  let state = seed;
  const pick = (list) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
  return Array.from({ length: count }, (_, nth) => {
    const [type, [fields, kinds]] = Object.entries(RIGHT)[nth % Object.keys(RIGHT).length];
    const [name, kind] = pick(Object.entries(kinds));
    const message = { v: 1, type, ...fields, [name]: pick(WRONG[kind.replace('?', '')]) };
    if (!kind.endsWith('?') && pick([0, 1, 2, 3]) === 0) delete message[name];
    return message;
  });
}

test('1,000 messages with one field of the wrong kind are ignored, each of which would be taken without it', async ({ stage }) => {
  await stage.mount({ height: 'fixed' });
  const played = await stage.console();
  await played.welcomed();
  const before = await stage.page.content();
  await played.frame.evaluate((all) => all.forEach((it) => rig.raw(it)), almostRight(1_000));
  await expect.poll(() => stage.get('ignored')).toBe(1_000);
  expect(await stage.page.content()).toBe(before);
  expect(await stage.page.evaluate(() => told.filter((it) => it[0] !== 'ignored'))).toEqual([]);
  expect(await stage.page.evaluate(() => traced.map((it) => it[1].type ?? 'hello'))).toEqual(['hello', 'welcome']);
  expect(await stage.page.evaluate(() => [handle.ready, handle.dirty, handle.route, handle.ignoredByConsole])).toEqual([false, false, null, 0]);

  for (const [type, [fields]] of Object.entries(RIGHT)) await played.say(type, fields);
  await expect.poll(() => stage.page.evaluate(() => traced.filter((it) => it[0] === 'in').slice(1).map((it) => it[1].type))).toEqual(Object.keys(RIGHT));
  expect(await stage.get('ignored')).toBe(1_000);
});

test('a hello from elsewhere is ignored and counted', async ({ stage }) => {
  await stage.mount({ src: `${stage.src}&mute` });
  const played = await stage.console();
  await stage.page.evaluate(() => {
    const { port2 } = new MessageChannel();
    postMessage({ latchkey: 'hello', versions: [1] }, location.origin, [port2]);
    // What other scripts of a portal say to each other is none of ours.
    postMessage({ source: 'devtools' }, location.origin);
    postMessage('setImmediate$1', location.origin);
  });
  await expect.poll(() => stage.get('ignored')).toBe(1);
  const bad = [{ latchkey: 'hi' }, { versions: 'all' }, { versions: Array(65).fill(1) }];
  for (const it of bad) await played.frame.evaluate((it) => rig.hello(it), it);
  await played.frame.evaluate(() => rig.toWindow({ latchkey: 'hello', versions: [1] }));
  await played.frame.evaluate(() => rig.toWindow({ v: 1, type: 'dirty', dirty: true }));
  await expect.poll(() => stage.get('ignored')).toBe(6);
  await played.frame.evaluate(() => rig.hello({ versions: [2, 3] }));
  await expect.poll(() => stage.told('problem')).toEqual([{ code: 'version', by: 'host' }]);
  expect(await stage.get('ready')).toBe(false);
  expect(await played.frame.evaluate(() => rig.got)).toEqual([]);
  await played.frame.evaluate(() => rig.hello({ versions: [1, 2] }));
  await played.welcomed();
});

test('a console of another version is told of once, whatever else it says', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.mount({ src: `${stage.src}&mute` });
  const played = await stage.console();
  await played.frame.evaluate(() => {
    for (let nth = 0; nth < 10; nth += 1) rig.hello({ versions: [2] });
    rig.toWindow({ latchkey: 'bye' });
  });
  await expect.poll(() => stage.get('ignored')).toBe(1);
  await stage.page.clock.runFor(60_000);
  expect(await stage.told('problem')).toEqual([{ code: 'version', by: 'host' }]);
  // Its successor is watched over as the first one was.
  await played.frame.evaluate(() => rig.hello());
  await played.welcomed();
  await stage.page.clock.runFor(20_100);
  await expect.poll(() => stage.told('problem')).toEqual([{ code: 'version', by: 'host' }, { code: 'silent', by: 'host' }]);
});

test('a console that replaces one of this version and speaks another ends what was open', async ({ stage }) => {
  await stage.mount();
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  await played.say('dirty', { dirty: true });
  await expect.poll(() => stage.get('dirty')).toBe(true);
  await played.frame.evaluate(() => rig.hello({ versions: [2] }));
  await expect.poll(() => stage.told('problem')).toEqual([{ code: 'version', by: 'host' }]);
  expect(await stage.page.evaluate(() => [handle.ready, handle.dirty])).toEqual([false, false]);
  expect(await stage.page.evaluate(() => handle.askLeave())).toBe(true);
});

test('texts may be as long as the console takes them', async ({ stage }) => {
  const [tag, route, id] = [`en-x-${'abcdefgh-'.repeat(28)}`.slice(0, 255), `/?q=${'ä'.repeat(2_044)}`, 'é'.repeat(2_048)];
  const refused = await stage.page.evaluate(
    ([src, tag, route, id]) => {
      const said = (act) => {
        try {
          act();
          return '';
        } catch (error) {
          return error.message;
        }
      };
      const far = { locale: `${tag}a`, route: `${route}a`, connection: `${id}a`, theme: { tokens: { accent: `${id}a` } } };
      const all = Object.entries(far).map(([name, value]) => said(() => mount({ src, [name]: value })));
      globalThis.handle = mount({ src });
      return [...all, said(() => handle.setLocale(far.locale)), said(() => handle.setRoute(far.route)), said(() => handle.setTheme(far.theme))];
    },
    [stage.src, tag, route, id],
  );
  expect(refused).toHaveLength(7);
  for (const it of refused) expect(it).toMatch(/^latchkey: .* at most (255|2,048) characters$/);
  const played = await stage.console();
  await played.welcomed();
  await stage.page.evaluate(([tag, route, id]) => {
    handle.setLocale(tag);
    handle.setRoute(route);
    handle.setTheme({ tokens: { accent: id } });
  }, [tag, route, id]);
  expect(await played.got('theme')).toEqual([{ v: 1, type: 'theme', scheme: 'system', tokens: { accent: id } }]);
  expect(await played.got('route')).toEqual([{ v: 1, type: 'route', route }]);
  expect(await played.got('locale')).toEqual([{ v: 1, type: 'locale', locale: tag }]);
});

test('a frame of another origin gets nothing', async ({ stage }) => {
  const stranger = await stage.stranger();
  stage.portal.frames.push(stranger.url);
  await stage.open();
  await stage.mount();
  await (await stage.console()).welcomed();
  // The frame is ours, and the page in it is no longer the console: it went elsewhere by itself.
  await stage.page.evaluate((url) => (handle.frame.src = url), `${stranger.url}/console.html?portal=${encodeURIComponent(stage.portal.url)}`);
  await expect.poll(() => stage.get('ignored')).toBe(1);
  await stage.page.evaluate(() => {
    handle.setRoute('/?q=secret');
    handle.signOut();
  });
  const frame = stage.page.frames().find((it) => it.url().startsWith(stranger.url));
  await frame.evaluate(() => rig.hello());
  await expect.poll(() => stage.get('ignored')).toBe(2);
  expect(await frame.evaluate(() => rig.got)).toEqual([]);
});

test('a frame that loads again is welcomed with what holds now, over a port of its own', async ({ stage }) => {
  await stage.mount({ theme: 'light', route: '/?q=first' });
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'one' });
  await played.say('route', { route: '/?q=second' });
  await played.say('dirty', { dirty: true });
  await expect.poll(() => stage.get('dirty')).toBe(true);
  await stage.page.evaluate(() => {
    handle.setTheme({ scheme: 'dark', tokens: { accent: '#123456' } });
    handle.setReadonly(true);
    globalThis.leaving = handle.askLeave();
  });
  await played.got('leave');
  await played.frame.evaluate(() => location.reload());
  await expect.poll(() => stage.get('dirty')).toBe(false);
  expect(await stage.page.evaluate(() => leaving)).toBe(true);
  const again = await stage.console();
  expect(await again.welcomed()).toMatchObject({
    theme: { scheme: 'dark', tokens: { accent: '#123456' } },
    readonly: true,
    route: '/?q=second',
  });
  // A hello said twice by one document: the later port is the one that counts.
  await again.frame.evaluate(() => {
    rig.old = rig.port;
    rig.hello();
  });
  await again.got('welcome', 2);
  await again.frame.evaluate(() => rig.old.postMessage({ v: 1, type: 'dirty', dirty: true }));
  await again.say('route', { route: '/?q=third' });
  await expect.poll(() => stage.get('route')).toBe('/?q=third');
  expect(await stage.get('dirty')).toBe(false);
  // Closed, the older one delivers nothing that would have to be ignored.
  expect(await stage.get('ignored')).toBe(0);
});

test('a sign-out that nobody could hear is told to the next document, once', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.handle = mount({ src });
    // Before hello.
    handle.signOut();
  }, stage.src);
  const played = await stage.console();
  await played.got('sign_out');
  expect(await played.frame.evaluate(() => rig.got.map((it) => it.type).slice(0, 2))).toEqual(['welcome', 'sign_out']);
  await played.say('ready', { version: 1, release: 'x' });
  await expect.poll(() => stage.get('ready')).toBe(true);

  // One that is heard is not owed.
  await stage.page.evaluate(() => handle.signOut());
  await played.got('sign_out', 2);
  await played.frame.evaluate(() => rig.hello());
  await played.got('welcome', 2);
  await played.say('ready', { version: 1, release: 'x' });
  await expect.poll(() => stage.told('ready').then((it) => it.length)).toBe(2);
  expect(await played.got('sign_out')).toHaveLength(2);

  // After a crash nobody listens until the frame was loaded again; nor while it loads, before it is ready.
  await played.say('problem', { code: 'crashed' });
  await expect.poll(() => stage.get('ready')).toBe(false);
  await stage.page.evaluate(() => handle.signOut());
  for (let nth = 0; nth < 2; nth += 1) {
    const before = played.frame.waitForNavigation();
    await played.frame.evaluate(() => location.reload());
    await before;
    const again = await stage.console();
    expect((await again.got('sign_out')).map((it) => it.type)).toEqual(['sign_out']);
  }
});

test('of the routes that were wished for the last one counts', async ({ stage }) => {
  await stage.mount();
  const played = await stage.console();
  await played.welcomed();
  await played.say('route', { route: '/?q=b' });
  await expect.poll(() => stage.get('route')).toBe('/?q=b');
  await stage.page.evaluate(() => {
    // Where it is already.
    handle.setRoute('/?q=b');
    handle.setRoute('/?q=a');
    handle.setRoute('/?q=b');
  });
  expect((await played.got('route', 2)).map((it) => it.route)).toEqual(['/?q=a', '/?q=b']);

  // A host that keeps the route in its own state sends back what it is told: that is no wish, and starts no ping-pong.
  await stage.page.evaluate(() => handle.on('route', ({ route }) => handle.setRoute(route)));
  for (const route of ['/?q=a', '/?q=b']) await played.say('route', { route });
  await expect.poll(() => stage.told('route').then((it) => it.length)).toBe(3);
  await stage.page.evaluate(() => handle.setReadonly(true));
  await played.got('readonly');
  expect(await played.got('route')).toHaveLength(2);

  // The next document was welcomed with one route; another one is wished for before it told any.
  await stage.page.evaluate(() => handle.setRoute('/?q=c'));
  await played.got('route', 3);
  await played.frame.evaluate(() => rig.hello());
  const welcomes = await played.got('welcome', 2);
  expect(welcomes.at(-1).route).toBe('/?q=c');
  await stage.page.evaluate(() => handle.setRoute('/?q=b'));
  expect((await played.got('route', 4)).at(-1).route).toBe('/?q=b');
});

test('a console that is drawn anew is ready once', async ({ stage }) => {
  await stage.mount();
  const played = await stage.console();
  await played.welcomed();
  for (const release of ['one', 'again']) await played.say('ready', { version: 1, release });
  await played.say('route', { route: '/?done' });
  await expect.poll(() => stage.get('route')).toBe('/?done');
  expect(await stage.told('ready')).toEqual([{ version: 1, release: 'one' }]);
  await played.frame.evaluate(() => rig.hello());
  await played.got('welcome', 2);
  await played.say('ready', { version: 1, release: 'two' });
  await expect.poll(() => stage.told('ready').then((it) => it.map(({ release }) => release))).toEqual(['one', 'two']);
  expect(await stage.get('ignored')).toBe(0);
});

test('the height follows the content within its bounds, and nothing chases', async ({ stage }) => {
  await stage.mount({ minHeight: 300, maxHeight: 2_000 });
  const played = await stage.console();
  await played.welcomed();
  const box = () => stage.page.locator('iframe').evaluate((it) => it.getBoundingClientRect().height);
  expect(await box()).toBe(300);
  for (const [told, shown] of [[900, 900], [420, 420], [10, 300], [99_999, 2_000], [500, 500]]) {
    await played.say('height', { height: told });
    await expect.poll(box).toBe(shown);
  }
  await played.frame.evaluate(() => {
    for (let i = 0; i < 40; i += 1) rig.say('height', { height: i % 2 ? 700 : 717 });
    rig.say('route', { route: '/?done' });
  });
  await expect.poll(() => stage.get('route')).toBe('/?done');
  expect(await box()).toBe(717);
  const heights = (await stage.told('height')).length;
  expect(heights).toBeLessThan(20);
  // What was asked for last comes in the end.
  await expect.poll(box).toBe(700);
  await expect.poll(() => stage.told('height').then((it) => it.at(-1))).toEqual({ height: 700 });
});

test('a fixed height fills its place', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    document.querySelector('#here').style.height = '640px';
    globalThis.handle = mount({ src, height: 'fixed' });
  }, stage.src);
  const played = await stage.console();
  expect((await played.welcomed()).height).toBe('fixed');
  await played.say('height', { height: 900 });
  await played.say('route', { route: '/?done' });
  await expect.poll(() => stage.get('route')).toBe('/?done');
  expect(await stage.page.locator('iframe').evaluate((it) => it.getBoundingClientRect().height)).toBe(640);
});

test('leaving is asked about, and the browser warns only while something is unsaved', async ({ stage }) => {
  await stage.mount();
  const warns = () => stage.page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
  expect(await stage.page.evaluate(() => handle.askLeave())).toBe(true);
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  await expect.poll(() => stage.get('ready')).toBe(true);
  expect(await warns()).toBe(false);
  await played.say('dirty', { dirty: true });
  await expect.poll(() => stage.get('dirty')).toBe(true);
  expect(await warns()).toBe(true);

  await stage.page.evaluate(() => {
    globalThis.answers = [];
    for (const nth of [0, 1]) void handle.askLeave().then((it) => answers.push([nth, it]));
  });
  const [one, two] = await played.got('leave', 2);
  await played.say('leave_answer', { id: two.id, may_leave: true });
  await played.say('leave_answer', { id: one.id, may_leave: false });
  await played.say('leave_answer', { id: one.id, may_leave: true });
  await expect.poll(() => stage.page.evaluate(() => answers)).toEqual([[1, true], [0, false]]);

  await played.say('dirty', { dirty: false });
  await expect.poll(() => stage.get('dirty')).toBe(false);
  expect(await warns()).toBe(false);
});

/** A console that is on the screen, with time in the journey's hands. */
async function readied(stage) {
  await stage.page.clock.install();
  await stage.mount();
  return onScreen(stage);
}

/** The console that was mounted, once it is on the screen. From then on no time passes but what the journey lets pass. */
async function onScreen(stage) {
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  await expect.poll(() => stage.get('ready')).toBe(true);
  await stage.page.clock.pauseAt(Date.now() + 60_000);
  return played;
}

test('a console that hangs without unsaved work keeps nobody', async ({ stage }) => {
  await readied(stage);
  await stage.page.evaluate(() => void (globalThis.leaving = handle.askLeave().then((it) => (globalThis.left = it))));
  await stage.page.clock.runFor(2_100);
  await expect.poll(() => stage.page.evaluate(() => globalThis.left)).toBe(true);
});

test('a question that the reader is asked after all waits for the reader', async ({ stage }) => {
  const played = await readied(stage);
  await stage.page.evaluate(() => void handle.askLeave().then((it) => (globalThis.left = it)));
  const [{ id }] = await played.got('leave');
  // Typed in the moment before the question came.
  await played.say('dirty', { dirty: true });
  await expect.poll(() => stage.get('dirty')).toBe(true);
  await stage.page.clock.runFor(60_000);
  expect(await stage.page.evaluate(() => globalThis.left)).toBe(undefined);
  await played.say('leave_answer', { id, may_leave: false });
  await expect.poll(() => stage.page.evaluate(() => globalThis.left)).toBe(false);
});

test('a console that broke off with unsaved work keeps nobody', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.signals = [];
    globalThis.handle = mount({ src, getToken: ({ signal }) => new Promise(() => signals.push(signal)) });
  }, stage.src);
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  await played.say('dirty', { dirty: true });
  await played.ask('1');
  await expect.poll(() => stage.page.evaluate(() => signals.length)).toBe(1);
  await stage.page.evaluate(() => void (globalThis.leaving = handle.askLeave()));
  await played.got('leave');
  await played.say('problem', { code: 'crashed' });
  expect(await stage.page.evaluate(() => leaving)).toBe(true);
  expect(await stage.page.evaluate(() => handle.askLeave())).toBe(true);
  expect(await stage.page.evaluate(() => [handle.ready, handle.dirty, signals[0].aborted])).toEqual([false, false, true]);
  expect(await stage.page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(true);
});

test('a console that does not come up after its hello is said', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.mount();
  const played = await stage.console();
  await played.welcomed();
  await stage.page.clock.runFor(20_100);
  await expect.poll(() => stage.told('problem')).toEqual([{ code: 'silent', by: 'host' }]);

  await played.frame.evaluate(() => rig.hello());
  await played.got('welcome', 2);
  await played.say('ready', { version: 1, release: 'x' });
  await expect.poll(() => stage.get('ready')).toBe(true);
  await stage.page.clock.runFor(60_000);
  expect(await stage.told('problem')).toHaveLength(1);
});

test('no console at the address is said', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.mount({ src: `${stage.src}&mute` });
  await stage.console();
  await stage.page.clock.runFor(20_100);
  await expect.poll(() => stage.told('problem')).toEqual([{ code: 'silent', by: 'host' }]);
});

test('after it was taken away nothing of it is left', async ({ stage }) => {
  await stage.page.clock.install();
  await stage.page.evaluate((src) => {
    globalThis.listening = new Map();
    for (const [name, by] of [['addEventListener', 1], ['removeEventListener', -1]]) {
      const plain = globalThis[name].bind(globalThis);
      globalThis[name] = (type, ...rest) => {
        if (['message', 'beforeunload'].includes(type)) listening.set(type, (listening.get(type) ?? 0) + by);
        return plain(type, ...rest);
      };
    }
    globalThis.calls = [];
    globalThis.handle = mount({ src, getToken: ({ signal }) => new Promise((resolve) => calls.push({ resolve, signal })) });
  }, stage.src);
  const played = await stage.console();
  await played.welcomed();
  await played.say('ready', { version: 1, release: 'x' });
  await played.say('dirty', { dirty: true });
  await expect.poll(() => stage.get('dirty')).toBe(true);
  await played.ask('1');
  await expect.poll(() => stage.page.evaluate(() => calls.length)).toBe(1);
  await played.ask('2');
  await stage.page.evaluate(() => {
    told.length = traced.length = 0;
    globalThis.leaving = handle.askLeave();
    handle.destroy();
    handle.destroy();
  });
  expect(await stage.page.evaluate(() => leaving)).toBe(true);
  expect(await stage.page.locator('iframe').count()).toBe(0);
  await stage.page.clock.runFor(60_000);
  await stage.page.evaluate(() => calls.forEach((it) => it.resolve('late')));
  await stage.page.evaluate(() => {
    handle.setTheme('dark');
    handle.setRoute('/?q=late');
    handle.signOut();
    postMessage({ latchkey: 'hello', versions: [1] }, location.origin);
  });
  await stage.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  expect(await stage.page.evaluate(() => calls.map((it) => it.signal.aborted))).toEqual([true]);
  expect(await stage.page.evaluate(() => traced.map((it) => it[1].type))).toEqual(['leave']);
  expect(await stage.get('ignored')).toBe(0);
  expect(await stage.page.evaluate(() => [...listening.entries()].filter((it) => it[1] > 0))).toEqual([]);
});

test('two consoles of a page do not hear each other', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.both = ['one', 'two'].map((token) => mount({ src, getToken: () => token }));
  }, stage.src);
  for (const nth of [0, 1]) {
    const played = await stage.console(nth);
    await played.welcomed();
    await played.ask(`${nth}`);
    expect((await played.got('token'))[0]).toMatchObject({ id: `${nth}`, token: ['one', 'two'][nth] });
    await played.say('route', { route: `/?q=${nth}` });
  }
  await expect.poll(() => stage.page.evaluate(() => both.map((it) => it.route))).toEqual(['/?q=0', '/?q=1']);
  expect(await stage.page.evaluate(() => both.map((it) => it.ignored))).toEqual([0, 0]);
  await stage.page.evaluate(() => both[0].destroy());
  await (await stage.console(0)).say('route', { route: '/?q=still' });
  await expect.poll(() => stage.page.evaluate(() => both[1].route)).toBe('/?q=still');
});

test('a failing listener of the host stops nothing', async ({ stage }) => {
  await stage.page.evaluate((src) => {
    globalThis.handle = sdk.mountConsole(document.querySelector('#here'), { src });
    handle.on('route', () => {
      throw new Error('planted');
    });
    const off = handle.on('route', ({ route }) => told.push(route));
    handle.on('route', () => off());
  }, stage.src);
  const played = await stage.console();
  await played.welcomed();
  await played.say('route', { route: '/?q=1' });
  await played.say('route', { route: '/?q=2' });
  await expect.poll(() => stage.get('route')).toBe('/?q=2');
  expect(await stage.page.evaluate(() => told)).toEqual(['/?q=1']);
  await expect.poll(() => stage.faults.length).toBe(2);
  expect(stage.faults.splice(0)).toEqual(['planted', 'planted']);
});
