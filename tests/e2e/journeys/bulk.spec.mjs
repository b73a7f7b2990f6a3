// Many keys at once: picked over pages, planned, confirmed by as much as it does, carried out while the reader works on,
// and ended in a receipt. The judge is the gateway's log and its store.

import { violations } from '../support/axe.mjs';
import { CALLS, toggleOf } from '../support/control.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { expect, test as base } from '../support/test.mjs';
import { day, holding, inDays, t } from '../support/texts.mjs';

const test = base.extend({
  /** The screens for many keys, signed in. */
  bulk: async ({ signedIn }, use) => use(new Bulk(signedIn)),
});

const LONG = { timeout: 60_000 };

/** Adds keys named "Bulk 01" and so on, and shows them. */
async function planted(bulk, gateway, count, fields = {}) {
  const title = (at) => `Bulk ${String(at + 1).padStart(2, '0')}`;
  const rows = Array.from({ length: count }, (_, at) => ({ title: title(at), ...fields }));
  const keys = await gateway.addKeys(...rows);
  await bulk.list.refresh.click();
  await expect(bulk.list.opener(title(0))).toBeVisible();
  await gateway.clearLog();
  return keys;
}

/** The keys as they are stored now, in the order of their ids. */
async function stored(gateway, keys) {
  const all = await gateway.keys();
  return keys.map((key) => all.find((it) => it.id === key.id));
}

test.describe('of 200 keys', () => {
  test.use({ keys: 200 });

  test('5 that fail are listed with their reason, stay selected, and are all that is tried again', async ({ bulk, gateway, guard, page }) => {
    test.slow();
    guard.expectTrouble();
    const before = await gateway.keys();
    await bulk.pickPage();
    await bulk.bar.says(25);
    expect(await violations(page)).toEqual([]);
    await bulk.bar.every(200).click();
    await bulk.bar.saysOut(200, 175);
    const on = before.filter((it) => !it.isDisabled);
    const broken = on.slice(3, 8);
    for (const { id } of broken) {
      const body = JSON.stringify({ status: 409, error: 'Conflict', message: 'Locked for the month end.' });
      await gateway.fault(toggleOf(id), 'status', { status: 409, body });
    }
    await gateway.clearLog();
    const dialog = await bulk.open('disable', 200);
    await expect(dialog.scope).toContainText(t('bulk.fact_items', { n: 200 }));
    await expect(dialog.scope).toContainText(t('bulk.fact_out', { n: 175 }));
    await expect(dialog.scope).toContainText(t('bulk.fact_already', { n: 200 - on.length }));
    expect(await violations(page)).toEqual([]);
    await dialog.button(t('bulk.go_disable', { n: 200 })).click();

    const name = t('bulk.go_disable', { n: 200 });
    const job = bulk.job(name);
    await expect(job.progress).toBeVisible();
    await job.ended(`${on.length - 5} done, 5 failed, ${200 - on.length} skipped`);
    await expect(job.reason(5, 'Locked for the month end.')).toBeVisible();
    await job.reason(5, 'Locked for the month end.').click();
    for (const { title } of broken) {
      await expect(job.scope.getByRole('listitem').filter({ hasText: title || t('key.no_title') }).first()).toBeVisible();
    }
    expect(await violations(page)).toEqual([]);
    await expect(bulk.bar.count).toContainText(/^5 keys selected/);
    const after = await stored(gateway, before);
    expect(after.filter((it) => !it.isDisabled).map((it) => it.id)).toEqual(broken.map((it) => it.id));
    // Each was switched once, and those that were off already not at all.
    const switched = (await gateway.writes()).filter((it) => it.committed).map((it) => it.path);
    expect(new Set(switched).size).toBe(on.length - 5);
    expect(switched).toHaveLength(on.length - 5);

    await gateway.clearLog();
    await job.retry(5).click();
    await job.ended(`${on.length} done, ${200 - on.length} skipped`);
    const retried = (await gateway.writes()).map((it) => it.path).sort();
    expect(retried).toEqual(broken.map((it) => toggleOf(it.id).path).sort());
    await expect(bulk.bar.count).toHaveText('');
    expect((await gateway.keys()).every((it) => it.isDisabled)).toBe(true);
  });
});

