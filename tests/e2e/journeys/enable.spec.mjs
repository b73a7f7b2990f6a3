// Enabling and disabling by a call that flips: never into the opposite of what somebody wanted.

import { toggleOf } from '../support/control.mjs';
import { Console } from '../support/pages.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 0 });

const TITLE = 'Shared key';

/** The list with one key in it. */
async function oneKey(console, gateway, fields = {}) {
  const key = await gateway.addKey({ title: TITLE, countUsed: 3, licenses: ['VM'], ...fields });
  await console.open();
  await console.signIn();
  await console.list.loaded();
  await gateway.clearLog();
  return key;
}

/** Waits until the dialog has told what became of the wish; returns it in words. */
async function toldOutcome(console, wish) {
  const { page, enable } = console;
  const done = console.toast(t(wish === 'disable' ? 'write.disabled' : 'write.enabled', { title: TITLE })).last();
  const told = page.getByRole('dialog').getByRole('button', { name: t('ui.close'), exact: true }).last();
  const said = page.getByRole('dialog').getByText(
    new RegExp([t('write.notice_already_so'), t('write.notice_contended'), t('write.moved_fields', { fields: '.*' }).slice(0, 30)].join('|')),
  );
  await expect(said.or(done).first()).toBeVisible({ timeout: 20_000 });
  const words = (await said.count()) > 0 ? await page.getByRole('dialog').first().innerText() : 'done';
  if ((await said.count()) > 0) await told.click();
  await expect(enable.scope).toBeHidden();
  await expect(page.getByRole('dialog')).toBeHidden();
  return words;
}

test('disabling says what it does, and flips once', async ({ console, gateway }) => {
  const key = await oneKey(console, gateway);
  await console.list.act(TITLE, 'disable');
  const dialog = console.enable.disabling(TITLE);
  await expect(dialog).toContainText(t('disable.text'));
  await expect(dialog).toContainText(t('disable.existing', { n: 3 }));
  await console.enable.disable.dblclick();
  await expect(console.toast(t('write.disabled', { title: TITLE }))).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(console.list.cell(TITLE, 'state')).toContainText(t('key.state_disabled'));
  expect((await gateway.key(key.id)).isDisabled).toBe(true);
  expect(await gateway.logOf(toggleOf(key.id))).toHaveLength(1);

  await console.list.act(TITLE, 'enable');
  await console.enable.enable.click();
  await expect(console.toast(t('write.enabled', { title: TITLE }))).toBeVisible();
  await expect(console.list.cell(TITLE, 'state')).toContainText(t('key.state_active'));
  expect((await gateway.key(key.id)).isDisabled).toBe(false);
  expect(await gateway.logOf(toggleOf(key.id))).toHaveLength(2);
});

test('a key that is in that state already is not flipped', async ({ console, gateway }) => {
  const key = await oneKey(console, gateway);
  await gateway.patchKey(key.id, { isDisabled: true });
  await console.list.act(TITLE, 'disable');
  await console.enable.disable.click();
  await expect(console.page.getByRole('dialog').getByText(t('write.notice_already_so'))).toBeVisible();
  expect(await gateway.writes()).toEqual([]);
  expect((await gateway.key(key.id)).isDisabled).toBe(true);
});

test.describe('a service whose call enables alone', () => {
  test.use({ switches: { toggle: 'refuse-enabled' } });

  test('says that disabling is refused, and why', async ({ console, gateway, guard }) => {
    guard.expectTrouble();
    const key = await oneKey(console, gateway);
    await console.list.act(TITLE, 'disable');
    await console.enable.disable.click();
    const dialog = console.enable.disabling(TITLE);
    await expect(dialog).toContainText(t('write.not_disabled', { title: TITLE }));
    await expect(dialog).toContainText(t('error.server_says'));
    await expect(dialog).toContainText('400');
    expect((await gateway.key(key.id)).isDisabled).toBe(false);
    await gateway.patchKey(key.id, { isDisabled: true });
    await console.enable.disabling(TITLE).getByRole('button', { name: t('ui.cancel'), exact: true }).click();
    await console.list.refresh.click();
    await console.list.act(TITLE, 'enable');
    await console.enable.enable.click();
    await expect(console.toast(t('write.enabled', { title: TITLE }))).toBeVisible();
    expect((await gateway.key(key.id)).isDisabled).toBe(false);
  });
});

