// A change of 500 keys while tabs close and crash, the network goes and the sign-in ends. The judge is the gateway's own
// log: every key is done once, and none is lost.

import { toggleOf } from '../support/control.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { anotherTab } from '../support/tabs.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

const KEYS = 500;
const LONG = { timeout: 90_000 };

test.use({ keys: KEYS, switches: { latency: 10 } });

/** Starts switching all keys off, and waits until some are. */
async function started(page, console, gateway) {
  const bulk = new Bulk(console);
  const on = (await gateway.keys()).filter((it) => !it.isDisabled);
  await bulk.pickPage();
  await bulk.bar.every(KEYS).click();
  await bulk.bar.saysOut(KEYS, KEYS - 25);
  await gateway.clearLog();
  const dialog = await bulk.open('disable', KEYS);
  await dialog.button(t('bulk.go_disable', { n: KEYS })).click();
  await underWay(gateway, 40);
  return { bulk, on, ended: `${on.length} done, ${KEYS - on.length} skipped` };
}

function job(bulk) {
  return bulk.job(t('bulk.go_disable', { n: KEYS }));
}

async function committed(gateway) {
  return (await gateway.writes()).filter((it) => it.committed).map((it) => it.path);
}

async function underWay(gateway, count) {
  await expect.poll(async () => (await committed(gateway)).length, LONG).toBeGreaterThan(count);
}

/** Every key that was on is off, by one call each. */
async function judged(gateway, on) {
  const paths = await committed(gateway);
  expect(paths.toSorted()).toEqual(on.map((it) => toggleOf(it.id).path).toSorted());
  expect((await gateway.keys()).every((it) => it.isDisabled)).toBe(true);
}

/** What the browser keeps of the journal, as one text. */
async function kept(page) {
  return page.evaluate(
    () =>
      new Promise((done, fail) => {
        const opening = indexedDB.open('latchkey');
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => {
          const table = opening.result.transaction('journal').objectStore('journal');
          const [names, texts] = [table.getAllKeys(), table.getAll()];
          texts.onsuccess = () => {
            done(JSON.stringify([names.result, texts.result]));
            opening.result.close();
          };
        };
      }),
  );
}

test('a tab that is closed', async ({ gateway, page, signedIn }) => {
  test.slow();
  const { on, ended } = await started(page, signedIn, gateway);
  const context = page.context();
  await context.newPage();
  await page.close();
  const console = await anotherTab(context, gateway);
  await job(new Bulk(console)).ended(ended);
  await judged(gateway, on);
  // What is kept holds neither a value of a key nor the token.
  const text = await kept(console.page);
  expect(text).toContain('"done');
  for (const { activationKey } of await gateway.keys()) expect(text).not.toContain(activationKey);
  expect(text).not.toContain('eyJ');
});

test('a tab that crashes, three times', async ({ gateway, guard, page, signedIn }) => {
  test.slow();
  guard.expectCrash();
  const { on, ended } = await started(page, signedIn, gateway);
  let console = signedIn;
  for (const count of [80, 160, 240]) {
    await underWay(gateway, count);
    const crashed = console.page.waitForEvent('crash');
    const devtools = await console.page.context().newCDPSession(console.page);
    devtools.send('Page.crash').catch(() => {});
    await crashed;
    console = await anotherTab(page.context(), gateway);
  }
  await job(new Bulk(console)).ended(ended);
  await judged(gateway, on);
});

test('two tabs, of which one runs it and the other takes over', async ({ gateway, page, signedIn }) => {
  test.slow();
  const { on, ended } = await started(page, signedIn, gateway);
  const second = await anotherTab(page.context(), gateway);
  await expect(job(new Bulk(second)).scope).toContainText(t('bulk.wait_other_tab'));
  await underWay(gateway, 100);
  await page.close();
  await job(new Bulk(second)).ended(ended);
  await judged(gateway, on);
});

test('the network goes and comes back', async ({ gateway, guard, page, signedIn }) => {
  test.slow();
  guard.expectTrouble();
  const { bulk, on, ended } = await started(page, signedIn, gateway);
  await page.context().setOffline(true);
  const before = (await committed(gateway)).length;
  await expect(job(bulk).scope.getByRole('status')).toHaveText(t('bulk.wait_offline'), LONG);
  expect((await committed(gateway)).length - before).toBeLessThanOrEqual(3);
  await page.context().setOffline(false);
  await job(bulk).ended(ended);
  await judged(gateway, on);
});

test('the sign-in ends, and the next one goes on', async ({ gateway, guard, page, signedIn }) => {
  test.slow();
  guard.expectTrouble();
  const { bulk, on, ended } = await started(page, signedIn, gateway);
  await gateway.expireTokens();
  await signedIn.signInAgain();
  await job(bulk).ended(ended);
  await judged(gateway, on);
});
