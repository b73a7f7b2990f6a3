// An undo from two tabs of one browser: both show it, and it is done once. The judge is the gateway's log.

import { violations } from '../support/axe.mjs';
import { toggleOf } from '../support/control.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { anotherTab } from '../support/tabs.mjs';
import { expect, test } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

const N = 3;

/** Keys to which `action` was done in the first tab, and both tabs. */
async function done({ gateway, page, signedIn }, action, go, name) {
  const keys = await gateway.addKeys(...Array.from({ length: N }, (_, at) => ({ title: `Bulk tab ${at + 1}` })));
  const first = new Bulk(signedIn);
  await first.list.refresh.click();
  await expect(first.list.opener(keys[0].title)).toBeVisible();
  await first.pick(...keys.map((it) => it.title));
  const dialog = await first.open(action, N);
  await dialog.button(t(go, { n: N })).click();
  await first.job(name).ended(`${N} done`);
  return { keys, first, second: new Bulk(await anotherTab(page.context(), gateway)) };
}

/** How the change of that name would be taken back. */
async function undoOf(bulk, name) {
  await bulk.changes.click();
  const changes = bulk.dialog(t('bulk.changes'));
  await changes.scope.getByRole('rowheader').getByRole('button', { name: holding(name) }).click();
  await bulk.dialog(name).button(t('bulk.undo')).click();
  return bulk.dialog(t('bulk.undo_title', { title: name }));
}

test('keys that one tab makes again are not made by the other', async ({ gateway, page, signedIn }) => {
  const name = t('bulk.job_remove', { n: N });
  const { keys, first, second } = await done({ gateway, page, signedIn }, 'delete', 'bulk.go_delete', name);
  const go = t('bulk.go_undo', { n: N });
  const shown = [await undoOf(first, name), await undoOf(second, name)];
  for (const undo of shown) await expect(undo.button(go)).toBeVisible();
  await gateway.clearLog();
  await shown[0].button(go).click();
  await first.job(t('bulk.job_undo', { n: N })).ended(`${N} done`);

  // The other tab still shows what it was; asked for, it is looked at anew.
  await shown[1].button(go).click();
  await expect(shown[1].scope).toContainText(t('bulk.undo_again'));
  await expect(shown[1].button(go)).toHaveCount(0);
  expect(await violations(second.page)).toEqual([]);
  expect((await gateway.writes()).filter((it) => it.committed)).toHaveLength(N);
  const titles = (await gateway.keys()).map((it) => it.title);
  for (const { title } of keys) expect(titles.filter((it) => it === title)).toHaveLength(1);

  // What the first one began is in the list of the other, too.
  await shown[1].button(t('edit.back')).click();
  await second.dialog(name).button(t('edit.back')).click();
  const changes = second.dialog(t('bulk.changes')).scope;
  await expect(changes.getByRole('rowheader').getByRole('button', { name: holding(t('bulk.job_undo', { n: N })) })).toBeVisible();
});

test('what one tab left to take back is shown, and then done', async ({ gateway, guard, page, signedIn }) => {
  guard.expectTrouble();
  const name = t('bulk.go_disable', { n: N });
  const { keys, first, second } = await done({ gateway, page, signedIn }, 'disable', 'bulk.go_disable', name);
  const shown = [await undoOf(first, name), await undoOf(second, name)];
  await expect(shown[1].button(t('bulk.go_undo', { n: N }))).toBeVisible();
  const body = JSON.stringify({ status: 409, error: 'Conflict', message: 'Locked.' });
  await gateway.fault(toggleOf(keys[1].id), 'status', { status: 409, body });
  await shown[0].button(t('bulk.go_undo', { n: N })).click();
  await first.job(t('bulk.job_undo', { n: N })).ended('2 done, 1 failed');

  await gateway.clearLog();
  await shown[1].button(t('bulk.go_undo', { n: N })).click();
  await expect(shown[1].scope).toContainText(t('bulk.undo_taken', { n: 2 }));
  expect(await gateway.writes()).toEqual([]);
  await expect(shown[1].scope.locator('#changes-body')).toBeFocused();
  await shown[1].button(t('bulk.go_undo', { n: 1 })).click();
  await second.job(t('bulk.job_undo', { n: 1 })).ended('1 done');
  expect((await gateway.writes()).map((it) => it.path)).toEqual([toggleOf(keys[1].id).path]);
  const all = await gateway.keys();
  expect(keys.map((key) => all.find((it) => it.id === key.id).isDisabled)).toEqual([false, false, false]);
});
