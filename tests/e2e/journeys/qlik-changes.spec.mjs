// Qlik Cloud: changing keys and the tenant. Renaming, deleting and revoking, replacing, the settings; and each of these
// with its answer lost. The judge is the gateway's log and the tenant's store.

import { violations } from '../support/axe.mjs';
import { QLIK } from '../support/pages/qlik.mjs';
import { expect, test } from '../support/qlik.mjs';
import { holding, t } from '../support/texts.mjs';

/** Looking a lost answer up takes some seconds when nothing happened. */
const LOOKED_UP = { timeout: 20_000 };

/** Adds a key and waits for its row. */
async function shown(qlik, tenant, gateway, fields) {
  const key = await tenant.add(fields);
  await qlik.list.refresh.click();
  await expect(qlik.list.opener(key.description)).toBeVisible();
  await gateway.clearLog();
  return key;
}

async function stored(tenant, id) {
  return (await tenant.keys()).find((it) => it.id === id);
}

async function committed(gateway, call) {
  return (await gateway.logOf(call)).map((it) => it.committed);
}

test.beforeEach(({ guard }) => guard.expectTrouble());

test.describe('renaming', () => {
  async function rename(admin, from, to) {
    await admin.list.opener(from).click();
    await admin.key.startEdit(from);
    await admin.key.form.description.fill(to);
  }

  test('changes the description alone', async ({ admin, tenant, gateway, page }) => {
    const key = await shown(admin, tenant, gateway, { description: 'Old name' });
    await rename(admin, 'Old name', 'New name');
    await expect(admin.key.form.validFor).toBeHidden();
    expect(await violations(page)).toEqual([]);
    const curl = await admin.key.curl();
    expect(curl).toContain(`/api/v1/api-keys/${key.id}`);
    await admin.key.save.click();
    await expect(admin.key.says(t('write.as_asked'))).toBeVisible();
    const [sent] = await gateway.logOf(QLIK.rename);
    expect(sent.body).toEqual([{ op: 'replace', path: '/description', value: 'New name' }]);
    expect((await stored(tenant, key.id)).description).toBe('New name');
    await admin.key.cross.first().click();
    await expect(admin.list.opener('New name')).toBeVisible();
  });

  for (const [fault, found] of [['drop-after-write', true], ['drop-before', false]]) {
    test(`with a lost answer (${fault}) is looked up`, async ({ admin, tenant, gateway }) => {
      const key = await shown(admin, tenant, gateway, { description: 'Old name' });
      await rename(admin, 'Old name', 'New name');
      await gateway.fault(QLIK.rename, fault);
      await admin.key.save.click();
      await expect(admin.key.says(t(found ? 'write.notice_looked_up' : 'write.proved_not_done'))).toBeVisible(LOOKED_UP);
      expect(await committed(gateway, QLIK.rename)).toEqual([found]);
      expect((await stored(tenant, key.id)).description).toBe(found ? 'New name' : 'Old name');
      if (found) return;
      await expect(admin.key.form.description).toHaveValue('New name');
      await admin.key.again.click();
      await expect(admin.key.says(t('write.as_asked'))).toBeVisible();
      expect(await committed(gateway, QLIK.rename)).toEqual([false, true]);
    });
  }

  test('that the tenant refuses stands at the description', async ({ admin, tenant, gateway }) => {
    await shown(admin, tenant, gateway, { description: 'Old name' });
    await rename(admin, 'Old name', 'Refused name');
    const body = '{"errors":[{"code":"API-KEYS-1","title":"Invalid body","detail":"The description is taken","source":{"pointer":"/description"}}],"traceId":"00ff"}';
    await gateway.fault(QLIK.rename, 'status', { status: 400, body });
    await admin.key.save.click();
    await expect(admin.key.form.description).toHaveAccessibleDescription(holding('The description is taken'));
    await expect(admin.key.scope).toContainText('00ff');
  });
});

