// Qualys QPS, the older API in XML: from the sign-in to the last action on a key.

import { violations } from '../support/axe.mjs';
import { AgentsDialog, MoveDialog, QPS, expect, shown, test } from '../support/pages/qps.mjs';
import { holding, inDays, number, t } from '../support/texts.mjs';

test.use({ keys: 40 });

/** The calls a page makes to this API, with what they carry. */
function watch(page) {
  const calls = [];
  page.on('request', (request) => {
    if (request.url().includes('/qps/')) calls.push({ url: request.url(), headers: request.headers(), body: request.postData() ?? '' });
  });
  return calls;
}

test.describe('signing in', () => {
  test('by user and password goes with every call, is kept nowhere, and is asked for again after a reload', async ({ qps, page, gateway }) => {
    const calls = watch(page);
    expect(await violations(page), 'sign-in').toEqual([]);
    await qps.signIn();
    await qps.list.shows(1, 25, 40);
    const { user, password } = gateway.account;
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    expect(calls.length).toBeGreaterThan(0);
    expect([...new Set(calls.map((it) => it.headers.authorization))]).toEqual([basic]);
    expect(calls.every((it) => it.headers['x-requested-with'])).toBe(true);
    const kept = await qps.storage();
    expect(kept).not.toContain(password);
    expect(kept).not.toContain(basic.slice(6));

    await page.reload();
    await expect(qps.renewal).toContainText(t('sign_in.asked_again'));
    await qps.signInAgain();
    await qps.list.shows(1, 25, 40);
  });

  test('a wrong password is refused at its place, though the answer is an HTTP 200', async ({ qps, gateway }) => {
    await qps.door.withPassword(gateway.account.user, 'no such password');
    await expect(qps.renewal).toContainText(t('sign_in.not_accepted'));
    expect((await gateway.logOf(QPS.search)).map((it) => it.status)).toEqual([200]);
    await qps.signInAgain();
    await qps.list.loaded();
  });

  test('by token works where the subscription has it', async ({ qps, page, gateway }) => {
    const token = await gateway.token();
    const calls = watch(page);
    await qps.door.withToken(token);
    await qps.list.shows(1, 25, 40);
    expect([...new Set(calls.map((it) => it.headers.authorization))]).toEqual([`Bearer ${token}`]);
  });

  test('an account without the permission is told so, and not that its password is wrong', async ({ qps, gateway }) => {
    await gateway.switches({ 'qps-access': 'denied' });
    await qps.door.withPassword(gateway.account.user, gateway.account.password);
    await expect(qps.list.main.getByRole('alert').first()).toContainText(t('error.forbidden'));
  });
});

