// The console inside a portal: the workbench around it, the real gateway behind it.

import { violations } from '../support/axe.mjs';
import { CALLS } from '../support/control.mjs';
import { expect, test } from '../support/embedded.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { t } from '../support/texts.mjs';

/** The keys of the list by their titles that stand alone, so that one can be told from another. */
async function plainKey(gateway, fits = () => true) {
  const all = await gateway.keys();
  return all.find((it) => it.title.trim() !== '' && all.filter((other) => other.title === it.title).length === 1 && fits(it));
}

test('the portal signs in; keys are listed, made, changed and switched; the portal hears of it without secrets', async ({ portal, gateway, office, page, context }) => {
  await context.grantPermissions(['clipboard-write'], { origin: gateway.url });
  const console = await portal.enter();
  // What the frame may do is asked of the page around it, in some builds of the browser.
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(page.url()).origin });
  await console.list.shows(1, 25, 30);
  await portal.state('Tokens asked', '1');
  expect(office.tokens.map(({ connection, reason }) => ({ connection, reason }))).toEqual([{ connection: 'qualys-gateway', reason: 'start' }]);

  await console.list.newKey.click();
  await console.create.form.title.fill('Made in the portal');
  await console.create.form.limit.fill('25');
  await console.create.form.licence('VM').check();
  await console.create.send.click();
  await expect(console.create.done).toBeVisible();
  const made = (await gateway.keys()).find((it) => it.title === 'Made in the portal');
  // The frame may write to the clipboard: what it copied can be read elsewhere.
  await console.create.copyKey.click();
  await expect(console.create.scope.getByRole('status').filter({ hasText: t('ui.copied') })).toBeVisible();
  await portal.route.focus();
  expect((await page.evaluate(() => navigator.clipboard.readText())) === made.activationKey).toBe(true);
  await console.create.close.click();
  await portal.said('event');

  await console.list.sortBy('list.column_created');
  await console.list.sortBy('list.column_created');
  await console.list.opener('Made in the portal').click();
  await console.key.startEdit('Made in the portal');
  await console.key.form.limit.fill('30');
  await console.key.save.click();
  await expect(console.key.says(t('write.as_asked'))).toBeVisible();
  await portal.said('event', 2);
  await console.key.button('key.disable').click();
  await console.enable.disable.click();
  const events = await portal.said('event', 3);
  expect(events.map((it) => [it.name, it.key, it.connection])).toEqual([
    ['key.created', String(made.id), 'qualys-gateway'],
    ['key.changed', String(made.id), 'qualys-gateway'],
    ['key.disabled', String(made.id), 'qualys-gateway'],
  ]);
  for (const { at } of events) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(120_000);
  expect((await gateway.key(made.id)).isDisabled).toBe(true);

  // Neither the token nor a key's value nor a title is anywhere in the portal's page or storage, and no token in the frame's.
  const keys = await gateway.keys();
  const here = (await page.content()) + (await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href])));
  for (const secret of [...office.tokens.map((it) => it.token), ...keys.map((it) => it.activationKey), 'Made in the portal']) {
    expect(here.includes(secret)).toBe(false);
  }
  const inside = await portal.inside();
  const kept = await inside.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href]));
  for (const { token } of office.tokens) expect(kept.includes(token)).toBe(false);
  expect(office.calls.every((it) => !it.includes('eyJ'))).toBe(true);
});

test('the frame is as the contract says, and its address is plain', async ({ portal, gateway }) => {
  await portal.enter();
  await expect(portal.frames).toHaveAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-downloads');
  await expect(portal.frames).toHaveAttribute('src', `${gateway.url}/`);
  expect(await (await portal.inside()).evaluate(() => document.referrer)).toBe('');
});

test('theme, colours and locale of the portal', async ({ portal }) => {
  const console = await portal.enter();
  const inside = await portal.inside();
  const style = (name) => inside.evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(), name);
  await portal.scheme.selectOption('dark');
  await expect.poll(() => style('color-scheme')).toBe('dark');
  await portal.tokens.selectOption('plum');
  await expect.poll(() => style('--accent')).toBe('#dca6ea');
  await portal.scheme.selectOption('light');
  await expect.poll(() => style('--accent')).toBe('#7a2e8a');
  await expect.poll(() => style('color-scheme')).toBe('light');

  // What nobody could read is refused as a whole, and said.
  await portal.tokens.selectOption('unreadable');
  await expect(portal.says('theme_refused')).toBeVisible();
  expect(await style('--accent')).toBe('#7a2e8a');
  await portal.tokens.selectOption('none');
  await expect.poll(() => style('--accent')).not.toBe('#7a2e8a');

  await portal.locale.selectOption('ar-EG');
  await expect.poll(() => inside.evaluate(() => document.documentElement.dir)).toBe('rtl');
  await portal.locale.selectOption('de-DE');
  await expect.poll(() => inside.evaluate(() => document.documentElement.dir)).not.toBe('rtl');
  await expect(console.list.table).toBeVisible();
});

