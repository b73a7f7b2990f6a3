// One key: what it says, and that an edit sends the differences and nothing else.

import { CALLS } from '../support/control.mjs';
import { expect, test } from '../support/test.mjs';
import { day, holding, inDays, t } from '../support/texts.mjs';

test.use({ keys: 3 });

const FIELDS = {
  title: 'Payroll servers',
  networkId: 64002,
  countUsed: 40,
  countPurchased: 100,
  expireDate: inDays(60),
  licenses: ['VM', 'PA'],
  tags: [7340001, 7340031],
  firstName: 'Maya',
  lastName: 'Okafor',
  userName: 'demo_mo1',
};

/** A key with known settings, opened. */
async function opened(signedIn, gateway) {
  const key = await gateway.addKey(FIELDS);
  const { list } = signedIn;
  await list.refresh.click();
  await list.opener(key.title).click();
  await expect(signedIn.key.named(key.title)).toBeVisible();
  await gateway.clearLog();
  return key;
}

test('the dialog reads the key first and shows all of it', async ({ signedIn, gateway }) => {
  const key = await gateway.addKey(FIELDS);
  await signedIn.list.refresh.click();
  await gateway.clearLog();
  await signedIn.list.opener(key.title).click();
  const dialog = signedIn.key.named(key.title);
  await expect(dialog).toBeVisible();
  expect((await gateway.logOf(CALLS.get)).map((it) => it.path.split('/').at(-1))).toEqual([String(key.id)]);
  for (const text of [
    t('key.usage', { used: 40, limit: 100 }),
    t('key.utc', { day: day(FIELDS.expireDate) }),
    t('key.licence', { name: t('licence.vm'), code: 'VM' }),
    '64002',
    '7340031',
    t('key.creator', { name: 'Maya Okafor', login: 'demo_mo1' }),
    String(key.id),
    t('key.kind_count_time'),
  ]) {
    await expect(dialog, text).toContainText(text);
  }
  await expect(dialog).not.toContainText(key.activationKey);
});

test('each setting that changes is sent, and no other', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  const dialog = signedIn.key;
  await dialog.startEdit(key.title);
  const { form } = dialog;
  await form.title.fill('Payroll, new building');
  await form.licence('VM').uncheck();
  await form.licence('FIM').check();
  await form.removeTag(7340001).click();
  await form.tags.fill('7340020');
  await form.limit.fill('500');
  await dialog.apply.check();

  // What will be sent, in words.
  await expect(dialog.preview.getByRole('listitem')).toHaveText([
    t('change.set', { field: t('key.field_title'), from: key.title, to: 'Payroll, new building' }),
    t('change.set', { field: t('key.field_limit'), from: t('key.agents', { n: 100 }), to: t('key.agents', { n: 500 }) }),
    t('change.add', { field: 'licences', list: t('key.licence', { name: t('licence.fim'), code: 'FIM' }) }),
    t('change.remove', { field: 'licences', list: t('key.licence', { name: t('licence.vm'), code: 'VM' }) }),
    t('change.add', { field: 'tags', list: '7340020' }),
    t('change.remove', { field: 'tags', list: '7340001' }),
    t('change.apply', { n: 40 }),
  ]);
  await dialog.save.click();
  await expect(dialog.says(t('write.updated', { title: 'Payroll, new building' }))).toBeVisible();
  await expect(dialog.says(t('write.as_asked'))).toBeVisible();
  await expect(dialog.named('Payroll, new building')).toBeVisible();

  const writes = await gateway.writes();
  expect(writes).toHaveLength(1);
  expect(writes[0].body).toEqual({
    title: 'Payroll, new building',
    maxAgentsAllowed: 500,
    addLicenses: ['FIM'],
    removeLicenses: ['VM'],
    addTags: [7340020],
    removeTags: [7340001],
    applyToExistingAgents: true,
  });
  expect(await gateway.key(key.id)).toMatchObject({
    title: 'Payroll, new building',
    countPurchased: 500,
    expireDate: FIELDS.expireDate,
    networkId: 64002,
    tags: [7340031, 7340020],
  });
  await dialog.cross.click();
  await expect(signedIn.list.opener('Payroll, new building')).toBeVisible();
});

test('limits are removed by removing them', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.limit.fill('');
  await signedIn.key.form.expires.fill('');
  await signedIn.key.save.click();
  await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
  const [sent] = await gateway.writes();
  expect(sent.body).toEqual({ removeExpireDate: true, removeMaxAgentsAllowed: true });
  expect(await gateway.key(key.id)).toMatchObject({ expireDate: null, countPurchased: 0 });
});

test('a changed network and a new day are sent as they are', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.network.fill('0');
  await signedIn.key.form.expires.fill(inDays(200));
  await signedIn.key.save.click();
  await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
  const [sent] = await gateway.writes();
  expect(sent.body).toEqual({ networkId: 0, expireDate: inDays(200) });
});

