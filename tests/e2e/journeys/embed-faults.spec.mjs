// What goes wrong between portals and what they embed, injected by the workbench. The eight are those on which other
// products' embeddings broke: clock, offline, signed out, a callback that hangs, one that fails, taken away too early,
// content that shrinks, and windows that are not who they were.

import { holdClock } from '../support/clock.mjs';
import { expect, test } from '../support/embedded.mjs';
import { SolifynConsole } from '../support/pages/solifyn.mjs';
import { t } from '../support/texts.mjs';

/** A token of the gateway lives four hours; the console renews it when a tenth of that is left. */
const LIFE = 4 * 3600;
const RENEWAL = (LIFE * 9) / 10;

const clockOf = (seconds) => seconds * 1000;

for (const [name, skew] of [
  ['fast', 300],
  ['slow', -300],
]) {
  test(`1: a clock that is 5 minutes ${name}`, async ({ portal, page, gateway, office }) => {
    await holdClock(page);
    await page.clock.setSystemTime(Date.now() + clockOf(skew));
    await portal.open();
    const console = await portal.enter();
    expect(await (await portal.inside()).evaluate(() => Date.now())).not.toBeCloseTo(Date.now(), -5);
    // The clock runs on while the list loads, so a minute each side is left.
    await page.clock.fastForward(clockOf(RENEWAL - 60));
    await page.clock.runFor(2_000);
    expect(office.tokens.map((it) => it.reason)).toEqual(['start']);
    // The service's clock is the machine's, which stood still: it is told that the hours went by.
    await gateway.expireTokens();
    await page.clock.fastForward(clockOf(120));
    await expect.poll(() => office.tokens.map((it) => it.reason)).toEqual(['start', 'expiring']);
    await portal.said('token', 2);
    await console.list.refresh.click();
    await console.list.loaded();
    expect((await gateway.log()).filter((it) => it.status === 401)).toEqual([]);
  });

  test(`1: a portal whose clock is 5 minutes ${name}, of tokens that do not say their end`, async ({ portal, page, gateway, office }) => {
    await holdClock(page);
    await portal.open();
    await portal.connection.fill('solifyn');
    await portal.clock.selectOption(String(skew));
    const console = await portal.start();
    await new SolifynConsole(console.page, gateway).list.loaded();
    // An hour as such a portal reckons it, and nine tenths of that.
    const [{ expires_in: told }] = await portal.messages('token');
    expect(Math.abs(told - 3600)).toBe(300);
    await page.clock.fastForward(clockOf(told * 0.9 - 60));
    await page.clock.runFor(2_000);
    expect(office.tokens.map((it) => it.reason)).toEqual(['start']);
    await page.clock.fastForward(clockOf(120));
    // Before the real end, either way.
    expect(told * 0.9 + 62).toBeLessThan(3600);
    await expect.poll(() => office.tokens.map((it) => it.reason)).toEqual(['start', 'expiring']);
  });
}

test('2: offline over the renewal, then back', async ({ portal, page, context, guard, office, gateway }) => {
  guard.expectTrouble();
  await holdClock(page);
  await portal.open();
  const console = await portal.enter();
  await context.setOffline(true);
  await page.clock.fastForward(clockOf(RENEWAL + 60));
  await expect(portal.says('token_error').or(portal.says('token_refused'))).toBeVisible();
  await expect(portal.figure('Tokens asked')).not.toHaveText('1');
  expect(office.tokens).toHaveLength(1);
  await page.clock.fastForward(clockOf(300));
  await gateway.expireTokens();
  await context.setOffline(false);
  await expect.poll(() => office.tokens.length).toBeGreaterThan(1);
  await console.list.refresh.click();
  await console.list.shows(1, 25, 30);
  // The journey moved the page's clock hours ahead of the service's: until the first answer tells the time, the new token
  // may look old, and one more is asked for.
  expect(office.tokens.length).toBeLessThan(4);
});

test('3: the portal’s user is signed out, and comes back', async ({ portal, guard, gateway, office }) => {
  guard.expectTrouble();
  const console = await portal.enter();
  await console.list.newKey.click();
  await console.create.form.title.fill('Kept over the sign-out');
  await portal.callback.selectOption('signed-out');
  await gateway.expireTokens();
  await console.create.send.click();
  await expect(console.page.getByText(t('embed.over_text'))).toBeVisible();
  expect((await portal.messages('token_refused')).map((it) => it.reason)).toEqual(['signed_out']);
  await portal.state('Tokens asked', '2');

  await portal.callback.selectOption('answers');
  await console.button('embed.ask_again').click();
  await expect(console.page.getByText(t('embed.over_text'))).toBeHidden();
  await expect(console.create.done).toBeVisible();
  expect((await gateway.keys()).filter((it) => it.title === 'Kept over the sign-out')).toHaveLength(1);
  expect(office.tokens.map((it) => it.reason)).toEqual(['start', 'start']);
  await portal.state('Tokens asked', '3');
});

