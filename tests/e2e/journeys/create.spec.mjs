// Making a key: all six settings, what is wrong before sending, what came of it, and what one does with it next.

import { CALLS } from '../support/control.mjs';
import { expect, test } from '../support/test.mjs';
import { holding, inDays, t } from '../support/texts.mjs';

test('a key with all six settings is made, copied and installed', async ({ signedIn, page, context, gateway }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { list, create } = signedIn;
  await list.newKey.click();
  const { form } = create;
  await expect(form.title).toBeFocused();
  await form.title.fill('Branch offices, spring');
  await form.limit.fill('250');
  await form.network.fill('64001');
  await form.expires.fill(inDays(90));
  await form.licence('VM').check();
  await form.licence('PM').check();
  await form.otherLicences.fill('GAV');
  await form.tags.fill('7340001, 7340002');
  await gateway.clearLog();
  await create.send.click();

  await expect(create.done).toBeVisible();
  await expect(create.says(t('write.created', { title: 'Branch offices, spring' }))).toBeVisible();
  await expect(create.says(t('write.as_asked'))).toBeVisible();

  const [sent] = await gateway.writes();
  expect(sent.body).toEqual({
    title: 'Branch offices, spring',
    networkId: 64001,
    expireDate: inDays(90),
    maxAgentsAllowed: 250,
    licenses: ['VM', 'PM', 'GAV'],
    tags: [7340001, 7340002],
  });
  const stored = (await gateway.keys()).find((it) => it.title === 'Branch offices, spring');
  expect(stored).toMatchObject({ networkId: 64001, expireDate: inDays(90), countPurchased: 250, tags: [7340001, 7340002] });
  expect(stored.licenses.toSorted()).toEqual(['GAV', 'PM', 'VM']);
  expect(await gateway.writes()).toHaveLength(1);

  // The value is copied without being shown.
  expect(await signedIn.dom()).not.toContain(stored.activationKey);
  await create.copyKey.click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(stored.activationKey);

  // The commands hold it once copied, masked on the screen.
  for (const [platform, wanted] of [
    ['install.windows', 'QualysCloudAgent.exe'],
    ['install.rpm', 'rpm -ivh'],
    ['install.deb', 'dpkg --install'],
    ['install.mac', 'installer -pkg'],
  ]) {
    await create.scope.getByRole('tab', { name: t(platform), exact: true }).click();
    const commands = create.scope.getByRole('region', { name: t('install.commands', { platform: t(platform) }), exact: true });
    await expect(commands).toContainText(wanted);
    await expect(commands).not.toContainText(stored.activationKey);
    const what = t('install.commands', { platform: t(platform) });
    await create.scope.getByRole('button', { name: t('ui.copy_what', { what }), exact: true }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(stored.activationKey);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(wanted);
  }

  await create.close.click();
  await expect(create.scope).toBeHidden();
  await list.shows(1, 25, 31);
  await expect(list.newKey).toBeFocused();
});

test('none of the settings is mandatory', async ({ signedIn, gateway }) => {
  const { list, create } = signedIn;
  await gateway.clearLog();
  await list.newKey.click();
  await create.send.click();
  await expect(create.done).toBeVisible();
  const [sent] = await gateway.writes();
  expect(sent.body).toEqual({});
  expect(await gateway.keys()).toHaveLength(31);
});

for (const [what, fill, field, text] of [
  ['a day that is past', (form) => form.expires.fill(inDays(-1)), 'expires', t('form.in_the_past')],
  ['a limit of 0', (form) => form.limit.fill('0'), 'limit', t('form.out_of_range', { from: 1, to: 1000000 })],
  ['a limit of 1000001', (form) => form.limit.fill('1000001'), 'limit', t('form.out_of_range', { from: 1, to: 1000000 })],
  ['a limit that is no number', (form) => form.limit.fill('many'), 'limit', t('form.not_a_number')],
  ['a network that is no number', (form) => form.network.fill('lan'), 'network', t('form.not_a_number')],
  ['tags that are no numbers', (form) => form.tags.fill('red'), 'tags', t('ui.tag_wrong')],
]) {
  test(`${what} is an error at its field, before anything is sent`, async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('Wrong on purpose');
    await fill(create.form);
    await gateway.clearLog();
    await create.send.click();
    await expect(create.form[field]).toHaveAccessibleDescription(holding(text));
    await expect(create.form[field]).toBeFocused();
    await expect(create.form[field]).toHaveAttribute('aria-invalid', 'true');
    await expect(create.form.problems).toContainText(t('form.errors', { n: 1 }));
    expect(await gateway.writes()).toEqual([]);
    expect(await gateway.keys()).toHaveLength(30);
    await expect(create.form.title).toHaveValue('Wrong on purpose');
  });
}

test('today is a day one can choose, in UTC', async ({ signedIn, gateway }) => {
  const { list, create } = signedIn;
  await list.newKey.click();
  await create.form.title.fill('One day');
  await create.form.expires.fill(inDays(0));
  await expect(create.says(/Valid through .* UTC, today/)).toBeVisible();
  await create.send.click();
  await expect(create.done).toBeVisible();
  expect((await gateway.keys()).find((it) => it.title === 'One day').expireDate).toBe(inDays(0));
});

