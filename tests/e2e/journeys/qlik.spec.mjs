// Qlik Cloud: signing in, the list by cursors with the tenant's own filters, and everything about making a key.

import { violations } from '../support/axe.mjs';
import { ADMIN, QLIK, USER } from '../support/pages/qlik.mjs';
import { expect, test } from '../support/qlik.mjs';
import { holding, t } from '../support/texts.mjs';

/** What a page asks of the tenant's keys, with the question. */
function watchLists(page) {
  const seen = [];
  page.on('request', (it) => {
    const url = new URL(it.url());
    if (it.method() === 'GET' && url.pathname === QLIK.list.path) seen.push(url.searchParams);
  });
  return seen;
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test.describe('the list', () => {
  test('a token signs in, and a reload keeps it', async ({ admin, page }) => {
    expect(await violations(page)).toEqual([]);
    expect(page.url()).not.toContain(ADMIN);
    await page.reload();
    await admin.list.shows(1, 3, 3);
    await expect(admin.list.newKey).toBeVisible();
  });

  test('a token the tenant does not know is asked for again', async ({ qlik, page, guard }) => {
    guard.expectTrouble();
    await qlik.open('/?connection=qlik-cloud');
    expect(await violations(page)).toEqual([]);
    await qlik.token.fill('not-a-token-of-this-tenant');
    await qlik.door.submit.click();
    await expect(qlik.renewal).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await qlik.renewal.getByRole('textbox', { name: t('qlik.token'), exact: true }).fill(ADMIN);
    await qlik.again.submit.click();
    await qlik.list.shows(1, 3, 3);
  });

  test('more keys than a page of the tenant are all there, with names', async ({ qlik, tenant, page }) => {
    const { user } = await tenant.ids();
    const fields = Array.from({ length: 230 }, (_, idx) => ({ description: `Fleet ${String(idx).padStart(3, '0')}`, sub: user, createdByUser: user }));
    await tenant.addMany(fields);
    const asked = watchLists(page);
    await qlik.enter();
    await qlik.list.shows(1, 25, 233);
    expect(asked.map((it) => it.get('limit'))).toEqual(['100', '100', '100']);
    expect(asked.map((it) => it.has('startingAfter'))).toEqual([false, true, true]);
    await qlik.list.last.click();
    await qlik.list.shows(226, 233, 233);
    await qlik.list.previous.click();
    await qlik.list.shows(201, 225, 233);
    await qlik.query.run('description: "Fleet 229"');
    await qlik.list.shows(1, 1, 1);
    const name = (await tenant.users()).find((it) => it.id === user).name;
    await expect(qlik.cell('Fleet 229', 'qlik.field_owner')).toContainText(name);
    await expect(qlik.cell('Fleet 229', 'list.column_creator')).toContainText(name);
  });

  test('status, owner and creator are asked of the tenant, the rest is searched here', async ({ admin, tenant, page }) => {
    const { admin: me, user } = await tenant.ids();
    await tenant.add({ description: 'Of the user', sub: user, createdByUser: me });
    await tenant.add({ description: 'Taken back', sub: user, createdByUser: user, revoked: true });
    await admin.list.refresh.click();
    await admin.list.shows(1, 5, 5);
    const asked = watchLists(page);
    for (const [query, name, value] of [
      ['status: revoked', 'status', 'revoked'],
      [`sub: ${user}`, 'sub', user],
      [`createdByUser: ${user}`, 'createdByUser', user],
    ]) {
      await admin.query.run(query);
      await expect(admin.list.opener('Taken back')).toBeVisible();
      await expect(admin.query.box).toContainText(t('query.all_service'));
      // All keys are there already and answer it; a refresh asks the tenant.
      await admin.list.refresh.click();
      await expect.poll(() => asked.at(-1)?.get(name), query).toBe(value);
    }
    const keys = await tenant.keys();
    await admin.list.shows(1, keys.filter((it) => it.createdByUser === user).length, keys.filter((it) => it.createdByUser === user).length);

    // One condition goes to the tenant, and the other runs over what it answered.
    await admin.query.run(`sub: ${user} AND description: "taken"`);
    await admin.list.shows(1, 1, 1);
    await expect(admin.list.opener('Taken back')).toBeVisible();
    await expect(admin.query.box).toContainText(t('query.why_field'));
    expect(asked.at(-1).get('sub')).toBe(user);
  });

  test('a plain user has the keys of his own', async ({ user, tenant, guard }) => {
    guard.expectTrouble();
    const { user: me } = await tenant.ids();
    const own = (await tenant.keys()).filter((it) => it.sub === me);
    await user.list.shows(1, own.length, own.length);
    await expect(user.list.opener(own[0].description)).toBeVisible();
  });

  test('a full tier is waited for as long as the tenant says', async ({ admin, gateway, tenant, guard }) => {
    guard.expectTrouble();
    await tenant.add({ description: 'After the wait' });
    await gateway.clearLog();
    const body = '{"errors":[{"code":"HTTP-429","title":"API rate limit reached.","detail":"Wait."}]}';
    await gateway.fault(QLIK.list, 'status', { status: 429, headers: { 'retry-after': '2' }, body });
    await admin.list.refresh.click();
    await expect(admin.list.says(t('connection.rate_limit'))).toBeVisible();
    await expect(admin.list.opener('After the wait')).toBeVisible();
    const [first, second] = await gateway.logOf(QLIK.list);
    expect([first.status, second.status]).toEqual([429, 200]);
    expect(Date.parse(second.time) - Date.parse(first.time)).toBeGreaterThanOrEqual(2000);
  });

  test('a list that cannot be had says so in the tenant’s words, with the trace', async ({ qlik, gateway, guard }) => {
    guard.expectTrouble();
    const body = '{"errors":[{"code":"X","title":"Out of order","detail":"Come back"}],"traceId":"0000abcd1234"}';
    await gateway.fault(QLIK.list, 'status', { status: 400, body, times: 9 });
    await qlik.enter();
    await expect(qlik.list.screen('list.failed_title')).toBeVisible();
    await expect(qlik.list.main).toContainText('Out of order: Come back');
    await expect(qlik.list.main).toContainText('0000abcd1234');
    await gateway.clearFaults();
    await qlik.list.retry.click();
    await qlik.list.shows(1, 3, 3);
  });
});

test.describe('making a key', () => {
  test('from the form to the value, which is nowhere afterwards', async ({ admin, tenant, gateway, page, context, canary }) => {
    canary.allows('new key', 'the reader saves the value of the new key');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { create, once } = admin;
    const printed = [];
    page.on('console', (it) => printed.push(it.text()));
    await admin.startCreate('Nightly backup');
    await expect(create.form.validFor).toHaveAccessibleDescription(holding('ISO 8601'));
    await create.form.preset(30).click();
    await expect(create.form.validFor).toHaveValue('P30D');
    await expect(create.says(/^Ends on .*UTC/)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await gateway.clearLog();
    await create.send.click();

    const value = await once.read();
    expect(value).toMatch(/^eyJ/);
    expect(await violations(page)).toEqual([]);
    const sent = await gateway.logOf(QLIK.create);
    expect(sent.map((it) => it.body)).toEqual([{ description: 'Nightly backup', expiry: 'P30D' }]);
    const [key] = await tenant.named('Nightly backup');

    // The answer as it came, without the value; and the key as JSON, without it too.
    await once.scope.getByText(t('create.raw'), { exact: true }).click();
    const raw = once.scope.getByRole('region', { name: t('create.raw'), exact: true });
    await expect(raw).toContainText(key.id);
    expect(await raw.innerText()).not.toContain(value);
    expect(await raw.innerText()).toContain('"token"');
    await once.copyJson.click();
    await expect.poll(() => clipboard(page)).toContain(key.id);
    expect(await clipboard(page)).not.toContain(value);
    await once.copyId.click();
    await expect.poll(() => clipboard(page)).toBe(key.id);

    // Copied and saved, they are the value itself, and it works.
    await once.copy.click();
    await expect.poll(() => clipboard(page)).toBe(value);
    const [file] = await Promise.all([page.waitForEvent('download'), once.save.click()]);
    expect(file.suggestedFilename()).toBe(`key-${key.id}.txt`);
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8').trim()).toBe(value);
    const answer = await page.request.get('/api/v1/api-keys', { headers: { Authorization: `Bearer ${value}` } });
    expect(answer.status()).toBe(200);

    await once.stored.check();
    await once.close.click();
    await expect(once.scope).toBeHidden();
    await expect(admin.list.opener('Nightly backup')).toBeVisible();
    await expect(admin.list.newKey).toBeFocused();
    for (const place of [await admin.dom(), await admin.storage(), page.url(), printed.join('\n')]) {
      expect(place).not.toContain(value);
    }
    expect(await page.evaluate(() => JSON.stringify([history.state, performance.getEntries().map((it) => it.name)]))).not.toContain(value);

    // Neither do its details hold it later.
    await admin.list.opener('Nightly backup').click();
    await expect(admin.key.scope).toContainText(t('key.value_once'));
    expect(await violations(page)).toEqual([]);
    expect(await admin.dom()).not.toContain(value);
  });

  test('no way of closing loses the value by accident', async ({ admin, page, guard }) => {
    guard.expectTrouble();
    const { once } = admin;
    await admin.startCreate('Kept');
    await admin.create.send.click();
    const value = await once.read();

    const stays = async (how) => {
      await how();
      await expect(once.question).toBeVisible();
      await expect(once.question).toContainText(t('once.ask_text'));
      await once.keep.click();
      await expect(once.question).toBeHidden();
      expect(await once.read()).toBe(value);
    };
    await stays(() => page.keyboard.press('Escape'));
    await stays(() => once.cross.click());
    await stays(() => once.close.click());
    await stays(() => once.another.click());
    // Twice: the browser lets a second Escape through whatever the page says.
    await page.keyboard.press('Escape');
    await expect(once.question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(once.question).toBeHidden();
    expect(await once.read()).toBe(value);

    // A click beside it does nothing at all.
    await page.mouse.click(4, 4);
    await expect(once.question).toBeHidden();
    expect(await once.read()).toBe(value);

    // A browser's own closing, as by a gesture of a phone, opens it again and asks.
    await stays(() => page.evaluate(() => document.querySelector('dialog[open]').close()));

    // The page does not go without a question of the browser.
    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => setTimeout(() => location.reload(), 0));
    expect((await asked).type()).toBe('beforeunload');
    // Who goes all the same leaves nothing behind.
    await expect(once.scope).toBeHidden();
    await expect(admin.list.opener('Kept')).toBeVisible();
    expect(await admin.dom()).not.toContain(value);
    expect(await admin.storage()).not.toContain(value);
  });

  test('the way back keeps the value or asks', async ({ admin, page }) => {
    const { once, list } = admin;
    await admin.query.run('description: "e"');
    await expect(page).toHaveURL(/description/);
    await expect(list.openers.first()).toBeVisible();
    await admin.startCreate('Not lost by Back');
    await admin.create.send.click();
    const value = await once.read();
    await page.evaluate(() => history.back());
    await expect(page).not.toHaveURL(/description/);
    expect(await once.read()).toBe(value);
    await page.keyboard.press('Escape');
    await expect(once.question).toBeVisible();
    await once.lose.click();
    await expect(once.scope).toBeHidden();
    expect(await admin.dom()).not.toContain(value);
  });

  test('stored is said after copying alone, and then nothing is asked', async ({ admin, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { once } = admin;
    await admin.startCreate('Stored');
    await admin.create.send.click();
    await once.read();
    await expect(once.stored).toBeDisabled();
    await once.copy.click();
    await expect(once.stored).toBeEnabled();
    await page.keyboard.press('Escape');
    await expect(once.question).toContainText(t('once.ask_stored'));
    await once.keep.click();
    await once.stored.check();
    await page.keyboard.press('Escape');
    await expect(once.scope).toBeHidden();
    await expect(once.question).toBeHidden();
  });

  test('what is wrong stands at its field, before anything is sent', async ({ admin, gateway }) => {
    const { create } = admin;
    const { form } = create;
    await admin.startCreate('');
    await gateway.clearLog();
    await create.send.click();
    await expect(form.description).toHaveAccessibleDescription(holding(t('form.missing')));
    await expect(form.description).toBeFocused();
    await form.description.fill('Too long');
    for (const [text, said] of [
      ['7 days', t('form.not_a_duration')],
      ['P2Y', t('form.over_maximum', { most: 'P365D' })],
    ]) {
      await form.validFor.fill(text);
      await create.send.click();
      await expect(form.validFor).toHaveAccessibleDescription(holding(said.split('P365D')[0]));
      await expect(form.validFor).toBeFocused();
    }
    await form.validFor.fill('P1Y');
    await form.retries.fill('11');
    await create.send.click();
    await expect(form.retries).toHaveAccessibleDescription(holding(t('form.out_of_range', { from: 0, to: 10 })));
    expect(await gateway.logOf(QLIK.create)).toEqual([]);
  });

  test('a maximum that shrank meanwhile is refused at the field', async ({ admin, tenant, gateway, guard, page }) => {
    guard.expectTrouble();
    const { create, once } = admin;
    await admin.startCreate('Shrunk');
    await create.form.preset(90).click();
    await expect(create.says(holding(t('form.maximum', { most: '' }).replace(/\.$/, '').trim())).first()).toBeVisible();
    await tenant.setConfig({ max_api_key_expiry: 'P7D' });
    await create.send.click();
    await expect(create.says(t('write.not_created', { title: 'Shrunk' }))).toBeVisible();
    await expect(create.form.validFor).toHaveAttribute('aria-invalid', 'true');
    expect(await tenant.named('Shrunk')).toEqual([]);
    await create.form.preset(7).click();
    await create.again.click();
    await once.read();
    const sent = await gateway.logOf(QLIK.create);
    expect(sent.map((it) => it.status)).toEqual([400, 201]);
  });

  test.describe('for somebody else', () => {
    test.use({ switches: { 'qlik-foreign-subject': 'admins' } });

    test('the owner is picked by name', async ({ admin, tenant, gateway, page }) => {
      const { create, once } = admin;
      const { form } = create;
      const other = (await tenant.users()).find((it) => it.name === 'Priya Nkosi');
      await admin.startCreate('For Priya');
      await form.actsAs.selectOption({ label: t('qlik.type_user') });
      await form.pick(form.owner, 'priya', other.name);
      await expect(create.says(holding(other.id)).first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await gateway.clearLog();
      await create.send.click();
      await once.read();
      const [sent] = await gateway.logOf(QLIK.create);
      expect(sent.body).toEqual({ description: 'For Priya', sub: other.id, subType: 'user' });
      expect((await tenant.named('For Priya'))[0].sub).toBe(other.id);
    });
  });

  test('a SCIM key names its identity provider', async ({ admin, tenant, gateway }) => {
    const { create, once } = admin;
    const { form } = create;
    await admin.startCreate('Accounts from Entra');
    await form.actsAs.selectOption({ label: t('qlik.type_client') });
    await expect(form.owner).toBeHidden();
    await form.pick(form.provider, 'entra', 'Employees (Entra ID)');
    await gateway.clearLog();
    await create.send.click();
    await once.read();
    const [sent] = await gateway.logOf(QLIK.create);
    expect(sent.body).toEqual({
      description: 'Accounts from Entra',
      sub: 'SCIM\\65f0b1d4c3a2918070605041',
      subType: 'externalClient',
    });
    expect((await tenant.named('Accounts from Entra'))[0].subType).toBe('externalClient');
  });

  test('a subject the tenant does not allow is refused at the owner', async ({ admin, tenant, guard }) => {
    guard.expectTrouble();
    const { create } = admin;
    const { form } = create;
    await admin.startCreate('Not allowed');
    await form.actsAs.selectOption({ label: t('qlik.type_user') });
    await form.pick(form.owner, 'priya', 'Priya Nkosi');
    await create.send.click();
    await expect(create.says(t('write.not_created', { title: 'Not allowed' }))).toBeVisible();
    await expect(create.scope).toContainText(t('error.trace'));
    expect(await tenant.named('Not allowed')).toEqual([]);
  });

  test('the body comes from a file that is chosen, let fall or pasted', async ({ admin, gateway, page }) => {
    const { create, once } = admin;
    const { form } = create;
    await admin.list.newKey.click();
    await form.openFile();
    await form.body.fill('{"description":"Pasted","expiry":"P7D","scopes":["admin"],"colour":1}');
    await form.fill.click();
    await expect(form.description).toHaveValue('Pasted');
    await expect(form.validFor).toHaveValue('P7D');
    await expect(create.says(/Not known to the API and left out: .*scopes/)).toContainText('colour');
    expect(await violations(page)).toEqual([]);

    await form.body.fill('{"description":5}');
    await form.fill.click();
    await expect(create.says(t('import.wrong_type', { member: 'description' }))).toBeVisible();
    await expect(form.description).toHaveValue('Pasted');

    await form.file.setInputFiles({ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from('{"description":"Chosen"}') });
    await expect(form.description).toHaveValue('Chosen');

    const data = await page.evaluateHandle(() => {
      const res = new DataTransfer();
      res.items.add(new File(['{"description":"Let fall","expiry":"P1D"}'], 'body.json', { type: 'application/json' }));
      return res;
    });
    await form.body.dispatchEvent('drop', { dataTransfer: data });
    await expect(form.description).toHaveValue('Let fall');
    await gateway.clearLog();
    await create.send.click();
    await once.read();
    const [sent] = await gateway.logOf(QLIK.create);
    expect(sent.body).toEqual({ description: 'Let fall', expiry: 'P1D' });
  });

  test('the command lines hold the call, quoted, and never the token', async ({ admin, page }) => {
    const { create } = admin;
    await admin.startCreate(`Maren's "key" $HOME`);
    await create.form.validFor.fill('P7D');
    await create.form.retries.fill('2');
    const curl = await create.curl();
    expect(curl).toContain('/api/v1/api-keys');
    expect(curl).toContain(`Maren'\\''s`);
    const line = (id) => create.scope.getByRole('region', { name: t(id), exact: true });
    await expect(line('qlik.cli_posix')).toContainText(`qlik api-key create --description 'Maren'\\''s "key" $HOME' --expiry`);
    await expect(line('qlik.cli_posix')).toContainText('--retry');
    await expect(line('qlik.cli_powershell')).toContainText(`'Maren''s "key" $HOME'`);
    expect(await violations(page)).toEqual([]);
    expect(await admin.dom()).not.toContain(ADMIN);
    expect(page.url()).not.toContain(ADMIN);
  });

  test('a create refused for the rate limit is sent again as often as asked for', async ({ admin, tenant, gateway, guard }) => {
    guard.expectTrouble();
    const body = '{"errors":[{"code":"HTTP-429","title":"API rate limit reached.","detail":"Wait."}]}';
    await admin.startCreate('Patient');
    await admin.create.form.retries.fill('1');
    await admin.create.form.interval.fill('1');
    await gateway.clearLog();
    await gateway.fault(QLIK.create, 'status', { status: 429, headers: { 'retry-after': '1' }, body });
    await admin.create.send.click();
    await admin.once.read();
    const log = await gateway.logOf(QLIK.create);
    expect(log.map((it) => it.status)).toEqual([429, 201]);
    expect(log[1].body).toEqual({ description: 'Patient' });
    expect(await tenant.named('Patient')).toHaveLength(1);
  });

  test('and without that wish it is not', async ({ admin, tenant, gateway, guard }) => {
    guard.expectTrouble();
    const body = '{"errors":[{"code":"HTTP-429","title":"API rate limit reached.","detail":"Wait."}]}';
    await admin.startCreate('Impatient');
    await gateway.clearLog();
    await gateway.fault(QLIK.create, 'status', { status: 429, headers: { 'retry-after': '9' }, body });
    await admin.create.send.click();
    await expect(admin.create.scope).toContainText(t('error.rate_limited_secs', { n: 9 }));
    await expect(admin.create.form.description).toHaveValue('Impatient');
    expect(await gateway.logOf(QLIK.create)).toHaveLength(1);
    expect(await tenant.named('Impatient')).toEqual([]);
  });

  test('a plain user makes a key of his own', async ({ user, tenant, guard }) => {
    guard.expectTrouble();
    const { user: me } = await tenant.ids();
    await user.startCreate('Mine alone');
    await user.create.send.click();
    await user.once.read();
    expect((await tenant.named('Mine alone'))[0].sub).toBe(me);
    expect(await user.storage()).not.toContain(await user.once.read());
    expect(await user.dom()).not.toContain(USER);
  });
});