test('enabling an expired or full key says that it stays unusable', async ({ console, gateway }) => {
  await oneKey(console, gateway, { isDisabled: true, expireDate: '2024-01-01' });
  await console.list.act(TITLE, 'enable');
  await expect(console.enable.enabling(TITLE)).toContainText(t('enable.still_expired'));
});

/** Shows a state in a console's list, so that its menu offers the wish. */
async function wants(console, gateway, id, wish) {
  await gateway.patchKey(id, { isDisabled: wish === 'enable' });
  await console.list.refresh.click();
  const word = wish === 'enable' ? 'key.state_disabled' : 'key.state_active';
  await expect(console.list.cell(TITLE, 'state')).toContainText(t(word));
  await console.list.act(TITLE, wish);
  await expect(console.enable[wish]).toBeVisible();
}

/** One round: each console wishes, both confirm at the same moment, and both are told what became of it. */
async function round(consoles, gateway, id, wishes, start) {
  for (const [idx, console] of consoles.entries()) await wants(console, gateway, id, wishes[idx]);
  await gateway.patchKey(id, { isDisabled: start });
  await gateway.clearLog();
  await gateway.clearFaults();
  // Both have read before either flip is carried out: a collision for sure, unless a lock keeps them apart.
  await gateway.fault(toggleOf(id), 'delay', { delay_ms: 120, times: 2 });
  await Promise.all(consoles.map((it, idx) => it.enable[wishes[idx]].click()));
  const told = await Promise.all(consoles.map((it, idx) => toldOutcome(it, wishes[idx])));
  for (const console of consoles) {
    for (const close of await console.notifications.getByRole('button', { name: t('ui.close') }).all()) await close.click();
  }
  const { isDisabled } = await gateway.key(id);
  const flips = (await gateway.logOf(toggleOf(id))).filter((it) => it.committed).length;
  return { isDisabled, flips, told };
}

test('two tabs, 50 rounds: never an unintended state', async ({ console, gateway, context }) => {
  test.setTimeout(240_000);
  const key = await oneKey(console, gateway);
  const other = new Console(await context.newPage(), gateway);
  await other.open();
  await other.signIn();
  await other.list.loaded();
  const two = [console, other];
  for (let n = 0; n < 50; n += 1) {
    const equal = n % 2 === 0;
    const start = n % 4 < 2;
    const wish = start ? 'enable' : 'disable';
    const wishes = equal ? [wish, wish] : ['disable', 'enable'];
    const { isDisabled, flips, told } = await round(two, gateway, key.id, wishes, start);
    const at = `round ${n}, ${wishes} from ${start ? 'disabled' : 'enabled'}: ${told}`;
    if (equal) {
      // Both wanted the same: it is so, and one of them flipped, the other found it so.
      expect(isDisabled, at).toBe(wish === 'disable');
      expect(flips, at).toBe(1);
    } else {
      // One after the other: the last one's wish holds.
      expect(flips === 1 || flips === 2, at).toBe(true);
      expect(isDisabled, at).toBe(flips === 1 ? !start : start);
    }
  }
});

test('two administrators, 20 rounds: nobody’s wish is undone unnoticed', async ({ console, gateway, anotherConsole }) => {
  test.setTimeout(240_000);
  const key = await oneKey(console, gateway);
  const other = await anotherConsole();
  await other.open();
  await other.signIn();
  await other.list.loaded();
  const two = [console, other];
  let collisions = 0;
  for (let n = 0; n < 20; n += 1) {
    const equal = n % 4 !== 3;
    const start = n % 2 === 0;
    const wish = start ? 'enable' : 'disable';
    const wishes = equal ? [wish, wish] : ['disable', 'enable'];
    const { isDisabled, flips, told } = await round(two, gateway, key.id, wishes, start);
    const at = `round ${n}, ${wishes} from ${start ? 'disabled' : 'enabled'}, ${flips} flips: ${told}`;
    if (equal) {
      expect(isDisabled, at).toBe(wish === 'disable');
      if (flips > 1) collisions += 1;
    } else {
      // Whoever's wish holds was told that it does.
      const holder = wishes.indexOf(isDisabled ? 'disable' : 'enable');
      expect(told[holder], at).not.toContain(t('write.moved_fields', { fields: '' }).slice(0, 20));
    }
  }
  // The rounds were no walk in the park: the two did flip against each other.
  expect(collisions).toBeGreaterThan(0);
});