test('a change is paused, goes on, and its rest is cancelled', async ({ bulk, gateway, page }) => {
  const [other, ...keys] = await planted(bulk, gateway, 21);
  await gateway.fault({ method: 'PATCH', path: `${CALLS.search.path}/*` }, 'delay', { delay_ms: 250, times: 1_000 });
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('disable', 20);
  await dialog.button(t('bulk.go_disable', { n: 20 })).click();
  const job = bulk.job(t('bulk.go_disable', { n: 20 }));
  await expect(job.scope).toContainText(t('bulk.survives'));
  await job.pause.click();
  await expect(job.scope.getByRole('status')).toHaveText(t('bulk.phase_paused'));
  await expect(job.resume).toBeFocused();
  expect(await violations(page)).toEqual([]);
  // Somebody who goes on with other keys meanwhile keeps them.
  await bulk.bar.clear.click();
  await bulk.pick(other.title);
  await job.resume.click();
  await expect(job.scope.getByRole('status')).toHaveText(t('bulk.phase_running'));
  // The header says how far it is.
  await expect(page.getByRole('banner').getByRole('button', { name: /^\d+ of 20$/ })).toBeVisible();
  await expect(job.scope).toContainText(/[1-9]\d* of 20: /);
  await job.cancel.click();
  await expect(job.receipt).toBeVisible(LONG);
  const off = (await stored(gateway, keys)).filter((it) => it.isDisabled).length;
  expect(off).toBeGreaterThan(0);
  expect(off).toBeLessThan(20);
  await job.ended(`${off} done, ${20 - off} skipped`);
  expect((await gateway.writes()).filter((it) => it.committed)).toHaveLength(off);
  await bulk.bar.says(1);
  await job.pickLeft.click();
  await bulk.bar.says(20 - off);
});

test('deleting many asks for their number, and says what uses them', async ({ bulk, gateway, page }) => {
  const used = await planted(bulk, gateway, 2, { countUsed: 1_500, activeAgents: 0 });
  const dialog = await bulk.pick(...used.map((it) => it.title)).then(() => bulk.open('delete', 2));
  await expect(dialog.scope).toContainText(t('bulk.used', { n: 2, users: t('key.agents', { n: 3_000 }) }));
  const go = dialog.button(t('bulk.go_delete', { n: 2 }));
  await expect(go).toBeDisabled();
  await dialog.count(2).fill('3');
  await expect(go).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await dialog.count(2).fill('2');
  await dialog.count(2).press('Enter');
  await bulk.job(t('bulk.job_remove', { n: 2 })).ended('2 done');
  expect(await stored(gateway, used)).toEqual([undefined, undefined]);
  await expect(bulk.list.opener(used[0].title)).toBeHidden();
});

test('unused keys are deleted by a button, and a typed number is not asked for', async ({ bulk, gateway }) => {
  const keys = await planted(bulk, gateway, 3);
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('delete', 3);
  await expect(dialog.scope).toContainText(t('bulk.unused', { n: 3 }));
  await expect(dialog.count(3)).toBeHidden();
  await dialog.button(t('bulk.go_delete', { n: 3 })).click();
  await bulk.job(t('bulk.job_remove', { n: 3 })).ended('3 done');
  expect(await stored(gateway, keys)).toEqual([undefined, undefined, undefined]);
});

