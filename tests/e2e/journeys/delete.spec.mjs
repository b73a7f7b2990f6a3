// Deleting: what is lost is said, a used key asks for its title, and a refusal offers the way back.

import { CALLS } from '../support/control.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 2 });

async function shown(console, gateway, fields) {
  const key = await gateway.addKey(fields);
  await console.list.refresh.click();
  await expect(console.list.opener(key.title)).toBeVisible();
  await gateway.clearLog();
  return key;
}

test('an unused key is deleted by one confirmation', async ({ signedIn, gateway }) => {
  const key = await shown(signedIn, gateway, { title: 'Never used' });
  const { list, remove } = signedIn;
  await list.act(key.title, 'delete');
  await expect(remove.of(key.title)).toContainText(t('delete.lost'));
  await expect(remove.of(key.title)).toContainText(t('delete.unused'));
  await expect(remove.typed(key.title)).toBeHidden();
  await remove.confirm.click();
  await expect(signedIn.toast(t('write.deleted', { title: key.title }))).toBeVisible();
  await expect(list.opener(key.title)).toBeHidden();
  expect(await gateway.key(key.id)).toBeUndefined();
  expect(await gateway.logOf(CALLS.delete)).toHaveLength(1);
});

test('a used key asks for its title', async ({ signedIn, gateway }) => {
  const key = await shown(signedIn, gateway, { title: 'Was used', countUsed: 5, activeAgents: 0 });
  const { list, remove } = signedIn;
  await list.act(key.title, 'delete');
  await expect(remove.of(key.title)).toContainText(t('delete.used', { n: 5 }));
  await expect(remove.confirm).toBeDisabled();
  await remove.typed(key.title).fill('was used');
  await expect(remove.confirm).toBeDisabled();
  await remove.typed(key.title).press('Enter');
  expect(await gateway.logOf(CALLS.delete)).toEqual([]);
  await remove.typed(key.title).fill('Was used');
  await remove.confirm.click();
  await expect(signedIn.toast(t('write.deleted', { title: key.title }))).toBeVisible();
  expect(await gateway.key(key.id)).toBeUndefined();
});

test('agents that enrolled since the list was read make it a used key', async ({ signedIn, gateway }) => {
  const key = await shown(signedIn, gateway, { title: 'Newly used' });
  await gateway.patchKey(key.id, { countUsed: 2 });
  await signedIn.list.act(key.title, 'delete');
  await expect(signedIn.remove.typed(key.title)).toBeVisible();
  await expect(signedIn.remove.confirm).toBeDisabled();
});

test('a refusal because of active agents offers disabling, which works', async ({ signedIn, gateway, guard }) => {
  guard.expectTrouble();
  const key = await shown(signedIn, gateway, { title: 'In use', countUsed: 5, activeAgents: 5 });
  const { list, remove, enable } = signedIn;
  await list.act(key.title, 'delete');
  await remove.typed(key.title).fill(key.title);
  await remove.confirm.click();
  const dialog = remove.of(key.title);
  await expect(dialog).toContainText(t('write.not_deleted', { title: key.title }));
  await expect(dialog).toContainText(t('delete.in_use'));
  await expect(dialog).toContainText('409');
  expect(await gateway.key(key.id)).toBeTruthy();

  await remove.instead.click();
  await expect(enable.disabling(key.title)).toBeVisible();
  await enable.disable.click();
  await expect(signedIn.toast(t('write.disabled', { title: key.title }))).toBeVisible();
  expect((await gateway.key(key.id)).isDisabled).toBe(true);
});

test('a key that somebody else deleted first is gone, and says so', async ({ signedIn, gateway, guard }) => {
  guard.expectTrouble();
  const key = await shown(signedIn, gateway, { title: 'Twice deleted' });
  await signedIn.list.act(key.title, 'delete');
  await expect(signedIn.remove.of(key.title)).toContainText(t('delete.unused'));
  await gateway.deleteKey(key.id);
  await signedIn.remove.confirm.click();
  await expect(signedIn.remove.of(key.title)).toContainText(t('write.notice_already_gone'));
  await signedIn.remove.cross.first().click();
  await expect(signedIn.list.opener(key.title)).toBeHidden();
});