test('licences that do not go together warn, and stop nothing', async ({ signedIn }) => {
  const { list, create } = signedIn;
  await list.newKey.click();
  const { form } = create;
  await form.licence('SCA').check();
  await expect(create.says(t('licence.warn_sca_with_pc'))).toBeHidden();
  await form.licence('PC').check();
  await expect(create.says(t('licence.warn_sca_with_pc'))).toBeVisible();
  await form.licence('SwCA').check();
  await expect(create.says(t('licence.warn_swca_needs_vm'))).toBeVisible();
  await form.licence('VM').check();
  await expect(create.says(t('licence.warn_swca_needs_vm'))).toBeHidden();
  await form.licence('PC').uncheck();
  await form.licence('SCA').uncheck();
  await form.licence('PAF').check();
  await expect(create.says(t('licence.warn_paf_needs_pc'))).toBeVisible();
  await form.licence('CAPS').check();
  await expect(create.says(t('licence.warn_caps'))).toBeVisible();
  await create.send.click();
  await expect(create.done).toBeVisible();
});

test('a title that is taken is seen while typing, and the refusal stands at the field', async ({ signedIn, gateway, guard }) => {
  guard.expectTrouble();
  const { list, create } = signedIn;
  const taken = await gateway.addKey({ title: 'Already here' });
  await list.newKey.click();
  await create.form.title.fill('Already here');
  await expect(create.says(holding(`Key ${taken.id} has this title already.`))).toBeVisible();
  await create.form.title.fill('Not yet here');
  await expect(create.says(/No other key has this title/)).toBeVisible();
  await create.form.title.fill('Already here');
  await create.send.click();
  await expect(create.says(t('write.not_created', { title: 'Already here' }))).toBeVisible();
  await expect(create.form.title).toHaveAccessibleDescription(/title/i);
  await expect(create.form.title).toHaveAttribute('aria-invalid', 'true');
  expect((await gateway.keys()).filter((it) => it.title === 'Already here')).toHaveLength(1);
  // The server's own words and the status are within reach.
  await expect(create.scope).toContainText('409');

  await create.form.title.fill('Another one');
  await create.again.click();
  await expect(create.done).toBeVisible();
});

test.describe('a service that substitutes licences and leaves out tags', () => {
  test.use({ switches: { 'licence-substitution': 'pc-to-sca', 'tags-echo': 'empty' } });

  test('what was asked stands against what came', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('Substituted');
    await create.form.licence('VM').check();
    await create.form.licence('PC').check();
    await create.form.tags.fill('7340001');
    await create.send.click();
    await expect(create.done).toBeVisible();
    const row = create.asked(t('key.field_licences'));
    await expect(row.getByRole('cell').first()).toHaveText('PC, VM');
    await expect(row.getByRole('cell').nth(1)).toContainText('SCA, VM');
    // The answer left the tags out, and the key has them: a second look shows it, so nothing differs.
    await expect(create.asked(t('key.field_tags'))).toHaveCount(0);
    expect((await gateway.keys()).find((it) => it.title === 'Substituted').tags).toEqual([7340001]);
  });
});

for (const [name, switches] of [
  ['201 for a new key', { 'create-status': 201 }],
  ['tags as objects', { 'tags-shape': 'objects' }],
  ['dates with nine digits', { 'date-form': 'nanos' }],
]) {
  test.describe(name, () => {
    test.use({ switches });

    test('makes no difference', async ({ signedIn, gateway }) => {
      const { list, create } = signedIn;
      await list.newKey.click();
      await create.form.title.fill('Same');
      await create.form.tags.fill('7340001');
      await create.send.click();
      await expect(create.says(t('write.as_asked'))).toBeVisible();
      expect(await gateway.logOf(CALLS.create)).toHaveLength(1);
    });
  });
}

test('another like it takes the settings, never the title or the value', async ({ signedIn, gateway }) => {
  const { list, create } = signedIn;
  await list.newKey.click();
  await create.form.title.fill('First of two');
  await create.form.limit.fill('40');
  await create.form.licence('FIM').check();
  await create.send.click();
  await expect(create.done).toBeVisible();
  await create.another.click();
  await expect(create.form.limit).toHaveValue('40');
  await expect(create.form.licence('FIM')).toBeChecked();
  await expect(create.form.title).not.toHaveValue('First of two');
  await create.form.title.fill('Second of two');
  await create.send.click();
  await expect(create.says(t('write.created', { title: 'Second of two' }))).toBeVisible();
  const two = (await gateway.keys()).filter((it) => it.title.endsWith('of two'));
  expect(new Set(two.map((it) => it.activationKey)).size).toBe(2);
});

test('an entered draft is not lost by Escape, and asked for once', async ({ signedIn, page, gateway }) => {
  const { list, create } = signedIn;
  await list.newKey.click();
  await page.keyboard.press('Escape');
  await expect(create.scope).toBeHidden();

  await list.newKey.click();
  await create.form.title.fill('Half done');
  await page.keyboard.press('Escape');
  await expect(create.question).toBeVisible();
  await create.question.getByRole('button', { name: t('ui.cancel'), exact: true }).click();
  await expect(create.form.title).toHaveValue('Half done');
  await create.button('ui.cancel').click();
  await create.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await expect(create.scope).toBeHidden();
  expect(await gateway.writes()).toEqual([]);
});

test('a double click on Create makes one key', async ({ signedIn, gateway }) => {
  const { list, create } = signedIn;
  await gateway.fault(CALLS.create, 'delay', { delay_ms: 300 });
  await list.newKey.click();
  await create.form.title.fill('Impatience');
  await create.send.dblclick();
  await create.form.title.press('Enter').catch(() => {});
  await expect(create.done).toBeVisible();
  expect((await gateway.keys()).filter((it) => it.title === 'Impatience')).toHaveLength(1);
  expect(await gateway.logOf(CALLS.create)).toHaveLength(1);
});