test('routes go in and out, and the back button stays the portal’s', async ({ portal, gateway, page, canary }) => {
  canary.allows('page', 'the reader types a key into the query');
  const console = await portal.enter();
  const steps = await page.evaluate(() => history.length);
  const disabled = (await gateway.keys()).filter((it) => it.isDisabled).length;
  await portal.goTo(`/?q=${encodeURIComponent('activationKey.isDisabled: true')}&token=leak&sort=created`);
  await console.list.shows(1, disabled, disabled);
  await expect(console.query.text).toHaveValue('activationKey.isDisabled: true');
  await expect(portal.figure('Route')).toContainText('q=activationKey.isDisabled');
  await expect(portal.figure('Route')).not.toContainText('leak');

  await console.query.clear.click();
  await console.list.shows(1, 25, 30);
  await expect(portal.figure('Route')).not.toContainText('q=');
  await console.list.next.click();
  await console.list.shows(26, 30, 30);
  await expect(portal.figure('Route')).toContainText('page=2');

  // A query about a key's value goes neither way.
  const { activationKey } = await plainKey(gateway);
  await console.query.run(`activationKey: ${activationKey}`);
  await console.list.shows(1, 1, 1);
  expect(JSON.stringify(await portal.messages()).includes(activationKey)).toBe(false);
  await portal.goTo(`/?q=${encodeURIComponent(`activationKey: ${activationKey}`)}`);
  await console.list.shows(1, 25, 30);
  expect(await page.evaluate(() => history.length)).toBe(steps);

  // Loaded again, the frame shows what it showed.
  await portal.goTo('/?page=2');
  await console.list.shows(26, 30, 30);
  await portal.reload.click();
  await portal.said('hello', 2);
  await (await portal.console()).list.shows(26, 30, 30);
});

test('a key’s value in a query is told to nobody', async ({ portal, gateway, page, canary }) => {
  canary.allows('page', 'the reader types the value into the query');
  const console = await portal.enter();
  const { activationKey } = await plainKey(gateway);
  await console.query.run(`activationKey: ${activationKey}`);
  await console.list.shows(1, 1, 1);
  await console.list.sortBy('list.column_created');
  await console.list.shows(1, 1, 1);
  expect(await page.content()).not.toContain(activationKey);
});

