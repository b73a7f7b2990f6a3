// What is exported and imported again untouched changes nothing: every system, every kind of file.

import { readFile } from 'node:fs/promises';

import { Import } from '../support/pages/import.mjs';
import { QlikConsole, Tenant } from '../support/pages/qlik.mjs';
import { Business, SolifynConsole } from '../support/pages/solifyn.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.describe.configure({ timeout: 180_000 });

const KINDS = ['csv', 'json', 'xlsx'];

/** Exports all keys with all columns. */
async function exported(page, kind, n) {
  await page.getByRole('main').getByRole('button', { name: t('export.open'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: t('export.title'), exact: true });
  await dialog.getByRole('radio', { name: t(`export.${kind}`), exact: true }).check();
  await dialog.getByRole('button', { name: t('export.columns_all'), exact: true }).click();
  const write = dialog.getByRole('button', { name: t('export.do', { n }), exact: true });
  await expect(write).toBeVisible({ timeout: 30_000 });
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), write.click()]);
  await expect(dialog).toBeHidden();
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Imports what was exported, with blank cells left and cleared: there is nothing to do, and nothing is ignored. */
async function unchanged(page, kind, n, plural) {
  const file = await exported(page, kind, n);
  const screen = new Import(page, plural);
  await screen.open.click();
  await screen.give(file.name, file.bytes);
  await expect(screen.mapping).toBeVisible({ timeout: 60_000 });
  await expect(screen.mapping.getByText(t('import_keys.unused', { names: '' }).trim())).toHaveCount(0);
  for (const clears of [false, true]) {
    const clear = screen.mapping.getByRole('checkbox', { name: t('import_keys.clear'), exact: true });
    await clear.setChecked(clears);
    await screen.compare();
    await expect(screen.kind('import_keys.same', n)).toBeVisible();
    await expect(screen.plan.getByRole('button', { name: new RegExp(`^(${['refused', 'create', 'change'].map((it) => t(`import_keys.${it}`)).join('|')}) `) })).toHaveCount(0);
    await expect(screen.plan.getByText(t('import_keys.ignored', { what: '' }).trim())).toHaveCount(0);
    await expect(screen.plan).toContainText(t('import_keys.no_effect'));
    await screen.button('import_keys.back').click();
  }
  await page.keyboard.press('Escape');
  await expect(screen.dialog).toBeHidden();
}

test.describe('745 activation keys', () => {
  test.use({ keys: 745 });

  for (const kind of KINDS) {
    test(`of the gateway API as ${kind}`, async ({ signedIn, page, gateway }) => {
      await expect(signedIn.list.refresh).toBeVisible();
      await gateway.clearLog();
      await unchanged(page, kind, 745);
      expect(await gateway.writes()).toEqual([]);
    });

    test(`of the QPS API as ${kind}`, async ({ console, page, gateway }) => {
      await console.open('/?connection=qualys-qps');
      await console.signIn();
      // All 745 come before the first row can be sorted.
      await expect(console.list.openers.first()).toBeVisible({ timeout: 60_000 });
      await unchanged(page, kind, 745);
      expect(gateway).toBeTruthy();
    });
  }
});

test.describe('other keys', () => {
  test.use({ keys: 3 });

  for (const kind of KINDS) {
    test(`of Solifyn as ${kind}`, async ({ page, gateway }) => {
      const business = new Business(gateway);
      await business.open();
      const before = (await business.all('licenses')).length;
      await business.licenses({}, { activationLimit: 9 }, { status: 'DISABLED' }, { customerId: business.bo.id });
      const solifyn = new SolifynConsole(page, gateway);
      await solifyn.enter();
      await expect(solifyn.list.openers.first()).toBeVisible();
      await unchanged(page, kind, before + 4, t('solifyn.plural'));
    });

    test(`of Qlik as ${kind}`, async ({ page, gateway }) => {
      const tenant = new Tenant(gateway);
      const n = (await tenant.keys()).length;
      const qlik = new QlikConsole(page, gateway);
      await qlik.enter();
      await qlik.list.loaded();
      await unchanged(page, kind, n, t('qlik.plural'));
    });
  }
});