test.describe('removing', () => {
  test('an own key is deleted', async ({ admin, tenant, gateway, page }) => {
    const key = await shown(admin, tenant, gateway, { description: 'My own' });
    await admin.act('My own', 'list.action_delete');
    const dialog = admin.dialog('delete.title', { title: 'My own' });
    await expect(dialog).toContainText(t('qlik.delete_effect'));
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: t('delete.confirm'), exact: true }).click();
    await expect(admin.toast(t('write.deleted', { title: 'My own' }))).toBeVisible();
    await expect(admin.list.opener('My own')).toBeHidden();
    expect(await stored(tenant, key.id)).toBeUndefined();
  });

  test('somebody else’s key is revoked by the administrator', async ({ admin, tenant, gateway, page }) => {
    const { user } = await tenant.ids();
    const key = await shown(admin, tenant, gateway, { description: 'Of a user', sub: user, createdByUser: user });
    await admin.act('Of a user', 'list.action_revoke');
    const dialog = admin.dialog('revoke.title', { title: 'Of a user' });
    await expect(dialog).toContainText(t('qlik.revoke_effect'));
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: t('revoke.confirm'), exact: true }).click();
    await expect(admin.toast(t('write.revoked', { title: 'Of a user' }))).toBeVisible();
    await expect(admin.cell('Of a user', 'list.column_state')).toContainText(t('key.state_revoked'));
    expect((await stored(tenant, key.id)).revoked).toBe(true);
    // What was taken back is not taken back again.
    await admin.list.menu('Of a user').click();
    await expect(page.getByRole('menuitem', { name: t('list.action_revoke'), exact: true })).toBeHidden();
  });

  test('a plain user deletes his own', async ({ user, tenant, gateway }) => {
    const { user: me } = await tenant.ids();
    const key = await shown(user, tenant, gateway, { description: 'His own', sub: me, createdByUser: me });
    await user.act('His own', 'list.action_delete');
    await user.dialog('delete.title', { title: 'His own' }).getByRole('button', { name: t('delete.confirm'), exact: true }).click();
    await expect(user.toast(t('write.deleted', { title: 'His own' }))).toBeVisible();
    expect(await stored(tenant, key.id)).toBeUndefined();
  });

  for (const own of [true, false]) {
    for (const [fault, found] of [['drop-after-write', true], ['drop-before', false]]) {
      test(`${own ? 'an own' : 'another'} key with a lost answer (${fault}) is looked up`, async ({ admin, tenant, gateway }) => {
        const { user } = await tenant.ids();
        const of = own ? {} : { sub: user, createdByUser: user };
        const key = await shown(admin, tenant, gateway, { description: 'Doomed', ...of });
        const verb = own ? 'delete' : 'revoke';
        await admin.act('Doomed', `list.action_${verb}`);
        const dialog = admin.dialog(`${verb}.title`, { title: 'Doomed' });
        const confirm = dialog.getByRole('button', { name: t(`${verb}.confirm`), exact: true });
        await gateway.fault(QLIK.remove, fault);
        await confirm.click();
        await expect(dialog).toContainText(t(found ? 'write.notice_looked_up' : 'write.proved_not_done'), LOOKED_UP);
        expect(await committed(gateway, QLIK.remove)).toEqual([found]);
        const after = await stored(tenant, key.id);
        expect(own ? after === undefined : after.revoked).toBe(found);
        if (found) return;
        await confirm.click();
        await expect(admin.toast(t(own ? 'write.deleted' : 'write.revoked', { title: 'Doomed' }))).toBeVisible();
        expect(await committed(gateway, QLIK.remove)).toEqual([false, true]);
      });
    }
  }
});

test.describe('a create whose answer is lost', () => {
  test('after it happened has lost its value, says so, and the key can be removed', async ({ admin, tenant, gateway, page }) => {
    const { create } = admin;
    await admin.startCreate('Lost value');
    await gateway.fault(QLIK.create, 'drop-after-write');
    await create.send.click();
    await expect(create.says(t('create.lost_title'))).toBeVisible(LOOKED_UP);
    await expect(create.says(t('write.notice_secret_lost'))).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await committed(gateway, QLIK.create)).toEqual([true]);
    expect(await tenant.named('Lost value')).toHaveLength(1);
    await create.button('create.lost_remove').click();
    await admin.dialog('delete.title', { title: 'Lost value' }).getByRole('button', { name: t('delete.confirm'), exact: true }).click();
    await expect(admin.toast(t('write.deleted', { title: 'Lost value' }))).toBeVisible();
    expect(await tenant.named('Lost value')).toEqual([]);
  });

  test('before it arrived was not made, and again makes one', async ({ admin, tenant, gateway }) => {
    const { create, once } = admin;
    await admin.startCreate('Lost on the way');
    await gateway.fault(QLIK.create, 'drop-before');
    await create.send.click();
    await expect(create.says(t('write.proved_not_done'))).toBeVisible(LOOKED_UP);
    expect(await tenant.named('Lost on the way')).toEqual([]);
    await create.again.click();
    await once.read();
    expect(await committed(gateway, QLIK.create)).toEqual([false, true]);
    expect(await tenant.named('Lost on the way')).toHaveLength(1);
  });
});