test('unsaved work is told, asked about, and kept if the reader stays', async ({ portal, page }) => {
  const console = await portal.enter();
  const warns = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await portal.leave.click();
  await expect(portal.says('The portal may leave')).toBeVisible();
  expect(await warns()).toBe(false);

  await console.list.newKey.click();
  await console.create.form.title.fill('Half done');
  await portal.state('Unsaved', 'yes');
  expect(await warns()).toBe(true);
  await portal.leave.click();
  await expect(console.leaving).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(portal.says('The reader stays')).toBeVisible();
  await expect(console.create.form.title).toHaveValue('Half done');

  await portal.goTo('/?page=2');
  await expect(console.going).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(console.going).toBeHidden();
  await expect(console.create.form.title).toHaveValue('Half done');

  await portal.leave.click();
  await console.leaving.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await expect(portal.says('The portal may leave')).toBeVisible();
  expect((await portal.messages('leave_answer')).map((it) => it.may_leave)).toEqual([true, false, true]);
  // What the reader gave up is not there for whoever comes next.
  await portal.takeAway.click();
  await expect(portal.frames).toHaveCount(0);
  const next = await portal.enter();
  await next.list.shows(1, 25, 30);
  await expect(next.create.form.title).toHaveCount(0);
  expect(await (await portal.inside()).evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Half done');
});

test('a form comes back in the frame it was in, and in no other', async ({ portal }) => {
  await portal.start(portal.putInTwice);
  const [one, two] = [await portal.console(0), await portal.console(1)];
  for (const [console, title] of [[one, 'Of the first'], [two, 'Of the second']]) {
    await console.list.loaded();
    await console.list.newKey.click();
    await console.create.form.title.fill(title);
  }
  const kept = () => two.page.evaluate(() => sessionStorage.getItem('latchkey.drafts') ?? '');
  await expect.poll(kept).toMatch(/Of the first.*Of the second/);
  await one.page.evaluate(() => location.reload());
  await expect(one.create.form.title).toHaveValue('Of the first');
  await expect(two.create.form.title).toHaveValue('Of the second');
  // A frame that is put in anew is another one.
  await portal.takeAway.click();
  await expect(portal.frames).toHaveCount(0);
  const next = await portal.enter();
  await next.list.shows(1, 25, 30);
  await expect(next.create.form.title).toHaveCount(0);
});

test('read-only offers and sends no change', async ({ portal, gateway }) => {
  await portal.readonly.check();
  const console = await portal.enter();
  const key = await plainKey(gateway);
  await expect(console.list.newKey).toBeHidden();
  await expect(console.list.says(t('embed.read_only_title'))).toBeVisible();
  await portal.readonly.uncheck();
  await expect(console.list.newKey).toBeVisible();
  await console.list.opener(key.title).click();
  await expect(console.key.edit).toBeVisible();
  await portal.readonly.check();
  await expect(console.key.edit).toBeHidden();
  expect(await gateway.writes()).toEqual([]);
});

test('read-only holds changes to many keys that are under way, whichever connection is on the screen', async ({ portal, gateway }) => {
  test.slow();
  await gateway.fault({ method: 'PATCH', path: `${CALLS.search.path}/*` }, 'delay', { delay_ms: 150, times: 1_000 });
  const keys = await gateway.addKeys(...Array.from({ length: 20 }, (_, at) => ({ title: `Bulk ${String(at + 1).padStart(2, '0')}` })));
  await gateway.clearLog();
  const console = await portal.enter();
  const bulk = new Bulk(console);
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('disable', 20);
  await dialog.button(t('bulk.go_disable', { n: 20 })).click();
  const job = bulk.job(t('bulk.go_disable', { n: 20 }));
  // Other systems read with POST.
  const done = async () => (await gateway.writes()).filter((it) => it.method === 'PATCH').length;
  await expect.poll(done).toBeGreaterThan(2);
  await portal.readonly.check();
  await expect(job.scope.getByRole('status')).toHaveText(t('bulk.wait_read_only'));
  const held = await done();
  expect(held).toBeLessThan(18);
  await portal.goTo('/?connection=all');
  await expect(job.scope).toBeHidden();
  await portal.goTo('/?connection=qualys-gateway');
  await console.list.loaded();
  await expect(job.scope.getByRole('status')).toHaveText(t('bulk.wait_read_only'));
  // At most two were on their way; they are done, and none of the others left or failed.
  await expect(async () => expect(await job.scope.textContent()).toContain(`${await done()} of 20: ${await done()} done.`)).toPass();
  expect(await done()).toBeLessThanOrEqual(held + 2);
  await portal.readonly.uncheck();
  await job.ended('20 done');
  expect(await done()).toBe(20);
  expect((await gateway.keys()).filter((it) => keys.some(({ id }) => id === it.id)).every((it) => it.isDisabled)).toBe(true);
});

test('signing out, by the portal and by the reader', async ({ portal, office, gateway }) => {
  const console = await portal.enter();
  const { title } = await plainKey(gateway);
  await portal.signOut.click();
  await expect(console.page.getByText(t('embed.signed_out'), { exact: true })).toBeVisible();
  const inside = await portal.inside();
  expect(await inside.evaluate(() => document.body.textContent)).not.toContain(title);
  expect(await inside.evaluate(() => sessionStorage.length)).toBe(0);

  await console.button('embed.ask_again').click();
  await console.list.loaded();
  expect(office.tokens).toHaveLength(2);
  await console.signOut.click();
  await expect(portal.says('The reader signed out')).toBeVisible();
  expect(await inside.evaluate(() => document.body.textContent)).not.toContain(title);
});

test('without a token callback the console has its own sign-in', async ({ portal, gateway }) => {
  await portal.source.selectOption('own');
  const console = await portal.start();
  await console.door.withPassword(gateway.account.user, gateway.account.password);
  await console.list.loaded();
  expect(await portal.messages('token_request')).toEqual([]);
});

test.describe('with as many keys as a page shows', () => {
  test.use({ keys: 20 });

  test.beforeEach(async ({ gateway }) => {
    const all = await gateway.keys();
    for (const [nth, { id }] of all.entries()) await gateway.patchKey(id, { isDisabled: nth < 3 });
  });

  test('the frame follows its content up and down within a pixel and 200 milliseconds', async ({ portal, page }, info) => {
    const console = await portal.enter();
    const inside = await portal.inside();
    // Both windows write down their heights at each frame that is drawn, against one clock.
    const watch = (measured) => {
      globalThis.heights = [];
      globalThis.drawn = [];
      const look = () => {
        drawn.push(performance.timeOrigin + performance.now());
        const height = globalThis[measured]();
        if (heights.at(-1)?.height !== height) heights.push({ at: performance.timeOrigin + performance.now(), height });
        requestAnimationFrame(look);
      };
      look();
    };
    await page.evaluate(() => (globalThis.frameHeight = () => document.querySelector('.console iframe').getBoundingClientRect().height));
    await inside.evaluate(() => (globalThis.bodyHeight = () => Math.max(400, document.body.getBoundingClientRect().height)));
    await page.evaluate(watch, 'frameHeight');
    await inside.evaluate(watch, 'bodyHeight');

    /** Waits until the frame has the height of its content, and tells how long its last step took. */
    const follows = async (rows) => {
      await console.list.shows(1, rows, rows);
      await expect
        .poll(async () => Math.abs((await page.evaluate(() => frameHeight())) - (await inside.evaluate(() => bodyHeight()))))
        .toBeLessThanOrEqual(1);
      const [frames, bodies] = [await page.evaluate(() => heights), await inside.evaluate(() => heights)];
      const { at, height } = bodies.at(-1);
      const then = frames.find((it) => it.at >= at && Math.abs(it.height - height) <= 1)?.at ?? at;
      const between = (await page.evaluate(() => drawn)).filter((it) => it > at && it <= then).length;
      return { height, took: { millis: Math.round(then - at), between } };
    };
    const steps = { up: [], down: [] };
    let last = Infinity;
    for (let nth = 0; nth < 5; nth += 1) {
      await console.query.run('activationKey.isDisabled: true');
      const small = await follows(3);
      expect(small.height).toBeLessThan(last - 100);
      steps.down.push(small.took);
      await console.query.clear.click();
      const large = await follows(20);
      expect(large.height).toBeGreaterThan(small.height + 100);
      steps.up.push(large.took);
      last = large.height;
    }
    info.annotations.push({ type: 'heights', description: JSON.stringify(steps) });
    // In pictures that were drawn: 200 ms are 12 of them at 60 a second. A machine that is busy with something else draws
    // fewer in that time, which says nothing about the console.
    for (const { between } of [...steps.up, ...steps.down]) expect(between, JSON.stringify(steps)).toBeLessThanOrEqual(12);
  });
});

test('in a frame of 400 pixels dialogs and menus are whole', async ({ portal, gateway }) => {
  await portal.height.selectOption('fixed');
  const console = await portal.enter();
  const { title } = await plainKey(gateway);
  const isWhole = async (locator) => {
    await expect(locator).toBeVisible();
    return locator.evaluate((it) => {
      const { top, bottom } = it.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  };
  await console.list.newKey.click();
  expect(await isWhole(console.create.scope)).toBe(true);
  await console.create.close.click();
  await console.list.menu(title).click();
  expect(await isWhole(console.page.getByRole('menu'))).toBe(true);
});

test('two consoles on one page: each its port, its token and its state', async ({ portal, office }) => {
  await portal.start(portal.putInTwice);
  const [one, two] = [await portal.console(0), await portal.console(1)];
  await one.list.loaded();
  await two.list.loaded();
  expect(office.tokens).toHaveLength(2);
  await one.query.run('activationKey.isDisabled: true');
  await expect(portal.figure('Route')).toContainText('isDisabled');
  await two.list.shows(1, 25, 30);
  await portal.state('Ignored here', '0');
  await portal.state('Ignored there', '0');
});

test('as an element it is the same console', async ({ portal, gateway }) => {
  await portal.as.selectOption('element');
  await portal.scheme.selectOption('dark');
  const console = await portal.enter();
  await console.list.shows(1, 25, 30);
  await portal.goTo('/?page=2');
  await console.list.shows(26, 30, 30);
  await portal.takeAway.click();
  await expect(portal.frames).toHaveCount(0);
  await gateway.clearLog();
  await portal.enter();
});

test('nothing but the console and the portal is called, and both pass axe', async ({ portal, page }) => {
  expect(await violations(page)).toEqual([]);
  await portal.enter();
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await portal.scheme.selectOption(scheme);
    const inside = await portal.inside();
    await expect.poll(() => inside.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe(scheme);
    expect(await violations(page), `portal, ${scheme}`).toEqual([]);
    expect(await violations(inside), `console, ${scheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await violations(page), 'portal at 320 px').toEqual([]);
});
