// After the program broke off: the screen that says so, a report without data, and a restart that loses nothing but
// secrets. The program is broken as a fault would break it: the browser refuses something that it takes for granted.

import { violations } from '../support/axe.mjs';
import { CALLS } from '../support/control.mjs';
import { Boot } from '../support/pages/boot.mjs';
import { ACCOUNT, expect, test } from '../support/test.mjs';
import { inDays, t } from '../support/texts.mjs';

test.use({ keys: 30 });
test.beforeEach(({ guard }) => guard.expectBreak());

/** What the browser says when it refuses; a text that occurs nowhere else. */
const CANARY = 'canary-9b1e07';

/** The query that the address has when the program breaks off: showing it builds parts of the screen. */
const QUERY = 'activationKey.isDisabled: true';

async function crash(page) {
  // In one go: whatever part of the screen is made next is the one that fails.
  await page.evaluate(
    ([words, query]) => {
      const { createElement } = Document.prototype;
      Document.prototype.createElement = () => {
        Document.prototype.createElement = createElement;
        throw new Error(words);
      };
      const url = new URL(location.href);
      // Another one than before, or there would be nothing to show.
      url.searchParams.set('q', url.searchParams.get('q') === query ? `${query} OR ${query}` : query);
      history.replaceState(null, '', url);
      dispatchEvent(new PopStateEvent('popstate'));
    },
    [CANARY, QUERY],
  );
}

/** Looking up what became of a change takes some seconds. */
const LOOKED_UP = { timeout: 30_000 };

test('the form of a new key comes back after a restart, with route and sign-in', async ({ signedIn, page, gateway }) => {
  const { list, create } = signedIn;
  const boot = new Boot(page);
  await list.newKey.click();
  await create.form.title.fill('Branch offices, spring');
  await create.form.limit.fill('250');
  await create.form.expires.fill(inDays(90));
  await create.form.licence('VM').check();
  await create.form.tags.fill('7340001, 7340002');
  await crash(page);

  await expect(boot.stopped).toBeFocused();
  await expect(create.scope).toBeHidden();
  await gateway.clearLog();
  await boot.restart.click();
  await expect(create.form.title).toHaveValue('Branch offices, spring');
  await expect(create.says(t('kept.restored'))).toBeVisible();
  await expect(create.form.limit).toHaveValue('250');
  await expect(create.form.expires).toHaveValue(inDays(90));
  await expect(create.form.licence('VM')).toBeChecked();
  await expect(signedIn.query.text).toHaveValue(QUERY);
  expect(await gateway.logOf(CALLS.signIn)).toEqual([]);

  // It counts as unsaved, as before; and once it is given up nothing is kept.
  expect(await signedIn.storage()).toContain('Branch offices');
  await page.keyboard.press('Escape');
  await create.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await expect(create.scope).toBeHidden();
  expect(await signedIn.storage()).not.toContain('Branch offices');
});

test('edits of a key come back over what the service has by then', async ({ signedIn, page, gateway }) => {
  const made = await gateway.addKey({ title: 'Payroll servers' });
  const { list, key } = signedIn;
  const boot = new Boot(page);
  await list.refresh.click();
  await list.opener('Payroll servers').click();
  await key.startEdit('Payroll servers');
  await key.form.title.fill('Payroll servers, moved');
  await crash(page);
  await expect(boot.stopped).toBeVisible();
  await gateway.patchKey(made.id, { countPurchased: 77 });

  await boot.restart.click();
  await expect(key.form.title).toHaveValue('Payroll servers, moved');
  await expect(key.form.limit).toHaveValue('77');
  await gateway.clearLog();
  await key.save.click();
  await expect(page.getByRole('dialog', { name: 'Payroll servers, moved', exact: true })).toBeVisible();
  const [sent] = await gateway.writes();
  expect(sent.body).toEqual({ title: 'Payroll servers, moved' });
});

test('a change that was under way is looked up, and happens once', async ({ signedIn, page, gateway }) => {
  const { list, create } = signedIn;
  const boot = new Boot(page);
  await gateway.fault(CALLS.create, 'delay', { delay_ms: 600_000, delay: 'after' });
  await list.newKey.click();
  await create.form.title.fill('Made in the dark');
  await gateway.clearLog();
  await create.send.click();
  await expect.poll(() => gateway.writes()).toHaveLength(1);
  await crash(page);
  await expect(boot.stopped).toBeVisible();
  await gateway.clearFaults();
  await boot.restart.click();
  await signedIn.list.loaded();
  await page.getByRole('button', { name: t('bulk.changes'), exact: true }).click();
  const change = page.getByRole('dialog').getByRole('row').filter({ hasText: 'Made in the dark' });
  await expect(change).toContainText('1 done', LOOKED_UP);
  expect((await gateway.keys()).filter((it) => it.title === 'Made in the dark')).toHaveLength(1);
  expect(await gateway.writes()).toHaveLength(1);
});