test.describe('the list', () => {
  for (const [name, switches] of [
    ['names as CDATA', { 'qps-text': 'cdata' }],
    ['errors as an HTTP status', { 'qps-error-status': 'http' }],
  ]) {
    test(`shows every key as stored: ${name}`, async ({ qps, gateway }) => {
      await gateway.switches(switches);
      await gateway.addKey({ title: 'A <b> & "c" ]]> d', ownerId: 364812499, countPurchased: 9, countUsed: 4 });
      await qps.signIn();
      await qps.list.shows(1, 25, 41);
      await expect(qps.list.row('A <b> & "c" ]]> d')).toContainText('364812499');
      const key = (await gateway.keys()).find((it) => it.title === 'Legal disaster recovery 2024');
      await qps.query.run(`id: ${key.id}`);
      await qps.list.shows(1, 1, 1);
      await expect(qps.list.cell(key.title, 'used')).toContainText(t('key.usage', { used: number(key.countUsed), limit: number(key.countPurchased) }));
      await expect(qps.list.cell(key.title, 'owner')).toHaveText(String(key.ownerId));
      await expect(qps.list.cell(key.title, 'type')).toContainText(t('key.kind_count_time'));
    });
  }

  for (const form of ['bare', 'full']) {
    test(`an empty result (${form}) is no error`, async ({ signedIn, gateway }) => {
      await gateway.switches({ 'qps-empty-result': form });
      await signedIn.query.run('id: 7');
      await expect(signedIn.list.screen('list.no_match_title')).toBeVisible();
      // That was told from the keys that are there; now the service says it.
      await gateway.clearLog();
      await signedIn.list.refresh.click();
      await expect.poll(async () => (await gateway.logOf(QPS.search)).filter((it) => it.done).length).toBe(1);
      await expect(signedIn.list.refresh).not.toHaveAttribute('aria-busy', 'true');
      await expect(signedIn.list.screen('list.no_match_title')).toBeVisible();
      await expect(signedIn.list.main.getByRole('alert')).toHaveCount(0);
    });
  }

  test('of no keys at all invites to make the first', async ({ qps, gateway }) => {
    await gateway.reset(0);
    await qps.signIn();
    await expect(qps.list.screen('list.empty_title')).toBeVisible();
  });

  test('pages by the last id, sorts here, and survives a reload', async ({ signedIn, page }) => {
    const { list, query } = signedIn;
    await query.run('used > 0');
    await list.sortBy('key.field_title');
    await expect(page).toHaveURL(/q=/);
    await list.next.click();
    const range = await list.range.textContent();
    const titles = await list.titles();
    const address = page.url();
    await page.reload();
    await signedIn.signInAgain();
    await list.loaded();
    expect(page.url()).toBe(address);
    await expect(query.text).toHaveValue('used > 0');
    await expect(list.range).toHaveText(range);
    expect(await list.titles()).toEqual(titles);
  });
});

test('a query is split between the service and the browser, and says which part ran where', async ({ signedIn, gateway, page }) => {
  const keys = await gateway.keys();
  const { list, query } = signedIn;
  const calls = watch(page);
  const found = async (text, fits) => {
    const total = keys.filter(fits).length;
    expect(total, text).toBeGreaterThan(0);
    calls.length = 0;
    await query.run(text);
    // All keys are there already and answer it; a refresh asks the service.
    await list.shows(1, Math.min(25, total), total);
    await list.refresh.click();
    const search = () => calls.find((it) => it.url.includes('/search/ca/'))?.body;
    await expect.poll(search, text).toBeTruthy();
    await list.shows(1, Math.min(25, total), total);
    return search();
  };

  const disabled = await found('isDisabled: true', (it) => it.isDisabled);
  expect(disabled).toContain('<Criteria field="isDisabled" operator="EQUALS">true</Criteria>');
  await expect(query.box).toContainText(t('query.all_service'));

  const both = await found('isDisabled: false AND owner: 364812442', (it) => !it.isDisabled && it.ownerId === 364812442);
  expect(both).toContain('<Criteria field="isDisabled" operator="EQUALS">false</Criteria>');
  expect(both).not.toContain('ownerId');
  await expect(query.box).toContainText(t('query.clause_service'));
  await expect(query.box).toContainText(t('query.clause_here', { why: t('query.why_field') }));

  const here = await found('title: Nairobi', (it) => /nairobi/i.test(it.title));
  expect(here).not.toContain('<Criteria');
  await expect(query.box).toContainText(t('query.all_here', { why: t('query.why_field') }));

  const above = await found('countPurchased > 999', (it) => it.countPurchased > 999);
  expect(above).toContain('<Criteria field="countPurchased" operator="GREATER">999</Criteria>');
  const some = keys.slice(2, 5);
  await found(`id: [${some.map((it) => it.id).join(', ')}]`, (it) => some.includes(it));
  await found('type: UNLIMITED OR state: disabled', (it) => (it.countPurchased === 0 && !it.expireDate) || it.isDisabled);
  expect(await violations(page), 'query').toEqual([]);
});

