// The main job of an administrator, end to end. It runs wherever the console is hosted.

import { expect } from '@playwright/test';

import { inDays, t } from '../texts.mjs';

/** Needs 745 keys, and begins signed out. */
export const MAIN_JOB_KEYS = 745;

/** Finds a disabled key, mends and enables it, makes another, deletes that, and leaves. */
export async function mainJob({ console, page, context, gateway }) {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { list, query, key, enable, create, remove } = console;
  const all = await gateway.keys();
  const titles = all.map((it) => it.title);
  const isUsable = (it) => it.isDisabled && it.title.trim() !== '' && titles.filter((other) => other === it.title).length === 1;
  const wanted = all.find((it) => isUsable(it) && it.countPurchased > 0);
  const { title } = wanted;

  await console.open();
  await console.signIn();
  await list.shows(1, 25, 745);

  await query.run(`activationKey.isDisabled: true AND activationKey.countPurchased: ${wanted.countPurchased}`);
  const found = all.filter((it) => it.isDisabled && it.countPurchased === wanted.countPurchased).length;
  await list.shows(1, Math.min(25, found), found);

  await list.opener(title).click();
  await key.startEdit(title);
  await key.form.expires.fill(inDays(365));
  await key.form.limit.fill('25000');
  await key.save.click();
  await expect(key.says(t('write.as_asked'))).toBeVisible();
  await key.button('key.enable').click();
  await enable.enable.click();
  await expect(console.toast(t('write.enabled', { title }))).toBeVisible();
  expect(await gateway.key(wanted.id)).toMatchObject({ isDisabled: false, expireDate: inDays(365), countPurchased: 25000 });

  await query.clear.click();
  await list.shows(1, 25, 745);
  await list.newKey.click();
  await create.form.title.fill('Main job');
  await create.form.limit.fill('10');
  await create.form.licence('VM').check();
  await create.send.click();
  await expect(create.says(t('write.as_asked'))).toBeVisible();
  await create.copyKey.click();
  const made = (await gateway.keys()).find((it) => it.title === 'Main job');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(made.activationKey);
  await create.close.click();
  await list.shows(1, 25, 746);

  await list.sortBy('list.column_created');
  await list.sortBy('list.column_created');
  await list.act('Main job', 'delete');
  await remove.confirm.click();
  await expect(console.toast(t('write.deleted', { title: 'Main job' }))).toBeVisible();
  await list.shows(1, 25, 745);

  await console.signOut.click();
  await expect(console.door.heading).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);

  const writes = await gateway.writes();
  expect(writes.map((it) => `${it.method} ${it.status} ${it.committed}`)).toEqual([
    'PATCH 200 true',
    'PATCH 200 true',
    'POST 200 true',
    'DELETE 200 true',
  ]);
}