test('the report says where and what, and nothing of the reader or of a key', async ({ signedIn, page, context, gateway, canary }) => {
  canary.allows('address', 'a value is written there to see that the report leaves it out');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { list, create } = signedIn;
  const boot = new Boot(page);
  const secret = await gateway.addKey({ title: 'Payroll servers' });
  await page.evaluate((value) => history.replaceState(null, '', `?portal=${value}`), CANARY);
  await list.newKey.click();
  await create.form.title.fill('Branch offices, spring');
  await crash(page);
  await boot.copy.click();
  await expect(page.getByText('The report is copied.')).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  for (const wanted of [/^Latchkey crash report$/m, /^release: [0-9a-f]{8,16}$/m, /^error: RuntimeError \(unreachable\)$/m, /^where: tachys-[\d.]+\/src\/renderer\/dom\.rs:\d+$/m, /^ {2}\S+Z open create$/m, /^address has: portal, q$/m]) {
    expect(report).toMatch(wanted);
  }
  for (const hidden of [CANARY, secret.activationKey, ACCOUNT.user, ACCOUNT.password, 'Branch', 'Payroll', 'isDisabled', 'eyJ']) {
    expect(report).not.toContain(hidden);
  }
  // The screen holds no more than the report does.
  const dom = await signedIn.dom();
  for (const hidden of [CANARY, secret.activationKey, 'Payroll', 'Branch']) expect(dom).not.toContain(hidden);
});

test('where the page may not copy, the report is there to be selected', async ({ signedIn, page }) => {
  const boot = new Boot(page);
  await signedIn.list.loaded();
  await page.evaluate(() => {
    Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject(new Error('denied')) });
  });
  await crash(page);
  await boot.copy.click();
  await expect(boot.report).toBeFocused();
  expect(await page.evaluate(() => getSelection().toString())).toContain('Latchkey crash report');
});

for (const [name, provoke, said] of [
  [
    'what was thrown right through it',
    () => {
      // Nobody in the program expects this one to throw, so nobody catches it.
      Document.prototype.createTextNode = () => {
        throw new TypeError('canary-9b1e07');
      };
    },
    /^error: TypeError$/m,
  ],
  [
    'a stack that ran over',
    () => {
      Document.prototype.createTextNode = function again() {
        // The program is entered again and again, until there is no room.
        return again.call(this) + 1;
      };
    },
    /^error: RangeError \(Maximum call stack size exceeded\)$/m,
  ],
]) {
  test(`it also stops for ${name}`, async ({ signedIn, page }) => {
    const boot = new Boot(page);
    await signedIn.list.loaded();
    await page.evaluate(provoke);
    await signedIn.list.newKey.click();
    await expect(boot.stopped).toBeVisible();
    await expect(boot.report).toHaveValue(said);
    await expect(boot.report).not.toHaveValue(new RegExp(CANARY));
  });
}

test('after it stopped, nothing of it acts: no call, no question of the browser', async ({ signedIn, page, gateway }) => {
  const { list, create } = signedIn;
  const boot = new Boot(page);
  await list.newKey.click();
  await create.form.title.fill('Never sent');
  let asked = false;
  page.on('dialog', () => {
    asked = true;
  });
  await crash(page);
  await expect(boot.stopped).toBeVisible();
  await gateway.clearLog();
  await page.evaluate(() => {
    for (const name of ['online', 'visibilitychange', 'focus', 'popstate', 'storage']) dispatchEvent(new Event(name));
  });
  await page.keyboard.press('n');
  await boot.restart.click();
  await expect(create.form.title).toHaveValue('Never sent');
  expect(asked).toBe(false);
  expect(await gateway.writes()).toEqual([]);
});

test('the third time within a minute a start without unsaved entries is what is offered', async ({ signedIn, page }) => {
  const { list, create } = signedIn;
  const boot = new Boot(page);
  await list.newKey.click();
  await create.form.title.fill('Wrong again');
  for (let nth = 1; nth <= 3; nth += 1) {
    await expect(create.form.title).toHaveValue('Wrong again');
    await crash(page);
    await expect(boot.stopped).toBeVisible();
    if (nth < 3) await boot.restart.click();
  }
  await expect(boot.restart).toBeHidden();
  await expect(boot.scope).toContainText('for the third time within a minute');
  await boot.fresh.click();
  await list.loaded();
  await expect(create.scope).toBeHidden();
  expect(new URL(page.url()).search).toBe('');
  expect(await signedIn.storage()).not.toContain('Wrong again');
});

test('what has the shape of a key is not kept', async ({ signedIn, page }) => {
  const { list, create } = signedIn;
  await list.newKey.click();
  await create.form.title.fill('5f1d6c1e-6a1b-4a3f-9a39-0c3b5a0f7e11');
  await create.form.limit.fill('12');
  await expect.poll(() => signedIn.storage()).toContain('latchkey.drafts');
  expect(await signedIn.storage()).not.toContain('5f1d6c1e');
  await page.keyboard.press('Escape');
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on the recovery screen in the ${colorScheme} theme, which the keyboard works`, async ({ signedIn, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    const boot = new Boot(page);
    await signedIn.list.loaded();
    // What wakes a broken program is taken away; axe needs it back.
    await page.evaluate(() => {
      const { setTimeout, requestAnimationFrame, queueMicrotask } = globalThis;
      globalThis.giveBack = () => Object.assign(globalThis, { setTimeout, requestAnimationFrame, queueMicrotask });
    });
    await crash(page);
    await expect(boot.stopped).toBeFocused();
    await page.evaluate(() => globalThis.giveBack());
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    for (const wanted of [boot.restart, boot.copy, page.locator('summary')]) {
      await page.keyboard.press('Tab');
      await expect(wanted).toBeFocused();
    }
    await page.keyboard.press('Enter');
    await expect(boot.report).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await boot.restart.focus();
    await page.keyboard.press('Enter');
    await signedIn.list.loaded();
  });
}