test.describe('making a key', () => {
  test.use({ keys: 8 });

  test('each type asks for its own limits, and the key is as asked', async ({ signedIn, gateway, page }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    const { form, fields } = create;
    await expect(fields.limit).toBeHidden();
    await create.send.click();
    await expect(form.problems).toContainText(t('form.missing'));
    expect(await gateway.logOf(QPS.create)).toEqual([]);

    await fields.choose('unlimited');
    await expect(fields.limit).toBeHidden();
    await expect(fields.expires).toBeHidden();
    await fields.choose('time');
    await expect(fields.limit).toBeHidden();
    await expect(fields.expires).toBeVisible();
    // A blank that has to be filled means nothing yet.
    await expect(create.scope).not.toContainText(t('form.expires_never'));
    await fields.choose('count_time');
    await expect(fields.limit).toBeVisible();
    await expect(fields.expires).toBeVisible();
    expect(await violations(page), 'create').toEqual([]);

    await form.title.fill('Everything');
    await fields.limit.fill('50');
    await fields.expires.fill(`${inDays(90)}T08:30`);
    const owner = (await gateway.keys()).find((it) => it.ownerId !== null).ownerId;
    await fields.owner.fill(String(owner).slice(0, -1));
    await fields.offered(String(owner)).click();
    await fields.licence('VM_LICENSE').check();
    await fields.licence('PM').check();
    await form.tags.fill('7340001');
    await form.tags.press('Enter');
    await create.send.click();
    await expect(create.done).toBeVisible();
    await expect(create.says(t('write.as_asked'))).toBeVisible();
    const made = (await gateway.keys()).find((it) => it.title === 'Everything');
    expect(made).toMatchObject({
      countPurchased: 50,
      expireDate: inDays(90),
      expireTime: '08:30:00',
      ownerId: owner,
      licenses: ['PM', 'VM'],
      tags: [7340001],
    });
    await create.close.click();
    await expect(list.opener('Everything')).toBeVisible();
    await expect(list.cell('Everything', 'owner')).toHaveText(String(owner));
  });

  for (const [kind, code] of [
    ['unlimited', 'UNLIMITED'],
    ['count', 'COUNT_LIMITED'],
    ['time', 'TIME_LIMITED'],
  ]) {
    test(`of the type ${code} sends what the type has and nothing else`, async ({ signedIn, gateway, page }) => {
      const calls = watch(page);
      const { list, create } = signedIn;
      await list.newKey.click();
      await create.form.title.fill(`Kind ${kind}`);
      // What was entered for another type is not sent.
      await create.fields.choose('count_time');
      await create.fields.limit.fill('12');
      await create.fields.expires.fill(`${inDays(30)}T00:00`);
      await create.fields.choose(kind);
      await create.send.click();
      await expect(create.says(t('write.as_asked'))).toBeVisible();
      const { body } = calls.find((it) => it.url.includes('/create/'));
      expect(body).toContain(`<type>${code}</type>`);
      expect(body.includes('<countPurchased>')).toBe(kind === 'count');
      expect(body.includes('<expireDate>')).toBe(kind === 'time');
      const made = (await gateway.keys()).find((it) => it.title === `Kind ${kind}`);
      expect([made.countPurchased, made.expireDate]).toEqual([kind === 'count' ? 12 : 0, kind === 'time' ? inDays(30) : null]);
    });
  }

  test('a service that takes it for unlimited drops both limits: asked against got', async ({ signedIn, gateway, page }) => {
    await page.route('**/qps/rest/1.0/create/**', (route) => {
      const body = route.request().postData().replace('COUNT_TIME_LIMITED', 'UNLIMITED');
      return route.continue({ postData: body });
    });
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('Cut short');
    await create.fields.choose('count_time');
    await create.fields.limit.fill('1234');
    await create.fields.expires.fill(`${inDays(30)}T10:00`);
    await create.send.click();
    await expect(create.done).toBeVisible();
    await expect(create.asked(t('key.field_limit'))).toContainText(number(1234));
    await expect(create.asked(t('key.field_limit'))).toContainText(t('key.unlimited'));
    await expect(create.asked(t('key.field_limit'))).toContainText(t('qualys_qps.why_limit'));
    await expect(create.asked(t('key.field_expires'))).toContainText(t('key.never'));
    expect((await gateway.keys()).find((it) => it.title === 'Cut short')).toMatchObject({ countPurchased: 0, expireDate: null });
    expect(await violations(page), 'asked against got').toEqual([]);
  });

  test('an owner that is no number is said at the field', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('Nobody');
    await create.fields.choose('unlimited');
    await create.fields.owner.fill('maren');
    await create.send.click();
    await expect(create.fields.owner).toHaveAccessibleDescription(holding(t('form.not_a_number')));
    expect(await gateway.logOf(QPS.create)).toEqual([]);
  });

  test('a duplicate takes over all but the title', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Pattern', ownerId: 364812441, countPurchased: 77, licenses: ['VM', 'FIM'] });
    const { list, create } = signedIn;
    await list.act(key.title, 'duplicate');
    await expect(create.fields.owner).toHaveValue('364812441');
    await expect(create.fields.limit).toHaveValue('77');
    await create.form.title.fill('Pattern, again');
    await create.send.click();
    await expect(create.says(t('write.as_asked'))).toBeVisible();
    const made = (await gateway.keys()).find((it) => it.title === 'Pattern, again');
    expect(made).toMatchObject({ ownerId: 364812441, countPurchased: 77, licenses: key.licenses });
  });
});