test('the selection is looked through, dropped from, and kept over queries', async ({ bulk, gateway, page, signedIn }) => {
  const keys = await planted(bulk, gateway, 3);
  await bulk.pick(...keys.map((it) => it.title));
  await bulk.bar.says(3);
  await signedIn.query.run(`title: "${keys[0].title}"`);
  await bulk.bar.saysOut(3, 2);
  await bulk.bar.show.click();
  const shown = page.getByRole('dialog', { name: t('bulk.picked_title', { n: 3 }), exact: true });
  await expect(shown.getByRole('rowheader', { name: keys[2].title, exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await shown.getByRole('button', { name: t('bulk.drop_what', { name: keys[2].title }), exact: true }).click();
  await expect(page.getByRole('dialog', { name: t('bulk.picked_title', { n: 2 }), exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await bulk.bar.saysOut(2, 1);
  await bulk.bar.clear.click();
  await expect(bulk.bar.count).toHaveText('');
});

test.describe('fields of many keys', () => {
  async function changing(bulk, keys) {
    await bulk.pick(...keys.map((it) => it.title));
    return bulk.open('change', keys.length);
  }

  test('end, limit, licences and tags change as the plan says, and nothing else does', async ({ bulk, gateway, page }) => {
    const fields = { countPurchased: 10, expireDate: inDays(10), licenses: ['VM'], tags: [5, 6] };
    const keys = await planted(bulk, gateway, 3, fields);
    const dialog = await changing(bulk, keys);
    expect(await violations(page)).toEqual([]);
    await dialog.review.click();
    await expect(dialog.scope).toContainText(t('bulk.choose_one'));
    await dialog.tick(t('key.field_expires'));
    await dialog.how(t('key.field_expires')).selectOption({ label: t('bulk.how_later') });
    await dialog.field('bulk.by_days').fill('30');
    await dialog.tick(t('key.field_limit'));
    await dialog.how(t('key.field_limit')).selectOption({ label: t('bulk.how_more') });
    await dialog.field('bulk.by_places').fill('x');
    await dialog.review.click();
    await expect(dialog.field('bulk.by_places')).toBeFocused();
    await dialog.field('bulk.by_places').fill('5');
    await dialog.tick(t('key.field_licences'));
    await dialog.scope.getByRole('group', { name: t('bulk.add'), exact: true }).getByRole('checkbox', { name: /\(PM\)/ }).check();
    await dialog.tick(t('key.field_tags'));
    const out = dialog.scope.getByRole('group', { name: t('bulk.take_away'), exact: true });
    await out.last().getByRole('textbox').fill('6');
    expect(await violations(page)).toEqual([]);
    await dialog.review.click();
    await expect(dialog.row(keys[0].title)).toContainText(t('change.set', { field: t('key.field_expires'), from: day(inDays(10)), to: day(inDays(40)) }));
    expect(await violations(page)).toEqual([]);
    expect(await gateway.writes()).toEqual([]);
    await dialog.button(t('bulk.go_change', { n: 3 })).click();
    await bulk.job(t('bulk.go_change', { n: 3 })).ended('3 done');
    for (const { id, title } of keys) {
      const now = await gateway.key(id);
      expect(now).toMatchObject({ countPurchased: 15, expireDate: inDays(40), tags: [5], title });
      expect([...now.licenses].sort()).toEqual(['PM', 'VM']);
    }
    const bodies = (await gateway.writes()).map((it) => Object.keys(it.body).sort());
    expect(new Set(bodies.map(String)).size).toBe(1);
  });

  test('keys that a rule refuses are told before anything is sent, and those that are so already left out', async ({ bulk, gateway }) => {
    const [small, same, full] = await planted(bulk, gateway, 3, { countPurchased: 100 });
    await gateway.patchKey(same.id, { countPurchased: 50 });
    await gateway.patchKey(full.id, { countUsed: 60 });
    await bulk.list.refresh.click();
    await expect(bulk.list.row(full.title)).toContainText('60');
    const dialog = await changing(bulk, [small, same, full]);
    await dialog.tick(t('key.field_limit'));
    await dialog.field('key.field_limit').fill('50');
    await dialog.review.click();
    await expect(dialog.scope).toContainText(t('bulk.refused', { n: 1 }));
    await expect(dialog.scope).toContainText(t('form.not_above_used', { n: 60 }));
    await expect(dialog.scope).toContainText(t('bulk.fact_same', { n: 1 }));
    await dialog.button(t('bulk.go_change', { n: 1 })).click();
    await bulk.job(t('bulk.go_change', { n: 1 })).ended('1 done');
    expect((await stored(gateway, [small, same, full])).map((it) => it.countPurchased)).toEqual([50, 50, 100]);
    expect(await gateway.writes()).toHaveLength(1);
  });

  test('titles follow a pattern, shown beforehand, and those that would stand twice are told', async ({ bulk, gateway, page }) => {
    const keys = await planted(bulk, gateway, 3);
    const dialog = await changing(bulk, keys);
    await dialog.tick(t('key.field_title'));
    await dialog.field('bulk.title_pattern_label').fill('EU');
    await dialog.review.click();
    await expect(dialog.scope).toContainText(t('bulk.twice_line', { title: 'EU', count: '3' }));
    await dialog.back.click();
    await dialog.field('bulk.title_pattern_label').fill('EU {nope}');
    await dialog.review.click();
    await expect(dialog.scope).toContainText(t('bulk.title_unknown', { name: '{nope}' }));
    await dialog.field('bulk.title_pattern_label').fill('EU {nnn} {title}');
    await dialog.field('bulk.title_first').fill('7');
    await expect(dialog.scope).toContainText(t('bulk.title_preview', { from: 'Bulk 01', to: 'EU 007 Bulk 01' }));
    expect(await violations(page)).toEqual([]);
    await dialog.review.click();
    await dialog.button(t('bulk.go_change', { n: 3 })).click();
    await bulk.job(t('bulk.go_change', { n: 3 })).ended('3 done');
    const titles = (await stored(gateway, keys)).map((it) => it.title);
    expect(titles).toEqual(['EU 007 Bulk 01', 'EU 008 Bulk 02', 'EU 009 Bulk 03']);
  });

  test('duplicates have the settings and titles of their own, and never the value', async ({ bulk, gateway, page }) => {
    const keys = await planted(bulk, gateway, 2, { countPurchased: 77, countUsed: 4, tags: [5] });
    await bulk.pick(...keys.map((it) => it.title));
    const dialog = await bulk.open('duplicate', 2);
    expect(await violations(page)).toEqual([]);
    await dialog.review.click();
    await dialog.button(t('bulk.go_duplicate', { n: 2 })).click();
    await bulk.job(t('bulk.job_create', { n: 2 })).ended('2 done');
    const all = await gateway.keys();
    for (const key of keys) {
      const copy = all.find((it) => it.title === `${key.title} (copy)`);
      expect(copy).toMatchObject({ countPurchased: 77, countUsed: 0, tags: [5] });
      expect(copy.activationKey).not.toBe(key.activationKey);
    }
  });
});

test('a receipt is what the gateway stored, as a page and as files, and the change is taken back', async ({ bulk, gateway, page }) => {
  const keys = await planted(bulk, gateway, 3);
  await gateway.patchKey(keys[2].id, { isDisabled: true });
  await bulk.list.refresh.click();
  await expect(bulk.list.row(keys[2].title)).toContainText(t('key.state_disabled'));
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('disable', 3);
  await dialog.button(t('bulk.go_disable', { n: 3 })).click();
  const job = bulk.job(t('bulk.go_disable', { n: 3 }));
  await job.ended('2 done, 1 skipped');
  await job.dismiss.click();
  await expect(job.scope).toBeHidden();
  // The list of changes outlives the page.
  await page.reload();
  await bulk.list.loaded();
  await bulk.changes.click();
  const changes = bulk.dialog(t('bulk.changes'));
  expect(await violations(page)).toEqual([]);
  await changes.scope.getByRole('rowheader').getByRole('button').first().click();
  await expect(bulk.received(keys[0].title)).toContainText(t('bulk.state_done'));
  await expect(bulk.received(keys[2].title)).toContainText(t('bulk.skip_already'));
  expect(await violations(page)).toEqual([]);
  const json = await bulk.saved('bulk.save_json');
  const receipt = JSON.parse(json.text);
  expect(receipt.items.map((it) => [it.key, it.result])).toEqual(
    keys.map((it, at) => [String(it.id), at === 2 ? 'skipped' : 'done']),
  );
  expect((await stored(gateway, keys)).every((it) => it.isDisabled)).toBe(true);
  const csv = await bulk.saved('bulk.save_csv');
  expect(csv.text.trim().split('\r\n')).toHaveLength(4);
  for (const file of [json, csv]) {
    for (const { activationKey } of keys) expect(file.text).not.toContain(activationKey);
  }

  await gateway.clearLog();
  const opened = bulk.dialog(t('bulk.go_disable', { n: 3 }));
  await opened.button(t('bulk.undo')).click();
  const undo = bulk.dialog(t('bulk.undo_title', { title: t('bulk.go_disable', { n: 3 }) }));
  await expect(undo.scope).toContainText(t('bulk.undo_restores', { n: 2 }));
  expect(await violations(page)).toEqual([]);
  await undo.button(t('bulk.go_undo', { n: 2 })).click();
  await bulk.job(t('bulk.job_undo', { n: 2 })).ended('2 done');
  expect((await stored(gateway, keys)).map((it) => it.isDisabled)).toEqual([false, false, true]);
  expect(await gateway.writes()).toHaveLength(2);

  // What was taken back is not taken back a second time.
  await bulk.changes.click();
  await changes.scope.getByRole('rowheader').getByRole('button', { name: holding(t('bulk.go_disable', { n: 3 })) }).click();
  await opened.button(t('bulk.undo')).click();
  await expect(undo.scope).toContainText(t('bulk.undo_again'));
  await expect(undo.button(t('bulk.go_undo', { n: 2 }))).toHaveCount(0);
});

test('copies that are taken back are deleted, once their number is typed', async ({ bulk, gateway, page }) => {
  const keys = await planted(bulk, gateway, 6);
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('duplicate', 6);
  await dialog.review.click();
  await dialog.button(t('bulk.go_duplicate', { n: 6 })).click();
  const name = t('bulk.job_create', { n: 6 });
  await bulk.job(name).ended('6 done');
  const before = (await gateway.keys()).length;
  await bulk.changes.click();
  await bulk.dialog(t('bulk.changes')).scope.getByRole('rowheader').getByRole('button').first().click();
  await bulk.dialog(name).button(t('bulk.undo')).click();
  const undo = bulk.dialog(t('bulk.undo_title', { title: name }));
  await expect(undo.scope).toContainText(t('bulk.undo_deletes', { n: 6 }));
  expect(await violations(page)).toEqual([]);
  const go = undo.button(t('bulk.go_take_back', { n: 6 }));
  await expect(go).toBeDisabled();
  await undo.scope.getByRole('textbox', { name: t('ui.type_to_confirm', { text: '6' }) }).fill('6');
  await go.click();
  await bulk.job(t('bulk.job_undo', { n: 6 })).ended('6 done');
  expect((await gateway.keys()).length).toBe(before - 6);
  expect((await stored(gateway, keys)).map((it) => it.title)).toEqual(keys.map((it) => it.title));
});

test('a page that is closed in the middle of a change goes on with it when it is back', async ({ bulk, gateway, page, signedIn }) => {
  const keys = await planted(bulk, gateway, 20);
  await gateway.fault({ method: 'PATCH', path: `${CALLS.search.path}/*` }, 'delay', { delay_ms: 150, times: 1_000 });
  await bulk.pick(...keys.map((it) => it.title));
  const dialog = await bulk.open('disable', 20);
  await dialog.button(t('bulk.go_disable', { n: 20 })).click();
  const name = t('bulk.go_disable', { n: 20 });
  await expect(bulk.job(name).scope).toContainText(/[1-9]\d* of 20: /);
  await page.reload();
  await signedIn.list.loaded();
  await expect(bulk.job(name).scope).toContainText(t('bulk.taken_over'));
  await bulk.job(name).ended('20 done');
  expect((await stored(gateway, keys)).every((it) => it.isDisabled)).toBe(true);
  const committed = (await gateway.writes()).filter((it) => it.committed).map((it) => it.path);
  expect(new Set(committed).size).toBe(20);
  expect(committed).toHaveLength(20);
});

test('all of it by keyboard alone', async ({ bulk, gateway, page }) => {
  const keys = await planted(bulk, gateway, 2);
  const box = (at) => page.getByRole('checkbox', { name: t('grid.pick', { name: keys[at].title }), exact: true });
  await bulk.list.row(keys[0].title).getByRole('rowheader').focus();
  await page.keyboard.press('Space');
  await expect(box(0)).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(box(1)).toBeChecked();
  await bulk.bar.says(2);
  await bulk.bar.button('bulk.disable').focus();
  await page.keyboard.press('Enter');
  const dialog = bulk.dialog(t('bulk.title_disable', { n: 2 }));
  const go = dialog.button(t('bulk.go_disable', { n: 2 }));
  await expect(go).toBeVisible();
  for (let step = 0; step < 12 && !(await go.evaluate((it) => it === document.activeElement)); step += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(go).toBeFocused();
  await page.keyboard.press('Enter');
  const job = bulk.job(t('bulk.go_disable', { n: 2 }));
  await job.ended('2 done');
  await job.dismiss.focus();
  await page.keyboard.press('Enter');
  await expect(job.scope).toBeHidden();
  expect((await stored(gateway, keys)).every((it) => it.isDisabled)).toBe(true);
});

test('at 320 px everything can be reached', async ({ bulk, gateway, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const keys = await planted(bulk, gateway, 2);
  await bulk.pick(...keys.map((it) => it.title));
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(await fits()).toBe(true);
  const dialog = await bulk.open('change', 2);
  await dialog.tick(t('key.field_expires'));
  await dialog.how(t('key.field_expires')).selectOption({ label: t('bulk.how_none') });
  expect(await violations(page)).toEqual([]);
  await dialog.review.click();
  await expect(dialog.scope).toContainText(t('bulk.fact_same', { n: 2 }));
  expect(await fits()).toBe(true);
});
