// Solifyn licence keys: a list without a search of its own, licences issued to customers, and the devices that use them.

import { violations } from '../support/axe.mjs';
import { Business, KEY, READ_ONLY_KEY, SOLIFYN, SolifynConsole } from '../support/pages/solifyn.mjs';
import { expect, test as base } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

const test = base.extend({
  keys: 0,

  /** Products and customers, without a licence. */
  business: async ({ gateway }, use) => {
    const business = new Business(gateway);
    await business.open();
    await use(business);
  },

  solifyn: async ({ page, gateway, business: _ }, use) => use(new SolifynConsole(page, gateway)),
});

const ADA = 'Fieldnote Pro · Ada Okafor';
const BO = 'Fieldnote Pro · Bo Lindqvist';
const CAD = 'Lumen CAD · Ada Okafor';

/** Looking a lost answer up takes some seconds when nothing happened. */
const LOOKED_UP = { timeout: 20_000 };

function inHours(hours) {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

/** Signs in where one licence is. */
async function oneLicence(solifyn, business, fields = {}) {
  const licence = await business.license(fields);
  await solifyn.enter();
  await expect(solifyn.list.opener(ADA)).toBeVisible();
  return licence;
}

test('an API key signs in, each licence has its state, and a reload keeps it all', async ({ solifyn, business, page }) => {
  const customers = await business.add(
    'customers',
    ['Active', 'Disabled', 'Expired', 'Full', 'Archived', 'Revoked'].map((name) => ({ name, email: `${name}@state.example` })),
  );
  const of = (idx, fields) => ({ ...fields, customerId: customers[idx].id });
  await business.licenses(
    of(0, { activationLimit: 3, devices: 1, expiresAt: inHours(24 * 40) }),
    of(1, { status: 'DISABLED' }),
    of(2, { expiresAt: '2024-01-31T12:00:00.000Z' }),
    of(3, { activationLimit: 2, devices: 2 }),
    of(4, { archived: true }),
    of(5, { status: 'REVOKED', nonNull: true }),
  );
  await solifyn.enter();
  const check = async () => {
    for (const word of ['active', 'disabled', 'expired', 'full', 'archived', 'revoked']) {
      const name = `Fieldnote Pro · ${word.charAt(0).toUpperCase()}${word.slice(1)}`;
      await expect(solifyn.state(name), word).toContainText(t(`key.state_${word}`));
    }
    await expect(solifyn.cell('Fieldnote Pro · Full', 'solifyn.column_used')).toContainText(t('key.usage', { used: 2, limit: 2 }));
  };
  await check();
  expect(await violations(page), 'list').toEqual([]);
  await page.reload();
  await check();
  await expect(page.getByText(KEY)).toBeHidden();
});

test('a wrong API key is refused where it was typed', async ({ solifyn, page, guard }) => {
  guard.expectTrouble();
  await solifyn.open('/?connection=solifyn');
  await solifyn.apiKey.fill('fyn_key_nobody');
  await solifyn.door.submit.click();
  await expect(page.getByText(t('sign_in.not_accepted'))).toBeVisible();
  expect(await violations(page), 'refused').toEqual([]);
});

test('the query runs here, by product, customer, state and end', async ({ solifyn, business }) => {
  await business.licenses(
    { activationLimit: 1, devices: 1 },
    { customerId: business.bo.id, expiresAt: inHours(100) },
    { productId: business.cad.id, status: 'DISABLED' },
  );
  await solifyn.enter();
  const { list, query } = solifyn;
  await list.shows(1, 3, 3);
  const found = async (text, ...titles) => {
    await query.run(text);
    await expect(list.openers, text).toHaveText(titles);
  };
  await found('product: fieldnote', ADA, BO);
  await expect(query.box.getByText(t('query.all_here_no_search'))).toBeVisible();
  await found('customer: ada AND state: full', ADA);
  await found('state: disabled OR customer: lindqvist', BO, CAD);
  await found('expires < now+30d', BO);
  await found('used >= 1', ADA);

  await query.run('platform: windows');
  await expect(query.text).toHaveAccessibleDescription(holding(t('query.problem.unknown_field')));
  await query.run('state: revoked');
  await expect(list.screen('list.no_match_title')).toBeVisible();
});

test('the list that cannot be loaded says so and is tried again', async ({ solifyn, business, gateway, page, guard }) => {
  guard.expectTrouble();
  await business.license();
  await gateway.fault(SOLIFYN.list, 'status', { status: 403, body: '{"statusCode":403,"message":"Forbidden","error":"Forbidden"}' });
  await solifyn.enter();
  await expect(solifyn.list.screen('list.failed_title')).toBeVisible();
  expect(await violations(page), 'failed').toEqual([]);
  await solifyn.list.retry.click();
  await expect(solifyn.list.opener(ADA)).toBeVisible();
});

test('a licence is issued: product and customer picked, the limit the product’s own, the end said in advance', async ({
  solifyn,
  business,
  page,
}) => {
  await solifyn.enter();
  await solifyn.list.newKey.first().click();
  const { create } = solifyn;
  const { form } = create;
  await create.send.click();
  await expect(form.product).toHaveAccessibleDescription(holding(t('form.missing')));
  await form.pick(form.product, 'field', 'Fieldnote Pro');
  await expect(form.limit).toHaveAttribute('placeholder', t('form.default', { value: '3' }));
  await expect(form.validity).toHaveAttribute('placeholder', /720|30/);
  await form.pick(form.customer, 'okafor', 'Ada Okafor');
  await form.preset(7).click();
  await expect(form.validity).toHaveValue('168');
  const end = new Date(Date.now() + 168 * 3_600_000).toISOString().slice(0, 4);
  await expect(create.says(new RegExp(`^Ends on .*${end}`))).toBeVisible();
  expect(await violations(page), 'form').toEqual([]);
  await form.customKey.fill('PILOT-2026-ADA');
  await create.send.click();
  await expect(create.done).toBeVisible();
  await expect(create.says(t('write.as_asked'))).toBeVisible();
  await expect(create.done).not.toContainText('PILOT-2026-ADA');
  await create.reveal.click();
  await expect(create.done).toContainText('PILOT-2026-ADA');
  expect(await violations(page), 'created').toEqual([]);
  await create.close.click();
  await expect(solifyn.cell(ADA, 'solifyn.column_used')).toContainText(t('key.usage', { used: 0, limit: 3 }));

  const [sent] = await business.writes();
  expect(sent.body).toMatchObject({ productId: business.pro.id, customerId: business.ada.id, expiryHours: 168 });
  expect(sent.body).not.toHaveProperty('activationLimit');
  const [licence] = await business.all('licenses');
  expect(licence).toMatchObject({ key: 'PILOT-2026-ADA', activationLimit: 3, expiryHours: 168 });
});

test('a new customer is made beside the picker, and is then chosen', async ({ solifyn, business, page }) => {
  await solifyn.enter();
  await solifyn.list.newKey.first().click();
  const { create, customer } = solifyn;
  await create.form.pick(create.form.product, 'Lumen');
  await create.form.newCustomer.click();
  const form = solifyn.form(customer);
  await form.email.fill('hana@suzuki.example');
  await form.name.fill('Hana Suzuki');
  expect(await violations(page), 'new customer').toEqual([]);
  await customer.getByRole('button', { name: t('offer.send'), exact: true }).click();
  await expect(customer).toBeHidden();
  await expect(create.form.customer).toHaveValue('Hana Suzuki');
  await create.form.limit.fill('4');
  await create.send.click();
  await expect(create.done).toBeVisible();
  await create.close.click();
  await expect(solifyn.list.opener('Lumen CAD · Hana Suzuki')).toBeVisible();

  const made = (await business.all('customers')).find((it) => it.email === 'hana@suzuki.example');
  const [licence] = await business.all('licenses');
  expect(licence).toMatchObject({ customerId: made.id, activationLimit: 4, expiresAt: null });
});

test('limit and end are changed, and nothing else is sent', async ({ solifyn, business, page }) => {
  const licence = await oneLicence(solifyn, business, { activationLimit: 2, devices: 1 });
  await solifyn.list.opener(ADA).click();
  const dialog = solifyn.key;
  await expect(dialog.named(ADA)).toContainText('Ada Okafor');
  // What the API lacks is explained, and has no button.
  await expect(dialog.says(t('solifyn.no_delete'))).toBeVisible();
  await expect(dialog.says(t('solifyn.no_revoke'))).toBeVisible();
  await expect(dialog.button('key.delete')).toHaveCount(0);
  await expect(dialog.button('key.revoke')).toHaveCount(0);
  expect(await violations(page), 'details').toEqual([]);

  await dialog.startEdit(ADA);
  await expect(dialog.form.product).toHaveCount(0);
  await dialog.form.limit.fill('5');
  await dialog.form.expires.fill('2031-05-06T07:08');
  expect(await violations(page), 'edit').toEqual([]);
  await dialog.save.click();
  await expect(dialog.says(t('write.as_asked'))).toBeVisible();
  const [sent] = await business.writes();
  expect(sent.body).toMatchObject({ activationLimit: 5 });
  expect(Object.keys(sent.body).sort()).toEqual(['activationLimit', 'expiresAt']);
  const after = await business.one('licenses', licence.id);
  expect(after.activationLimit).toBe(5);
  expect(Date.parse(after.expiresAt)).toBe(Date.parse('2031-05-06T07:08:00Z'));
});

test.describe('a service that ignores a null', () => {
  test.use({ switches: { 'solifyn-patch-null': 'ignore' } });

  test('keeps the limit, and asked stands against got', async ({ solifyn, business }) => {
    await oneLicence(solifyn, business, { activationLimit: 2 });
    await solifyn.list.opener(ADA).click();
    await solifyn.key.startEdit(ADA);
    await solifyn.key.form.limit.fill('');
    await solifyn.key.save.click();
    const row = solifyn.key.asked(t('solifyn.field_limit'));
    await expect(row.getByRole('cell').first()).toHaveText(t('key.unlimited'));
    await expect(row.getByRole('cell').nth(1)).toContainText('2');
  });
});

test('a licence is disabled and enabled by its state, never flipped', async ({ solifyn, business, page }) => {
  const licence = await oneLicence(solifyn, business, { devices: 2, activationLimit: 5 });
  await solifyn.list.act(ADA, 'disable');
  await expect(solifyn.enable.disabling(ADA)).toContainText(t('solifyn.disable_effect'));
  expect(await violations(page), 'disable').toEqual([]);
  await solifyn.enable.disable.click();
  await expect(solifyn.toast(t('write.disabled', { title: ADA }))).toBeVisible();
  await expect(solifyn.state(ADA)).toContainText(t('key.state_disabled'));
  await solifyn.list.act(ADA, 'enable');
  await solifyn.enable.enable.click();
  await expect(solifyn.state(ADA)).toContainText(t('key.state_active'));
  const writes = await business.writes();
  expect(writes.map((it) => [it.method, it.path, it.body])).toEqual([
    ['PATCH', `/v1/licenses/${licence.id}`, { status: 'DISABLED' }],
    ['PATCH', `/v1/licenses/${licence.id}`, { status: 'ACTIVE' }],
  ]);
});

test('what is revoked is neither enabled nor disabled', async ({ solifyn, business, page }) => {
  await oneLicence(solifyn, business, { status: 'REVOKED' });
  await solifyn.list.menu(ADA).click();
  await expect(page.getByRole('menuitem', { name: t('solifyn.members'), exact: true })).toBeVisible();
  for (const id of ['list.action_enable', 'list.action_disable', 'list.action_delete', 'list.action_revoke']) {
    await expect(page.getByRole('menuitem', { name: t(id), exact: true }), id).toHaveCount(0);
  }
});

test.describe('devices', () => {
  const DEVICES = ['Laptop', 'Tower', 'build-07'].map((it) => ({ instanceName: it, instanceId: `id-${it}`, ipAddress: '192.0.2.7' }));

  test('are listed, renamed and removed', async ({ solifyn, business, page }) => {
    const licence = await oneLicence(solifyn, business, { activationLimit: 3, devices: DEVICES });
    await solifyn.openDevices(ADA);
    const { devices } = solifyn;
    await expect(devices.rows).toHaveText(['Laptop', 'Tower', 'build-07']);
    await expect(devices.row('Tower')).toContainText('192.0.2.7');
    await expect(devices.row('Tower')).toContainText('id-Tower');
    expect(await violations(page), 'devices').toEqual([]);

    await devices.act('rename', 'Tower').click();
    await expect(devices.typed).toHaveValue('Tower');
    await devices.typed.fill('Tower, ground floor');
    await devices.rename.click();
    await expect(devices.row('Tower, ground floor')).toBeVisible();
    await expect(devices.says(t('write.member_renamed', { title: 'Tower' })).first()).toBeVisible();

    await devices.act('remove', 'Laptop').click();
    await expect(devices.says(t('solifyn.remove_effect'))).toBeVisible();
    expect(await violations(page), 'remove').toEqual([]);
    await devices.remove.click();
    await expect(devices.rows).toHaveText(['Tower, ground floor', 'build-07']);
    await devices.close.click();
    await expect(solifyn.cell(ADA, 'solifyn.column_used')).toContainText(t('key.usage', { used: 2, limit: 3 }));

    const left = (await business.all('instances')).filter((it) => it.licenseId === licence.id);
    expect(left.map((it) => it.instanceName)).toEqual(['Tower, ground floor', 'build-07']);
    expect((await business.writes()).map((it) => it.method)).toEqual(['PATCH', 'DELETE']);
  });

  test('are freed one after the other; the one that failed is tried again by itself', async ({ solifyn, business, gateway, page, guard }) => {
    guard.expectTrouble();
    await oneLicence(solifyn, business, { activationLimit: 3, devices: DEVICES });
    const tower = (await business.all('instances')).find((it) => it.instanceName === 'Tower');
    await gateway.fault(SOLIFYN.remove(tower.id), 'status', {
      status: 400,
      body: '{"statusCode":400,"message":"Device is busy","error":"Bad Request"}',
    });
    await solifyn.openDevices(ADA);
    const { devices } = solifyn;
    await devices.free.click();
    await expect(devices.free).toBeDisabled();
    await devices.typed.fill('3');
    await devices.free.click();
    await expect(devices.says(t('members.over'))).toBeVisible();
    await expect(devices.row('Laptop')).toContainText(t('members.fate_removed'));
    await expect(devices.row('Tower')).toContainText('Device is busy');
    await expect(devices.row('build-07')).toContainText(t('members.fate_removed'));
    expect(await violations(page), 'receipt').toEqual([]);
    expect((await business.all('instances')).map((it) => it.instanceName)).toEqual(['Tower']);

    await devices.scope.getByRole('button', { name: t('members.free_again', { n: 1 }), exact: true }).click();
    await expect(devices.row('Tower')).toContainText(t('members.fate_removed'));
    expect(await business.all('instances')).toEqual([]);
    expect(await gateway.logOf(SOLIFYN.remove())).toHaveLength(4);
    await devices.back.click();
    await expect(devices.says(t('solifyn.members_none'))).toBeVisible();
  });
});

for (const answers of ['mixed', 'valid-false', 'not-found']) {
  test.describe(`a check answered in the manner “${answers}”`, () => {
    test.use({ switches: { 'solifyn-verify': answers } });

    test('says valid, not valid and unknown', async ({ solifyn, business, page, guard }) => {
      guard.expectTrouble();
      const licence = await oneLicence(solifyn, business);
      await solifyn.openCheck.click();
      const { check } = solifyn;
      const form = solifyn.form(check);
      const send = check.getByRole('button', { name: t('verify.send'), exact: true });
      await form.key.fill(licence.key);
      await form.pick(form.product, 'Fieldnote');
      await send.click();
      await expect(check.getByText(t('solifyn.verify_valid'))).toBeVisible();
      expect(await violations(page), 'valid').toEqual([]);

      await business.change('licenses', licence.id, { status: 'DISABLED' });
      await send.click();
      await expect(check.getByText(t('verify.invalid'), { exact: true })).toBeVisible();
      const why = answers === 'not-found' ? 'solifyn.verify_unknown' : 'solifyn.verify_disabled';
      await expect(check.getByText(t(why))).toBeVisible();

      await form.key.fill('0000-0000-0000');
      await expect(check.getByText(t(why))).toBeHidden();
      await send.click();
      const unknown = answers === 'valid-false' ? 'solifyn.verify_invalid' : 'solifyn.verify_unknown';
      await expect(check.getByText(t(unknown))).toBeVisible();
      expect(await business.writes()).toEqual([]);
      expect(page.url()).not.toContain(licence.key);
      expect(await solifyn.storage()).not.toContain(licence.key);
    });
  });
}

test('a key that may only read is recognised at the first refused change, and no more changes are offered', async ({
  solifyn,
  business,
  page,
  guard,
}) => {
  guard.expectTrouble();
  const licence = await business.license({ activationLimit: 3, devices: 2 });
  await solifyn.enter(READ_ONLY_KEY);
  await expect(solifyn.list.opener(ADA)).toBeVisible();
  await expect(solifyn.list.newKey).toBeVisible();
  await solifyn.list.act(ADA, 'disable');
  await solifyn.enable.disable.click();
  const dialog = solifyn.enable.disabling(ADA);
  await expect(dialog).toContainText(t('write.not_disabled', { title: ADA }));
  await expect(dialog).toContainText(t('error.forbidden'));
  await dialog.getByRole('button', { name: t('ui.cancel'), exact: true }).click();
  expect((await business.one('licenses', licence.id)).status).toBe('ACTIVE');

  const nothingOffered = async () => {
    await expect(solifyn.readOnly).toBeVisible();
    await expect(solifyn.list.opener(ADA)).toBeVisible();
    await expect(solifyn.list.newKey).toHaveCount(0);
    await solifyn.list.menu(ADA).click();
    await expect(page.getByRole('menuitem')).toHaveText([
      t('list.action_details'),
      t('solifyn.members'),
      t('list.action_copy_id'),
    ]);
    await page.keyboard.press('Escape');
  };
  await nothingOffered();
  expect(await violations(page), 'read only').toEqual([]);
  await solifyn.openDevices(ADA);
  await expect(solifyn.devices.rows).toHaveCount(2);
  await expect(solifyn.devices.free).toHaveCount(0);
  await expect(solifyn.devices.scope.getByRole('row').getByRole('button')).toHaveCount(0);
  await solifyn.devices.close.click();
  await solifyn.list.opener(ADA).click();
  await expect(solifyn.key.button('key.duplicate')).toHaveCount(0);
  await expect(solifyn.key.edit).toHaveCount(0);
  await solifyn.key.cross.first().click();
  await page.reload();
  await nothingOffered();

  // Another key, and changes are offered again.
  await page.getByRole('button', { name: t('session.renew'), exact: true }).click();
  await solifyn.renewal.getByRole('textbox', { name: holding(t('solifyn.token')) }).fill(KEY);
  await solifyn.again.submit.click();
  await expect(solifyn.renewal).toBeHidden();
  await expect(solifyn.readOnly).toBeHidden();
  await expect(solifyn.list.newKey).toBeVisible();
});

test.describe('what is refused is said where it was asked', () => {
  test.use({ switches: { 'solifyn-limit-below-use': 'refuse', 'solifyn-messages': 'array' } });
  test.beforeEach(({ guard }) => guard.expectTrouble());

  test('a key text that is taken', async ({ solifyn, business }) => {
    await oneLicence(solifyn, business, { key: 'TAKEN-0001' });
    await solifyn.list.newKey.click();
    const { create } = solifyn;
    await create.form.pick(create.form.product, 'Fieldnote');
    await create.form.pick(create.form.customer, 'Bo');
    await create.form.customKey.fill('TAKEN-0001');
    await create.send.click();
    await expect(create.says(t('write.refused'))).toBeVisible();
    await expect(create.says(t('error.status', { status: '409' }))).toBeVisible();
    await expect(create.form.customKey).toHaveValue('TAKEN-0001');
    expect(await business.all('licenses')).toHaveLength(1);
  });

  test('a limit below the devices in use', async ({ solifyn, business }) => {
    const licence = await oneLicence(solifyn, business, { activationLimit: 5, devices: 3 });
    await solifyn.list.opener(ADA).click();
    await solifyn.key.startEdit(ADA);
    await solifyn.key.form.limit.fill('2');
    await solifyn.key.save.click();
    await expect(solifyn.key.says(t('write.not_updated', { title: ADA }))).toBeVisible();
    await expect(solifyn.key.form.limit).toHaveValue('2');
    expect((await business.one('licenses', licence.id)).activationLimit).toBe(5);
  });

  test('a device’s new name, and a new customer', async ({ solifyn, business, gateway }) => {
    const refusal = { status: 400, body: '{"statusCode":400,"message":["It is not to our taste"],"error":"Bad Request"}' };
    const licence = await oneLicence(solifyn, business, { devices: [{ instanceName: 'Laptop', instanceId: 'id-1' }] });
    await gateway.fault(SOLIFYN.rename(licence.id), 'status', refusal);
    await gateway.fault(SOLIFYN.customer, 'status', refusal);
    await solifyn.openDevices(ADA);
    const { devices, create, customer } = solifyn;
    await devices.act('rename', 'Laptop').click();
    await devices.typed.fill('Laptop 2');
    await devices.rename.click();
    await expect(devices.says('It is not to our taste').first()).toBeVisible();
    await expect(devices.typed).toHaveValue('Laptop 2');
    await devices.again.click();
    await expect(devices.row('Laptop 2')).toBeVisible();
    await devices.close.click();

    await solifyn.list.newKey.click();
    await create.form.newCustomer.click();
    const form = solifyn.form(customer);
    await form.email.fill('new@customer.example');
    await form.name.fill('New Customer');
    await customer.getByRole('button', { name: t('offer.send'), exact: true }).click();
    await expect(customer.getByText('It is not to our taste').first()).toBeVisible();
    await customer.getByRole('button', { name: t('create.again'), exact: true }).click();
    await expect(create.form.customer).toHaveValue('New Customer');
  });
});

test.describe('a lost answer', () => {
  test.beforeEach(({ guard }) => guard.expectTrouble());

  /** Each write: how it is begun and sent, the call, and what the gateway has when it happened. */
  const WRITES = {
    'an issue': {
      call: () => SOLIFYN.create,
      async begin({ list, create }) {
        await list.newKey.click();
        await create.form.pick(create.form.product, 'Lumen');
        await create.form.pick(create.form.customer, 'Bo');
        await create.form.limit.fill('9');
        return { send: create.send, again: create.again, scope: create.scope, happened: create.done };
      },
      did: async (business) => (await business.all('licenses')).filter((it) => it.activationLimit === 9).length,
    },
    'a change': {
      call: (licence) => SOLIFYN.change(licence.id),
      async begin({ list, key }) {
        await list.opener(ADA).click();
        await key.startEdit(ADA);
        await key.form.limit.fill('9');
        return { send: key.save, again: key.again, scope: key.scope, happened: key.says(t('write.updated', { title: ADA })) };
      },
      did: async (business) => (await business.all('licenses')).filter((it) => it.activationLimit === 9).length,
    },
    'a switch': {
      call: (licence) => SOLIFYN.change(licence.id),
      async begin({ list, enable, page }) {
        await list.act(ADA, 'disable');
        const scope = enable.disabling(ADA);
        const again = scope.getByRole('button', { name: t('create.again'), exact: true });
        return { send: enable.disable, again, scope, happened: page.getByText(t('write.disabled', { title: ADA })).first() };
      },
      did: async (business) => (await business.all('licenses')).filter((it) => it.status === 'DISABLED').length,
    },
    'a new name of a device': {
      call: (licence) => SOLIFYN.rename(licence.id),
      async begin(solifyn) {
        await solifyn.openDevices(ADA);
        const { devices } = solifyn;
        await devices.act('rename', 'Laptop').click();
        await devices.typed.fill('Laptop 2');
        return { send: devices.rename, again: devices.again, scope: devices.scope, happened: devices.row('Laptop 2') };
      },
      did: async (business) => (await business.all('instances')).filter((it) => it.instanceName === 'Laptop 2').length,
    },
    'a removal of a device': {
      call: () => SOLIFYN.remove(),
      async begin(solifyn) {
        await solifyn.openDevices(ADA);
        const { devices } = solifyn;
        await devices.act('remove', 'Laptop').click();
        return { send: devices.remove, again: devices.again, scope: devices.scope, happened: devices.says(t('solifyn.members_none')) };
      },
      did: async (business) => 1 - (await business.all('instances')).length,
    },
    'a new customer': {
      call: () => SOLIFYN.customer,
      async begin(solifyn) {
        await solifyn.list.newKey.click();
        await solifyn.create.form.newCustomer.click();
        const scope = solifyn.customer;
        const form = solifyn.form(scope);
        await form.email.fill('lost@answer.example');
        await form.name.fill('Lost Answer');
        const button = (id) => scope.getByRole('button', { name: t(id), exact: true });
        const happened = solifyn.create.form.scope.getByRole('combobox', { name: holding(t('solifyn.field_customer')) });
        return { send: button('offer.send'), again: button('create.again'), scope, happened, value: 'Lost Answer' };
      },
      did: async (business) => (await business.all('customers')).filter((it) => it.name === 'Lost Answer').length,
    },
  };

  for (const [name, write] of Object.entries(WRITES)) {
    const begun = async (solifyn, business, gateway) => {
      const device = { instanceName: 'Laptop', instanceId: 'id-Laptop' };
      const licence = await oneLicence(solifyn, business, { activationLimit: 3, devices: [device] });
      await gateway.clearLog();
      const parts = await write.begin(solifyn);
      const happened = async () => {
        if (parts.value) await expect(parts.happened).toHaveValue(parts.value, LOOKED_UP);
        else await expect(parts.happened).toBeVisible(LOOKED_UP);
      };
      const fault = (kind) => gateway.fault(write.call(licence), kind);
      return { ...parts, happened, fault, committed: async () => (await gateway.logOf(write.call(licence))).map((it) => it.committed) };
    };

    test(`to ${name} is looked up: not done, and then done once`, async ({ solifyn, business, gateway }) => {
      const { send, again, scope, happened, committed, fault } = await begun(solifyn, business, gateway);
      await fault('drop-before');
      await send.click();
      await expect(scope.getByText(t('write.proved_not_done'))).toBeVisible(LOOKED_UP);
      expect(await committed()).toEqual([false]);
      expect(await write.did(business)).toBe(0);

      await fault('drop-after-write');
      await again.click();
      await happened();
      expect(await committed()).toEqual([false, true]);
      expect(await write.did(business)).toBe(1);
    });
  }
});