test.describe('changing a key', () => {
  test.use({ keys: 8 });

  test('owner, type, licences and tags go as differences, and stay what they are otherwise', async ({ signedIn, gateway, page }) => {
    const calls = watch(page);
    const fields = { title: 'Edited', ownerId: 364812441, countPurchased: 77, licenses: ['VM', 'FIM'], tags: [7340001, 7340002] };
    const key = await shown(signedIn, gateway, fields);
    const { list, key: dialog } = signedIn;
    await list.opener(key.title).click();
    await expect(dialog.named(key.title)).toContainText('364812441');
    expect(await violations(page), 'details').toEqual([]);
    await dialog.startEdit(key.title);
    await expect(dialog.fields.limit).toHaveValue('77');
    await dialog.fields.owner.fill('364812499');
    await dialog.fields.choose('time');
    await expect(dialog.fields.limit).toBeHidden();
    await dialog.fields.expires.fill(`${inDays(10)}T12:00`);
    await dialog.fields.licence('FIM').uncheck();
    await dialog.fields.licence('PM').check();
    await dialog.form.removeTag(7340001).click();
    await dialog.form.tags.fill('7340003');
    await dialog.form.tags.press('Enter');
    await expect(dialog.preview).toContainText('364812499');
    expect(await violations(page), 'edit').toEqual([]);
    await dialog.save.click();
    await expect(dialog.says(t('write.as_asked'))).toBeVisible();
    expect(await gateway.key(key.id)).toMatchObject({
      ownerId: 364812499,
      countPurchased: 0,
      expireDate: inDays(10),
      licenses: ['PM', 'VM'],
      tags: [7340002, 7340003],
      title: 'Edited',
    });
    const { body } = calls.find((it) => it.url.includes('/update/'));
    expect(body).not.toContain('<list>');
    expect(body).not.toContain('<title>');
  });

  test('from limited to unlimited drops count and end', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Set free', countPurchased: 50, expireDate: inDays(40) });
    const { list, key: dialog } = signedIn;
    await list.opener(key.title).click();
    await dialog.startEdit(key.title);
    await dialog.fields.choose('unlimited');
    await dialog.save.click();
    await expect(dialog.says(t('write.as_asked'))).toBeVisible();
    expect(await gateway.key(key.id)).toMatchObject({ countPurchased: 0, expireDate: null });
  });

  test('an owner is never taken away: the form says so before anything is sent', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Owned', ownerId: 364812441 });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.fields.owner.fill('');
    await signedIn.key.save.click();
    await expect(signedIn.key.fields.owner).toHaveAccessibleDescription(holding(t('qualys_qps.owner_stays')));
    expect(await gateway.logOf(QPS.update)).toEqual([]);
  });

  test('what the service pushes to agents is asked for in words', async ({ signedIn, gateway, page }) => {
    const calls = watch(page);
    const key = await shown(signedIn, gateway, { title: 'Pushed', countUsed: 3 });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.title.fill('Pushed on');
    await signedIn.key.apply.check();
    await expect(signedIn.key.preview).toContainText(t('change.apply', { n: 3 }));
    await signedIn.key.save.click();
    await expect(signedIn.key.says(t('write.updated', { title: 'Pushed on' }))).toBeVisible();
    expect(calls.find((it) => it.url.includes('/update/')).body).toContain('<applyOnAgents>true</applyOnAgents>');
  });

  test('is disabled and enabled again, and the words fit a call that sets', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Switched' });
    const { list } = signedIn;
    const dialog = page.getByRole('dialog');
    await list.act(key.title, 'disable');
    await expect(dialog).toContainText(t('disable.back'));
    await expect(dialog).not.toContainText(t('switch.how'));
    await dialog.getByRole('button', { name: t('disable.confirm'), exact: true }).click();
    await expect(signedIn.toast(t('write.disabled', { title: key.title }))).toBeVisible();
    expect((await gateway.key(key.id)).isDisabled).toBe(true);
    await expect(list.cell(key.title, 'state')).toContainText(t('key.state_disabled'));
    await list.act(key.title, 'enable');
    await dialog.getByRole('button', { name: t('enable.confirm'), exact: true }).click();
    await expect(signedIn.toast(t('write.enabled', { title: key.title }))).toBeVisible();
    expect((await gateway.key(key.id)).isDisabled).toBe(false);
    expect((await gateway.logOf(QPS.update)).map((it) => it.committed)).toEqual([true, true]);
  });
});