test('nothing changed is nothing sent', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.title.fill('Something');
  await signedIn.key.form.title.fill(key.title);
  await signedIn.key.save.click();
  await expect(signedIn.key.says(t('edit.nothing')).first()).toBeVisible();
  expect(await gateway.writes()).toEqual([]);
});

test('a limit that is used up is refused at its field', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.limit.fill('40');
  await signedIn.key.save.click();
  await expect(signedIn.key.form.limit).toHaveAccessibleDescription(holding(t('form.not_above_used', { n: 40 })));
  expect(await gateway.writes()).toEqual([]);
});

test('a key that changed behind one’s back shows both versions, and loses neither', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  const dialog = signedIn.key;
  await dialog.startEdit(key.title);
  await dialog.form.limit.fill('900');
  await gateway.patchKey(key.id, { title: 'Payroll EU', licenses: ['VM', 'PA', 'EDR'] });

  await dialog.save.click();
  await expect(dialog.says(t('moved.title'))).toBeVisible();
  expect(await gateway.writes()).toEqual([]);
  await expect(dialog.moved(t('key.field_title')).getByRole('cell')).toHaveText([
    'Payroll servers',
    'Payroll EU',
    t('moved.not_edited'),
  ]);
  await expect(dialog.moved(t('key.field_licences')).getByRole('cell').nth(1)).toContainText('EDR');

  await dialog.backToMine.click();
  await expect(dialog.form.limit).toHaveValue('900');
  await dialog.save.click();
  await dialog.takeTheirs.click();
  await expect(dialog.form.title).toHaveValue('Payroll EU');
  await expect(dialog.form.limit).toHaveValue('900');
  await expect(dialog.form.licence('EDR')).toBeChecked();
  await dialog.save.or(dialog.again).click();
  await expect(dialog.says(t('write.as_asked'))).toBeVisible();
  const writes = await gateway.writes();
  expect(writes.map((it) => it.body)).toEqual([{ maxAgentsAllowed: 900 }]);
  expect(await gateway.key(key.id)).toMatchObject({ title: 'Payroll EU', countPurchased: 900 });
});

test('agents that enrolled meanwhile are no reason to stop', async ({ signedIn, gateway }) => {
  const key = await opened(signedIn, gateway);
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.title.fill('Busy key');
  await gateway.patchKey(key.id, { countUsed: 55 });
  await signedIn.key.save.click();
  await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
  expect((await gateway.key(key.id)).title).toBe('Busy key');
});

test('leaving an edited form is asked once, by Escape, cross and Back', async ({ signedIn, page, gateway }) => {
  const key = await opened(signedIn, gateway);
  const dialog = signedIn.key;
  await dialog.startEdit(key.title);
  await dialog.form.title.fill('Not saved');
  const stay = dialog.question.getByRole('button', { name: t('ui.cancel'), exact: true });
  for (const leave of [() => page.keyboard.press('Escape'), () => dialog.cross.first().click(), () => dialog.back.click()]) {
    await leave();
    await expect(dialog.question).toBeVisible();
    await stay.click();
    await expect(dialog.form.title).toHaveValue('Not saved');
  }
  await dialog.back.click();
  await dialog.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await expect(dialog.named(key.title)).toBeVisible();
  // The draft is gone, so nothing is asked again.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await gateway.writes()).toEqual([]);
});

for (const shape of ['plain', 'json-string', 'json-object']) {
  test.describe(`success said as ${shape}`, () => {
    test.use({ switches: { 'success-text': shape, 'licence-substitution': 'pc-to-sca' } });

    test('asked stands against got after an edit', async ({ signedIn, gateway }) => {
      const key = await gateway.addKey({ ...FIELDS, licenses: ['VM'] });
      await signedIn.list.refresh.click();
      await signedIn.list.opener(key.title).click();
      await signedIn.key.startEdit(key.title);
      await signedIn.key.form.licence('PC').check();
      await signedIn.key.save.click();
      await expect(signedIn.key.says(t('write.updated', { title: key.title }))).toBeVisible();
      const row = signedIn.key.asked(t('key.field_licences'));
      await expect(row.getByRole('cell').first()).toHaveText('PC, VM');
      await expect(row.getByRole('cell').nth(1)).toContainText('SCA, VM');
    });
  });
}

test('a key that is gone says so', async ({ signedIn, gateway, guard }) => {
  guard.expectTrouble();
  const { list, key } = signedIn;
  const [one] = await gateway.keys();
  // Deleted by somebody else while the list still shows it.
  await gateway.patchKey(one.id, { activeAgents: 0 });
  await gateway.deleteKey(one.id);
  await list.opener(one.title || t('key.no_title_id', { id: `${one.id}` })).click();
  await expect(key.says(t('key.gone_title'))).toBeVisible();
});