test.describe('replacing a key', () => {
  async function replace(admin, title) {
    await admin.act(title, 'regenerate.open');
    const dialog = admin.dialog('regenerate.title', { title });
    await expect(admin.page.getByRole('textbox', { name: holding(t('qlik.field_description')) })).toHaveValue(title);
    return dialog;
  }
  const steps = (dialog) => dialog.getByRole('list', { name: t('regenerate.steps'), exact: true });

  test('makes the new one, and removes the old after its value was stored', async ({ admin, tenant, gateway, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const old = await shown(admin, tenant, gateway, { description: 'Reporting' });
    const dialog = await replace(admin, 'Reporting');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: t('regenerate.create'), exact: true }).click();
    const value = await admin.once.read();
    await admin.once.finish();
    await expect(steps(dialog)).toContainText(t('regenerate.value_stored'));
    // Nothing was removed yet.
    expect(await gateway.logOf(QLIK.remove)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: t('regenerate.remove_old'), exact: true }).click();
    await expect(steps(dialog)).toContainText(t('write.deleted', { title: 'Reporting' }));
    await dialog.getByRole('button', { name: t('ui.close'), exact: true }).last().click();
    const [left, ...more] = await tenant.named('Reporting');
    expect(more).toEqual([]);
    expect(left.id).not.toBe(old.id);
    expect(await admin.dom()).not.toContain(value);
  });

  test('half way leaves both, and says what is left to do', async ({ admin, tenant, gateway, page }) => {
    await shown(admin, tenant, gateway, { description: 'Half way' });
    const dialog = await replace(admin, 'Half way');
    await dialog.getByRole('button', { name: t('regenerate.create'), exact: true }).click();
    await admin.once.read();
    await page.keyboard.press('Escape');
    await admin.once.lose.click();
    await expect(steps(dialog)).toContainText(t('regenerate.value_not_said'));
    await expect(dialog).toContainText(t('regenerate.not_stored', { old: 'Half way' }));
    await page.keyboard.press('Escape');
    const question = admin.dialog('regenerate.leave_title');
    await expect(question).toContainText(t('regenerate.left', { new: 'Half way', old: 'Half way' }));
    await question.getByRole('button', { name: t('regenerate.leave_confirm'), exact: true }).click();
    await expect(admin.toast(t('regenerate.left', { new: 'Half way', old: 'Half way' }))).toBeVisible();
    expect(await tenant.named('Half way')).toHaveLength(2);
    expect(await gateway.logOf(QLIK.remove)).toEqual([]);
  });

  test('whose new value was lost never offers to remove the old', async ({ admin, tenant, gateway }) => {
    const old = await shown(admin, tenant, gateway, { description: 'Needed' });
    const dialog = await replace(admin, 'Needed');
    await gateway.fault(QLIK.create, 'drop-after-write');
    await dialog.getByRole('button', { name: t('regenerate.create'), exact: true }).click();
    await expect(dialog).toContainText(t('regenerate.lost', { old: 'Needed' }), LOOKED_UP);
    await expect(dialog.getByRole('button', { name: t('regenerate.remove_old'), exact: true })).toBeHidden();
    expect(await stored(tenant, old.id)).toBeTruthy();
  });
});

test.describe('the settings of the tenant', () => {
  const field = (admin, id) => admin.settings.getByRole('textbox', { name: holding(t(id)) });
  const button = (admin, id) => admin.settings.getByRole('button', { name: t(id), exact: true });

  async function change(admin, expiry) {
    await admin.settingsButton.click();
    await expect(admin.settings).toContainText('P365D');
    await button(admin, 'settings.change').click();
    await field(admin, 'qlik.set_expiry').fill(expiry);
  }

  test('are read and changed', async ({ admin, tenant, gateway, page }) => {
    await admin.settingsButton.click();
    await expect(admin.settings).toContainText(t('qlik.set_keys'));
    await expect(admin.settings).toContainText('25');
    expect(await violations(page)).toEqual([]);
    await button(admin, 'settings.change').click();
    await field(admin, 'qlik.set_expiry').fill('P90D');
    await field(admin, 'qlik.set_keys').fill('12');
    expect(await violations(page)).toEqual([]);
    await button(admin, 'settings.save').click();
    await expect(admin.settings).toContainText(t('write.settings_changed'));
    await expect(admin.settings).toContainText(t('write.as_asked'));
    expect(await tenant.config()).toMatchObject({ max_api_key_expiry: 'P90D', max_keys_per_user: 12, scim_externalClient_expiry: 'P365D' });
    const [sent] = await gateway.logOf(QLIK.settings);
    expect(sent.body.map((it) => it.path).toSorted()).toEqual(['/max_api_key_expiry', '/max_keys_per_user']);
  });

  for (const [fault, found] of [['drop-after-write', true], ['drop-before', false]]) {
    test(`with a lost answer (${fault}) are looked up`, async ({ admin, tenant, gateway }) => {
      await change(admin, 'P30D');
      await gateway.fault(QLIK.settings, fault);
      await button(admin, 'settings.save').click();
      await expect(admin.settings).toContainText(t(found ? 'write.notice_looked_up' : 'write.proved_not_done'), LOOKED_UP);
      expect(await committed(gateway, QLIK.settings)).toEqual([found]);
      expect((await tenant.config()).max_api_key_expiry).toBe(found ? 'P30D' : 'P365D');
      if (found) return;
      await button(admin, 'create.again').click();
      await expect(admin.settings).toContainText(t('write.settings_changed'));
      expect(await committed(gateway, QLIK.settings)).toEqual([false, true]);
    });
  }

  test('are refused to a plain user, at their place', async ({ user, tenant }) => {
    const before = await tenant.config();
    await user.settingsButton.click();
    const refused = user.settings.getByText(t('settings.forbidden'));
    await expect(refused.or(button(user, 'settings.change'))).toBeVisible();
    if (await button(user, 'settings.change').isVisible()) {
      await button(user, 'settings.change').click();
      await field(user, 'qlik.set_expiry').fill('P30D');
      await button(user, 'settings.save').click();
    }
    await expect(refused).toBeVisible();
    expect(await tenant.config()).toEqual(before);
  });
});