test('install commands and the call as curl hold no value of a key', async ({ signedIn, gateway }) => {
  const key = (await gateway.keys()).find((it) => it.title === 'Legal disaster recovery 2024');
  const { list, query, key: dialog } = signedIn;
  await query.run(`id: ${key.id}`);
  await list.shows(1, 1, 1);
  await list.opener(key.title).click();
  await dialog.scope.getByText(t('install.title'), { exact: true }).click();
  const commands = dialog.scope.getByRole('region', { name: t('install.commands', { platform: t('install.windows') }), exact: true });
  await expect(commands).toContainText('ActivationId');
  await expect(commands).not.toContainText(key.activationKey);
  const curl = await dialog.curl();
  expect(curl).toContain(`qps/rest/1.0/get/ca/agentactkey/${key.id}`);
  expect(curl).toContain('X-Requested-With');
  expect(curl).not.toContain(key.activationKey);
  expect(curl).not.toContain(gateway.account.password);
});

test.describe('deleting a key', () => {
  test.use({ keys: 8 });

  test('without agents takes one confirmation', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Never used' });
    await signedIn.list.act(key.title, 'delete');
    await signedIn.remove.confirm.click();
    await expect(signedIn.toast(t('write.deleted', { title: key.title }))).toBeVisible();
    await expect(signedIn.list.opener(key.title)).toBeHidden();
    expect(await gateway.key(key.id)).toBeUndefined();
  });

  for (const status of ['ok', 'http']) {
    test(`with agents is refused (${status}), and disabling is offered`, async ({ signedIn, gateway, guard, page }) => {
      if (status === 'http') guard.expectTrouble();
      await gateway.switches({ 'qps-error-status': status });
      const key = await shown(signedIn, gateway, { title: 'In use', countUsed: 5, activeAgents: 5 });
      const { list, remove } = signedIn;
      await list.act(key.title, 'delete');
      await remove.typed(key.title).fill(key.title);
      await remove.confirm.click();
      const dialog = remove.of(key.title);
      await expect(dialog).toContainText(t('write.not_deleted', { title: key.title }));
      await expect(dialog).toContainText(t('delete.in_use'));
      await expect(dialog).toContainText(t('error.server_says'));
      expect(await violations(page), 'refusal').toEqual([]);
      expect(await gateway.key(key.id)).toBeTruthy();
      await remove.instead.click();
      await page.getByRole('dialog').getByRole('button', { name: t('disable.confirm'), exact: true }).click();
      await expect(signedIn.toast(t('write.disabled', { title: key.title }))).toBeVisible();
      expect((await gateway.key(key.id)).isDisabled).toBe(true);
    });
  }
});

