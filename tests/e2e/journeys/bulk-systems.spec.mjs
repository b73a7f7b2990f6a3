// Many keys of the other systems: what a manifest lacks is not offered, and what it calls otherwise is called so.

import { violations } from '../support/axe.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { Business, READ_ONLY_KEY, SolifynConsole } from '../support/pages/solifyn.mjs';
import { test as qlik } from '../support/qlik.mjs';
import { expect, test as base } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

const solifyn = base.extend({
  keys: 0,

  business: async ({ gateway }, use) => {
    const business = new Business(gateway);
    await business.open();
    await use(business);
  },

  solifyn: async ({ page, gateway, business: _ }, use) => use(new SolifynConsole(page, gateway)),
});

const TITLES = ['Fieldnote Pro · Una', 'Fieldnote Pro · Vik'];

async function licences(business) {
  const customers = await business.add(
    'customers',
    ['Una', 'Vik'].map((name) => ({ name, email: `${name}@bulk.example` })),
  );
  return business.licenses(...customers.map((it) => ({ customerId: it.id, activationLimit: 3, devices: 2 })));
}

solifyn('licences are disabled together, and their limits raised', async ({ solifyn, business, page }) => {
  await licences(business);
  await solifyn.enter();
  const bulk = new Bulk(solifyn);
  await expect(solifyn.list.opener(TITLES[0])).toBeVisible();
  await bulk.pick(...TITLES);
  await expect(bulk.bar.button('bulk.delete')).toBeHidden();
  await expect(bulk.bar.button('bulk.revoke')).toBeHidden();
  const dialog = await bulk.open('disable', 2);
  await expect(dialog.scope).toContainText(t('solifyn.disable_effect'));
  expect(await violations(page)).toEqual([]);
  await dialog.button(t('bulk.go_disable', { n: 2 })).click();
  await bulk.job(t('bulk.go_disable', { n: 2 })).ended('2 done');
  await expect(solifyn.state(TITLES[1])).toContainText(t('key.state_disabled'));

  await bulk.pick(...TITLES);
  const change = await bulk.open('change', 2);
  await change.tick(t('solifyn.field_limit'));
  await change.how(t('solifyn.field_limit')).selectOption({ label: t('bulk.how_more') });
  await change.field('bulk.by_places').fill('4');
  await change.review.click();
  await change.button(t('bulk.go_change', { n: 2 })).click();
  await bulk.job(t('bulk.go_change', { n: 2 })).ended('2 done');
  for (const title of TITLES) await expect(solifyn.list.row(title)).toContainText('7');
});

solifyn('a reader who may change nothing is offered nothing', async ({ solifyn, business, guard }) => {
  guard.expectTrouble();
  await licences(business);
  await solifyn.enter(READ_ONLY_KEY);
  const bulk = new Bulk(solifyn);
  await expect(solifyn.list.opener(TITLES[0])).toBeVisible();
  await bulk.pick(...TITLES);
  // The service says so at the first write.
  const dialog = await bulk.open('disable', 2);
  await dialog.button(t('bulk.go_disable', { n: 2 })).click();
  await bulk.job(t('bulk.go_disable', { n: 2 })).ended('0 done, 2 failed');
  await expect(solifyn.readOnly).toBeVisible();
  await bulk.bar.says(2);
  for (const id of ['enable', 'disable', 'change', 'duplicate']) {
    await expect(bulk.bar.button(`bulk.${id}`)).toHaveCount(0);
  }
  await bulk.bar.clear.click();
  await expect(bulk.bar.count).toHaveText('');
});

qlik('keys of others are revoked, with that word', async ({ admin, tenant, page }) => {
  const { user } = await tenant.ids();
  const of = (description) => tenant.add({ description, sub: user, createdByUser: user });
  const added = [await of('One'), await of('Two')];
  await admin.list.refresh.click();
  await expect(admin.list.opener('Two')).toBeVisible();
  const bulk = new Bulk(admin);
  await bulk.pick('One', 'Two');
  await expect(bulk.bar.button('bulk.disable')).toBeHidden();
  const dialog = await bulk.open('revoke', 2);
  await expect(dialog.scope).toContainText(t('qlik.revoke_effect'));
  await expect(dialog.row('One')).toContainText(t('bulk.line_revoked'));
  expect(await violations(page)).toEqual([]);
  await dialog.button(t('bulk.go_revoke', { n: 2 })).click();
  await bulk.job(t('bulk.job_remove', { n: 2 })).ended('2 done');
  const now = await tenant.keys();
  for (const key of added) expect(now.find((it) => it.id === key.id).revoked).toBe(true);
  await expect(admin.cell('One', 'list.column_state')).toContainText(t('key.state_revoked'));
});
