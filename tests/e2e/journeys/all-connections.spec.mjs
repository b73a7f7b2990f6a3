// All connections in one list: four systems signed in at once, one query over all of their keys.

import { violations } from '../support/axe.mjs';
import { ADMIN, Tenant } from '../support/pages/qlik.mjs';
import { Business, KEY, SOLIFYN } from '../support/pages/solifyn.mjs';
import { expect, test } from '../support/test.mjs';
import { inDays, t } from '../support/texts.mjs';

test.use({ keys: 0 });

const NAMES = ['Qualys gateway', 'Qualys QPS', 'Solifyn', 'Qlik Cloud'];

/** The page of all connections. */
class All {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.heading = this.main.getByRole('heading', { name: t('all.title'), exact: true });
    this.table = this.main.getByRole('table', { name: new RegExp(`^${t('all.title')}`) });
    this.heads = this.table.getByRole('rowheader');
    this.parts = this.main.getByRole('list', { name: t('all.parts'), exact: true });
    this.within = this.main.getByRole('textbox', { name: t('all.within'), exact: true });
    this.refresh = this.main.getByRole('button', { name: t('list.refresh'), exact: true });
  }

  part(name) {
    return this.parts.getByRole('listitem').filter({ hasText: name });
  }
}

/** One key in each store, and a session in each connection; ends on the page of all of them. */
async function signInToAll(console, gateway, page) {
  const business = new Business(gateway);
  await business.open();
  await business.license({ activationLimit: 4, devices: 2, expiresAt: new Date(Date.now() + 5 * 86_400_000).toISOString() });
  await new Tenant(gateway).add({ description: 'Nightly job' });
  await gateway.addKey({ title: 'Berlin office', countUsed: 3, countPurchased: 50, expireDate: inDays(20) });
  const door = console.door.scope;
  const token = async (id, text) => {
    await console.open(`/?connection=${id}`);
    await door.getByRole('textbox').fill(text);
    await console.door.submit.click();
    await expect(console.signOut).toBeVisible();
  };
  await token('solifyn', KEY);
  await token('qlik-cloud', ADMIN);
  await console.open('/?connection=qualys-gateway');
  await console.signIn();
  // User and password of QPS live in memory alone, so it comes last and the rest is done without a reload.
  await console.switcher.goTo('Qualys QPS');
  await console.signIn();
  await console.switcher.goToAll();
  const all = new All(page);
  await expect(all.heading).toBeVisible();
  await expect(all.heads).toHaveCount(4);
  return all;
}

test('one query runs over the keys of four systems', async ({ console, gateway, page }) => {
  const all = await signInToAll(console, gateway, page);
  for (const name of NAMES) await expect(all.part(name), name).toContainText(t('all.count', { n: 1 }));
  // A connection that is called as its system is says so once.
  await expect(all.part('Solifyn')).toHaveText(/^Solifyn\s*1 key$/);
  const everywhere = t('all.connections', { n: 4 });
  const result = (text) => all.main.getByRole('status').filter({ hasText: text });
  await expect(result(t('all.result', { total: 4, connections: everywhere }))).toBeVisible();
  expect(await violations(page), 'all').toEqual([]);

  await console.query.run('system: solifyn OR title: nightly');
  await expect(all.heads).toHaveCount(2);
  await expect(console.query.box.getByText(t('all.query_here'))).toBeVisible();
  await expect(result(t('all.found', { n: 2, total: 4, connections: everywhere }))).toBeVisible();
  await console.query.run('title: berlin');
  await expect(all.heads).toHaveText(['Berlin office', 'Berlin office']);
  await console.query.run('used > 1 AND expires < now+10d');
  await expect(all.heads).toHaveText(['Fieldnote Pro · Ada Okafor']);
  await console.query.clear.click();

  await all.within.fill('10');
  await expect(all.heads).toHaveText(['Fieldnote Pro · Ada Okafor']);
  await all.within.fill('30');
  await expect(all.heads.filter({ hasText: 'Berlin office' })).toHaveCount(2);
  await all.within.fill('0');
  await expect(all.main.getByRole('heading', { name: t('list.no_match_title'), exact: true })).toBeVisible();
  await all.main.getByRole('button', { name: t('all.clear'), exact: true }).click();
  await expect(all.heads).toHaveCount(4);

  // A key opens in its connection.
  const title = 'Fieldnote Pro · Ada Okafor';
  await page.getByRole('button', { name: t('all.open', { title, connection: 'Solifyn' }), exact: true }).click();
  await expect(page.getByRole('dialog', { name: title, exact: true })).toBeVisible();
  await expect(page).toHaveURL(/connection=solifyn/);
});

test('a connection that fails is tried again by itself, and the others stay', async ({ console, gateway, page, guard }) => {
  guard.expectTrouble();
  const all = await signInToAll(console, gateway, page);
  await gateway.fault(SOLIFYN.list, 'status', { status: 403, body: '{"statusCode":403,"message":"Not today","error":"Forbidden"}' });
  await all.refresh.click();
  await expect(all.part('Solifyn')).toContainText('Not today');
  for (const name of ['Qualys gateway', 'Qualys QPS', 'Qlik Cloud']) {
    await expect(all.part(name), name).toContainText(t('all.count', { n: 1 }));
  }
  await expect(all.heads.filter({ hasText: 'Nightly job' })).toBeVisible();
  expect(await violations(page), 'failed part').toEqual([]);
  await gateway.clearLog();
  await all.part('Solifyn').getByRole('button', { name: t('error.retry'), exact: true }).click();
  await expect(all.part('Solifyn')).not.toContainText('Not today');
  await expect(all.heads).toHaveCount(4);
  const paths = (await gateway.log()).map((it) => it.path);
  expect(paths.every((it) => it.startsWith('/v1/')), paths.join(' ')).toBe(true);
});

test('what each system can do stands side by side, on a narrow dark screen too', async ({ console, gateway, page }) => {
  const all = await signInToAll(console, gateway, page);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(all.heads).toHaveCount(4);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, 'nothing is cut off at 320 px').toBeLessThanOrEqual(320);
  expect(await violations(page), 'narrow and dark').toEqual([]);

  await all.main.getByRole('button', { name: t('matrix.open'), exact: true }).click();
  const matrix = page.getByRole('dialog', { name: t('matrix.title'), exact: true });
  const row = (id) => matrix.getByRole('row').filter({ has: page.getByRole('rowheader', { name: t(id), exact: true }) });
  await expect(row('matrix.verify')).toContainText(t('solifyn.verify_effect'));
  await expect(row('matrix.delete')).toContainText(t('solifyn.no_delete'));
  await expect(row('matrix.revoke')).toContainText(t('solifyn.no_revoke'));
  await expect(row('matrix.secret')).toContainText(t('matrix.secret_once'));
  expect(await violations(page), 'matrix').toEqual([]);
});