test.describe('agents', () => {
  test.use({ keys: 8 });

  test('of a key are listed with their names', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Crowd', countUsed: 30, activeAgents: 20 });
    const dialog = new AgentsDialog(page, key.title);
    await signedIn.list.choose(key.title, t('qualys_qps.members'));
    await expect(dialog.rows).toHaveCount(30);
    await expect(dialog.scope).toContainText(t('members.counted', { n: 30, when: '' }).trim());
    expect(await violations(page), 'agents').toEqual([]);
    // No call takes one agent off, so nothing offers it.
    await expect(dialog.table.getByRole('button')).toHaveCount(0);
    await gateway.patchKey(key.id, { countUsed: 31 });
    await dialog.refresh.click();
    await expect(dialog.rows).toHaveCount(31);
  });

  test('of a key that has none are said to be none', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Quiet' });
    await signedIn.list.choose(key.title, t('qualys_qps.members'));
    await expect(new AgentsDialog(page, key.title).scope).toContainText(t('qualys_qps.members_none'));
  });

  test('move to another key after a look at both, and both are counted again', async ({ signedIn, gateway, page }) => {
    const from = await gateway.addKey({ title: 'Old home', countUsed: 12, activeAgents: 12, licenses: ['VM'] });
    const to = await shown(signedIn, gateway, { title: 'New home', countUsed: 3, countPurchased: 10, isDisabled: true, licenses: ['PM'] });
    const dialog = new MoveDialog(page, from.title);
    await signedIn.list.choose(from.title, t('move.open'));
    await expect(dialog.scope).toContainText(t('move.count', { n: 12, title: from.title, when: '' }).replace(/[ .]+$/, ''));
    await expect(dialog.confirm).toBeDisabled();
    await dialog.to(to.title);
    await expect(dialog.scope).toContainText(t('move.effect', { n: 12, from: from.title, to: to.title }));
    await expect(dialog.scope).toContainText(t('move.to_disabled'));
    await expect(dialog.scope).toContainText(t('move.over_limit', { after: '15', limit: '10' }));
    await expect(dialog.confirm).toBeDisabled();
    await dialog.typed(12).fill('11');
    await expect(dialog.confirm).toBeDisabled();
    expect(await violations(page), 'move').toEqual([]);
    expect(await gateway.logOf(QPS.move)).toEqual([]);
    await dialog.typed(12).fill('12');
    await dialog.confirm.click();
    await expect(dialog.scope).toContainText(t('write.members_moved', { title: from.title }));
    await expect(dialog.counts(from.title).getByRole('cell')).toContainText([/^12 /, /^0 /]);
    await expect(dialog.counts(to.title).getByRole('cell')).toContainText([/^3 /, /^15 /]);
    expect(await violations(page), 'moved').toEqual([]);
    expect(await gateway.key(from.id)).toMatchObject({ countUsed: 0 });
    expect(await gateway.key(to.id)).toMatchObject({ countUsed: 15 });
    await dialog.close.click();
    await expect(signedIn.list.cell(to.title, 'used')).toContainText('15');
    expect((await gateway.logOf(QPS.move)).map((it) => it.committed)).toEqual([true]);
  });

  test('of a key that has none cannot be moved', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Nobody home' });
    const dialog = new MoveDialog(page, key.title);
    await signedIn.list.choose(key.title, t('move.open'));
    await expect(dialog.scope).toContainText(t('move.nothing', { title: key.title }));
    await expect(dialog.confirm).toBeDisabled();
  });
});