test('4: a callback that never settles', async ({ portal, page, office }) => {
  test.slow();
  await holdClock(page);
  await portal.open();
  await portal.callback.selectOption('hangs');
  const console = await portal.start();
  await portal.state('Tokens asked', '1');
  await page.clock.fastForward(clockOf(10));
  await expect(portal.says('token_')).toBeVisible();
  await portal.callback.selectOption('answers');
  // The console counts from when it heard of the refusal, and may have asked once more while the callback still hung.
  await expect
    .poll(
      async () => {
        const isThere = await console.list.openers.first().isVisible();
        if (!isThere) await page.clock.fastForward(clockOf(2));
        return isThere;
      },
      { intervals: [1_000], timeout: 40_000 },
    )
    .toBe(true);
  expect(office.tokens.length).toBeGreaterThan(0);
  expect([...new Set((await portal.messages('token_refused')).map((it) => it.reason))]).toEqual(['unavailable']);
});

test('5: a callback that fails once', async ({ portal, office }) => {
  await portal.callback.selectOption('fails-once');
  const console = await portal.start();
  await console.list.loaded();
  await portal.state('Tokens asked', '2');
  expect(office.tokens).toHaveLength(1);
  expect((await portal.messages()).filter((it) => it.type.startsWith('token')).map((it) => it.type)).toEqual([
    'token_request',
    'token_refused',
    'token_request',
    'token',
  ]);
});

test('6: taken away while a token is asked for', async ({ portal, page, gateway, office }) => {
  await holdClock(page);
  await portal.open();
  await portal.callback.selectOption('hangs');
  await portal.pending.click();
  await portal.putIn.click();
  await expect(portal.says('Taken away while a token was asked for')).toBeVisible();
  await expect(portal.frames).toHaveCount(0);
  const before = await portal.messages();
  await page.clock.fastForward(clockOf(120));
  expect(await portal.messages()).toEqual(before);
  expect(page.frames()).toHaveLength(1);
  expect(office.tokens).toEqual([]);

  await gateway.clearLog();
  await portal.callback.selectOption('answers');
  await portal.enter();
  expect((await gateway.log()).filter((it) => it.status === 401)).toEqual([]);
});

test.describe('with many keys', () => {
  test.use({ keys: 120 });

  test('7: content that shrinks after it grew', async ({ portal }) => {
    const console = await portal.enter();
    await console.list.shows(1, 25, 120);
    await portal.swing.click();
    // A hundred rows are much for a build without optimisation on a busy machine.
    const patient = { timeout: 30_000 };
    await expect.poll(async () => (await portal.messages('route')).map((it) => it.route), patient).toContain('/?size=100');
    // The size that pages have by themselves may be said or not.
    await expect.poll(async () => (await portal.messages('route')).at(-1).route, patient).toMatch(/^\/(\?size=25)?$/);
    await console.list.shows(1, 25, 120);
    const inside = await portal.inside();
    await expect
      .poll(async () => {
        const frame = await portal.frames.evaluate((it) => it.getBoundingClientRect().height);
        const body = await inside.evaluate(() => Math.max(400, document.body.getBoundingClientRect().height));
        const grown = Math.max(...(await portal.messages('height')).map((it) => it.height));
        return Math.abs(frame - body) <= 1 && frame < grown - 500;
      }, patient)
      .toBe(true);
  });
});

test('8: the frame loads again, the portal loads again', async ({ portal, page, office }) => {
  const console = await portal.enter();
  await console.list.next.click();
  await console.list.shows(26, 30, 30);
  await portal.reload.click();
  await portal.said('ready', 2);
  await (await portal.console()).list.shows(26, 30, 30);
  expect(office.tokens.map((it) => it.reason)).toEqual(['start', 'start']);
  await page.reload();
  await expect(portal.frames).toHaveCount(0);
  await portal.enter();
  expect(office.tokens).toHaveLength(3);
  await portal.state('Ignored here', '0');
});

/** Everything a message could have changed. */
async function snapshot(portal, gateway) {
  const inside = await portal.inside();
  return {
    // What it looks like. Which part of it is seen changes as the page around it scrolls to a button.
    look: await inside.evaluate(() => {
      const { lang, dir, dataset } = document.documentElement;
      const { color, backgroundColor } = getComputedStyle(document.body);
      return { lang, dir, ...dataset, color, backgroundColor, title: document.title, text: document.body.innerText };
    }),
    address: inside.url(),
    storage: await inside.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])),
    route: await portal.figure('Route').textContent(),
    asked: await portal.figure('Tokens asked').textContent(),
    calls: (await gateway.log()).length,
    frames: await portal.frames.count(),
  };
}

test('8: a window of another origin is heard by nobody', async ({ portal, gateway }) => {
  const console = await portal.enter();
  await console.list.shows(1, 25, 30);
  const before = await snapshot(portal, gateway);
  await portal.stranger.click();
  await expect(portal.says('Nobody answered the stranger')).toBeVisible();
  await portal.state('Ignored here', '3');
  await expect(portal.figure('Ignored there')).not.toHaveText('0');
  expect(await snapshot(portal, gateway)).toEqual(before);
});

test('1,000 random messages change nothing', async ({ portal, gateway }) => {
  const console = await portal.enter();
  await console.list.shows(1, 25, 30);
  const before = await snapshot(portal, gateway);
  await portal.random.click();
  await portal.state('Ignored there', '1000');
  expect(await snapshot(portal, gateway)).toEqual(before);
  // And it still listens to what is of the contract.
  await portal.goTo('/?page=2');
  await console.list.shows(26, 30, 30);
});
