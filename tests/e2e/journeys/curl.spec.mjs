// "Copy as curl": each of the six lines, taken from the page and run by a shell, does what its button does.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from '../support/test.mjs';
import { inDays, t } from '../support/texts.mjs';

const run = promisify(execFile);

/** Runs a copied line as its reader would, and returns what it printed. */
async function inShell(line, gateway) {
  expect(line).not.toMatch(/eyJ/);
  expect(line).toContain('TOKEN');
  const { stdout } = await run('bash', ['-c', line], { env: { PATH: process.env.PATH, TOKEN: await gateway.token() } });
  return stdout;
}

test.use({ keys: 40 });

test('search', async ({ signedIn, page, context, gateway }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signedIn.query.run('activationKey.isDisabled: false');
  await signedIn.list.sortBy('list.column_expires');
  await expect(page).toHaveURL(/sort=expires/);
  await signedIn.list.copyCurl.click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('curl');
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const answer = JSON.parse(await inShell(line, gateway));
  const expected = await gateway.search({ limit: 25, orderBy: 'EXPIRES', sortOrder: 'ASC', query: 'activationKey.isDisabled: false' });
  expect(answer).toEqual(expected);
});

test('create, get, update, toggle, delete', async ({ signedIn, gateway }) => {
  const title = `It's "quoted" $HOME \`id\` \\ & <b>`;
  const { list, create, key, enable, remove } = signedIn;
  await list.newKey.click();
  await create.form.title.fill(title);
  await create.form.limit.fill('9');
  await create.form.expires.fill(inDays(5));
  await create.form.licence('VM').check();
  await create.form.tags.fill('7340001');
  await create.form.tags.press('Enter');
  const made = JSON.parse(await inShell(await create.curl(), gateway));
  expect(made.title).toBe(title);
  expect(await gateway.key(made.id)).toMatchObject({ title, countPurchased: 9, expireDate: inDays(5), licenses: ['VM'], tags: [7340001] });
  await create.button('ui.cancel').click();
  await create.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await list.refresh.click();

  await list.opener(title).click();
  await expect(key.named(title)).toBeVisible();
  expect(JSON.parse(await inShell(await key.curl(), gateway))).toMatchObject({ id: made.id, title });

  await key.startEdit(title);
  await key.form.limit.fill('');
  await key.form.network.fill('64001');
  await inShell(await key.curl(), gateway);
  expect(await gateway.key(made.id)).toMatchObject({ countPurchased: 0, networkId: 64001 });
  await key.back.click();
  await key.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await key.cross.first().click();

  await list.act(title, 'disable');
  await inShell(await enable.curl(), gateway);
  expect((await gateway.key(made.id)).isDisabled).toBe(true);
  await enable.button('ui.cancel').click();

  await list.act(title, 'delete');
  await inShell(await remove.curl(), gateway);
  expect(await gateway.key(made.id)).toBeUndefined();
});
