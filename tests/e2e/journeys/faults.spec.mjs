// What goes wrong on the way: each ends in a designed screen, with nothing lost and nothing done twice. The judge is the
// gateway's own log and store.

import { CALLS, toggleOf } from '../support/control.mjs';
import { held } from '../support/hold.mjs';
import { expect, test } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

test.use({ keys: 5 });
test.beforeEach(({ guard }) => guard.expectTrouble());

/** Looking a lost answer up takes some seconds when nothing happened. */
const LOOKED_UP = { timeout: 20_000 };

async function shown(console, gateway, fields) {
  const key = await gateway.addKey(fields);
  await console.list.refresh.click();
  await expect(console.list.opener(key.title)).toBeVisible();
  await gateway.clearLog();
  return key;
}

test.describe('a lost answer', () => {
  test('to a create that happened is found: created once', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await gateway.fault(CALLS.create, 'drop-after-write');
    await list.newKey.click();
    await create.form.title.fill('Lost and found');
    await create.form.limit.fill('7');
    await create.send.click();
    await expect(create.done).toBeVisible(LOOKED_UP);
    await expect(create.says(t('write.notice_found'))).toBeVisible();
    expect((await gateway.keys()).filter((it) => it.title === 'Lost and found')).toHaveLength(1);
    const creates = await gateway.logOf(CALLS.create);
    expect(creates.map((it) => it.committed)).toEqual([true]);
  });

  test('to a create that never arrived is proved: not created, and again makes one', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await gateway.fault(CALLS.create, 'drop-before');
    await list.newKey.click();
    await create.form.title.fill('Lost for good');
    await create.send.click();
    await expect(create.says(t('write.not_created', { title: 'Lost for good' }))).toBeVisible(LOOKED_UP);
    await expect(create.says(t('write.proved_not_done'))).toBeVisible();
    await expect(create.form.title).toHaveValue('Lost for good');
    expect((await gateway.logOf(CALLS.create)).map((it) => it.committed)).toEqual([false]);
    expect(await gateway.keys()).toHaveLength(5);

    await create.again.click();
    await expect(create.done).toBeVisible();
    expect((await gateway.keys()).filter((it) => it.title === 'Lost for good')).toHaveLength(1);
    expect((await gateway.logOf(CALLS.create)).map((it) => it.committed)).toEqual([false, true]);
  });

  test('to a create that was cut off half way is found', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await gateway.fault(CALLS.create, 'cut-body');
    await list.newKey.click();
    await create.form.title.fill('Cut in half');
    await create.send.click();
    await expect(create.done).toBeVisible(LOOKED_UP);
    await expect(create.says(t('write.notice_found'))).toBeVisible();
    expect((await gateway.logOf(CALLS.create)).map((it) => it.committed)).toEqual([true]);
    expect(await gateway.keys()).toHaveLength(6);
  });

  test('to a create whose first look is lost as well is still found', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('Twice lost');
    await gateway.fault(CALLS.create, 'drop-after-write');
    // The journal reads once before the create; the looks after it fail five times.
    await gateway.fault(CALLS.search, 'status', { status: 503, body: 'maintenance', skip: 2, times: 5 });
    await create.send.click();
    await expect(create.done).toBeVisible({ timeout: 40_000 });
    await expect(create.says(t('write.notice_found'))).toBeVisible();
    expect((await gateway.logOf(CALLS.create)).map((it) => it.committed)).toEqual([true]);
    expect((await gateway.keys()).filter((it) => it.title === 'Twice lost')).toHaveLength(1);
  });

  test('to an update that happened is found', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Edited' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.limit.fill('77');
    await gateway.fault(CALLS.update, 'drop-after-write');
    await signedIn.key.save.click();
    await expect(signedIn.key.says(t('write.notice_looked_up'))).toBeVisible(LOOKED_UP);
    await expect(signedIn.key.says(t('write.updated', { title: key.title }))).toBeVisible();
    expect((await gateway.logOf(CALLS.update)).map((it) => it.committed)).toEqual([true]);
    expect((await gateway.key(key.id)).countPurchased).toBe(77);
  });

  test('to an update that never arrived keeps the draft, and again saves once', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Edited' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.limit.fill('77');
    await gateway.fault(CALLS.update, 'drop-before');
    await signedIn.key.save.click();
    await expect(signedIn.key.says(t('write.proved_not_done'))).toBeVisible(LOOKED_UP);
    await expect(signedIn.key.form.limit).toHaveValue('77');
    expect((await gateway.key(key.id)).countPurchased).toBe(0);
    await signedIn.key.again.click();
    await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
    expect((await gateway.logOf(CALLS.update)).map((it) => it.committed)).toEqual([false, true]);
    expect((await gateway.key(key.id)).countPurchased).toBe(77);
  });

  for (const [fault, found] of [['drop-after-write', true], ['drop-before', false]]) {
    test(`to a toggle (${fault}) never ends in the opposite`, async ({ signedIn, gateway }) => {
      const key = await shown(signedIn, gateway, { title: 'Switched' });
      await gateway.fault(toggleOf(key.id), fault);
      await signedIn.list.act(key.title, 'disable');
      await signedIn.enable.disable.click();
      const dialog = signedIn.enable.disabling(key.title);
      await expect(dialog).toContainText(t(found ? 'write.notice_looked_up' : 'write.proved_not_done'), LOOKED_UP);
      expect((await gateway.logOf(toggleOf(key.id))).map((it) => it.committed)).toEqual([found]);
      expect((await gateway.key(key.id)).isDisabled).toBe(found);
      if (found) return;
      await dialog.getByRole('button', { name: t('create.again'), exact: true }).click();
      await expect(signedIn.toast(t('write.disabled', { title: key.title }))).toBeVisible();
      expect((await gateway.key(key.id)).isDisabled).toBe(true);
      expect((await gateway.logOf(toggleOf(key.id))).map((it) => it.committed)).toEqual([false, true]);
    });

    test(`to a delete (${fault}) is looked up`, async ({ signedIn, gateway }) => {
      const key = await shown(signedIn, gateway, { title: 'Doomed' });
      await gateway.fault(CALLS.delete, fault);
      await signedIn.list.act(key.title, 'delete');
      await signedIn.remove.confirm.click();
      const dialog = signedIn.remove.of(key.title);
      await expect(dialog).toContainText(t(found ? 'write.notice_looked_up' : 'write.proved_not_done'), LOOKED_UP);
      expect((await gateway.logOf(CALLS.delete)).map((it) => it.committed)).toEqual([found]);
      expect((await gateway.key(key.id)) === undefined).toBe(found);
      if (found) return;
      await signedIn.remove.confirm.click();
      await expect(signedIn.toast(t('write.deleted', { title: key.title }))).toBeVisible();
      expect((await gateway.logOf(CALLS.delete)).map((it) => it.committed)).toEqual([false, true]);
    });
  }

  test('whose dialog was closed is told in the corner', async ({ signedIn, gateway, page }) => {
    const { list, create } = signedIn;
    const letGo = await held(page, CALLS.create);
    await gateway.fault(CALLS.create, 'drop-after-write');
    await list.newKey.click();
    await create.form.title.fill('Closed early');
    await create.send.click();
    await page.keyboard.press('Escape');
    await create.sendingQuestion.getByRole('button', { name: t('leave.sending_confirm'), exact: true }).click();
    await expect(create.scope).toBeHidden();
    letGo();
    await expect(signedIn.toast(holding(t('write.created', { title: 'Closed early' })))).toBeVisible(LOOKED_UP);
    await expect(list.opener('Closed early')).toBeVisible();
    expect((await gateway.keys()).filter((it) => it.title === 'Closed early')).toHaveLength(1);
  });
});

test('a question about a change on its way goes when the change is over', async ({ signedIn, page }) => {
  const { list, create } = signedIn;
  const letGo = await held(page, CALLS.create);
  await list.newKey.click();
  await create.form.title.fill('Nearly left');
  await create.send.click();
  await page.keyboard.press('Escape');
  await expect(create.sendingQuestion).toBeVisible();
  letGo();
  await expect(create.sendingQuestion).toBeHidden();
  await expect(create.done).toBeVisible();
});

test.describe('too many calls', () => {
  test('a read waits as long as asked and goes on by itself', async ({ signedIn, gateway }) => {
    await gateway.clearLog();
    await gateway.fault(CALLS.search, 'status', { status: 429, headers: { 'Retry-After': '2' }, body: '{"message":"slow down"}' });
    await gateway.addKey({ title: 'After the wait' });
    await signedIn.list.refresh.click();
    await expect(signedIn.list.says(t('connection.rate_limit'))).toBeVisible();
    await expect(signedIn.list.opener('After the wait')).toBeVisible();
    await expect(signedIn.list.says(t('connection.rate_limit'))).toBeHidden();
    const [first, second] = await gateway.logOf(CALLS.search);
    expect([first.status, second.status]).toEqual([429, 200]);
    expect(Date.parse(second.time) - Date.parse(first.time)).toBeGreaterThanOrEqual(2000);
  });

  test('a write is not sent again, says how long to wait, and keeps what was entered', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await gateway.fault(CALLS.create, 'status', { status: 429, headers: { 'Retry-After': '2' }, body: '{"message":"slow down"}' });
    await list.newKey.click();
    await create.form.title.fill('Patience');
    await create.send.click();
    await expect(create.scope).toContainText(t('error.rate_limited_secs', { n: 2 }));
    await expect(create.scope).toContainText('slow down');
    await expect(create.form.title).toHaveValue('Patience');
    expect((await gateway.logOf(CALLS.create)).map((it) => it.status)).toEqual([429]);
    await create.again.click();
    await expect(create.done).toBeVisible();
    expect((await gateway.logOf(CALLS.create)).map((it) => it.status)).toEqual([429, 200]);
  });

  test('the gateway’s own limit is waited for by its headers', async ({ signedIn, gateway }) => {
    await gateway.switches({ 'rate-limit': 1, 'rate-window': 2 });
    await gateway.clearLog();
    await signedIn.list.refresh.click();
    await expect.poll(async () => (await gateway.logOf(CALLS.search)).filter((it) => it.done).length).toBe(1);
    await gateway.addKey({ title: 'Second window' });
    await signedIn.list.refresh.click();
    await expect(signedIn.list.opener('Second window')).toBeVisible();
    const log = await gateway.logOf(CALLS.search);
    expect(log.at(-1).status).toBe(200);
    expect(log.length).toBeLessThanOrEqual(4);
  });
});

test.describe('a list that cannot be had', () => {
  for (const [name, fault, more, title, fact] of [
    ['500', 'status', { status: 500, body: '{"status":500,"error":"Internal","message":"disk full"}' }, 'error.server', 'disk full'],
    ['502 of a proxy', 'status', { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<html><h1>Bad gateway</h1></html>' }, 'error.server', '502'],
    ['wrong JSON', 'wrong-json', {}, 'error.malformed', '200'],
    ['a cut answer', 'cut-body', {}, 'error.network', undefined],
    ['no answer', 'drop-before', {}, 'error.network', t('error.no_status')],
    ['403', 'status', { status: 403, body: '{"_error":{"message":"no permission"}}' }, 'error.forbidden', 'no permission'],
  ]) {
    test(`because of ${name} says so with every fact, and comes with the next try`, async ({ console, gateway, context, page }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await gateway.fault(CALLS.search, fault, { ...more, times: 20 });
      await console.open();
      await console.signIn();
      const { list } = console;
      await expect(list.screen('list.failed_title')).toBeVisible({ timeout: 20_000 });
      const alert = list.main.getByRole('alert').last();
      await expect(alert).toContainText(t(title));
      if (fact) await expect(alert).toContainText(fact);
      await expect(alert).toContainText('POST caui/v1/activation-keys/manage');
      await list.main.getByRole('button', { name: t('error.copy_name'), exact: true }).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('caui/v1/activation-keys/manage');
      await gateway.clearFaults();
      await list.retry.click();
      await list.shows(1, 5, 5);
    });
  }

  test('on a refresh keeps the old rows and says that they are old', async ({ signedIn, gateway }) => {
    const { list } = signedIn;
    await gateway.fault(CALLS.search, 'status', { status: 403, body: 'no' });
    await list.refresh.click();
    await expect(list.says(t('list.stale'))).toBeVisible();
    await expect(list.openers).toHaveCount(5);
    await list.retry.click();
    await expect(list.says(t('list.stale'))).toBeHidden();
    await list.shows(1, 5, 5);
  });

  test('a passing failure is not even seen', async ({ signedIn, gateway }) => {
    await gateway.addKey({ title: 'Second try' });
    await gateway.clearLog();
    await gateway.fault(CALLS.search, 'status', { status: 503, body: '' });
    await signedIn.list.refresh.click();
    await expect(signedIn.list.opener('Second try')).toBeVisible();
    expect((await gateway.logOf(CALLS.search)).map((it) => it.status)).toEqual([503, 200]);
  });
});

test.describe('a failed write', () => {
  for (const status of [500, 502]) {
    test(`with ${status} is looked up before it is called not done`, async ({ signedIn, gateway }) => {
      const key = await shown(signedIn, gateway, { title: 'Server trouble' });
      await signedIn.list.opener(key.title).click();
      await signedIn.key.startEdit(key.title);
      await signedIn.key.form.title.fill('Server trouble, mended');
      await gateway.fault(CALLS.update, 'status', { status, body: 'stack trace' });
      await signedIn.key.save.click();
      await expect(signedIn.key.scope).toContainText(t('write.not_updated', { title: key.title }), LOOKED_UP);
      await expect(signedIn.key.scope).toContainText(String(status));
      expect(await gateway.logOf(CALLS.update)).toHaveLength(1);
      await signedIn.key.again.click();
      await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
      expect((await gateway.key(key.id)).title).toBe('Server trouble, mended');
      expect((await gateway.logOf(CALLS.update)).filter((it) => it.committed)).toHaveLength(1);
    });
  }
});

test('words of the service that quote a key show its value nowhere', async ({ signedIn, gateway }) => {
  const key = await shown(signedIn, gateway, { title: 'Quoted', activationKey: '7d1e42c8-93af-4b06-8a5c-e2f0319b6d74' });
  const body = JSON.stringify({ message: `In conflict with ${key.activationKey}`, record: { id: key.id, activationKey: key.activationKey } });
  await gateway.fault(CALLS.update, 'status', { status: 409, body });
  await signedIn.list.opener(key.title).click();
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.title.fill('Quoted again');
  await signedIn.key.save.click();
  await expect(signedIn.key.scope).toContainText(t('write.not_updated', { title: key.title }), LOOKED_UP);
  await expect(signedIn.key.scope).toContainText('In conflict with •••');
  await signedIn.key.says(t('error.raw')).click();
  await expect(signedIn.key.scope.getByRole('region', { name: t('error.raw'), exact: true })).toContainText(`"id":${key.id}`);
});

test.describe('the session ends', () => {
  test('in the middle of an edit: sign in over the page, and the same save happens once', async ({ signedIn, gateway, page }) => {
    const key = await shown(signedIn, gateway, { title: 'Long edit' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.title.fill('Long edit, saved');
    await signedIn.key.form.limit.fill('12');
    await gateway.expireTokens();
    await signedIn.key.save.click();

    await expect(signedIn.renewal).toBeVisible();
    await expect(signedIn.again.user).toHaveValue(signedIn.account.user);
    // It cannot just be closed, and a wrong password loses nothing.
    await page.keyboard.press('Escape');
    await expect(signedIn.renewal).toContainText(t('sign_in.stuck'));
    await signedIn.again.password.fill('wrong');
    await signedIn.again.submit.click();
    await expect(signedIn.again.alert).toContainText(t('sign_in.refused'));
    await signedIn.signInAgain();

    await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
    expect(await gateway.key(key.id)).toMatchObject({ title: 'Long edit, saved', countPurchased: 12 });
    expect((await gateway.logOf(CALLS.update)).filter((it) => it.committed)).toHaveLength(1);
    expect(page.url()).toBe(`${gateway.url}/`);
  });

  test('between the check and the write: the create happens once, after the sign-in', async ({ signedIn, gateway }) => {
    const { list, create } = signedIn;
    await list.newKey.click();
    await create.form.title.fill('In between');
    await expect(create.says(/No other key has this title/)).toBeVisible();
    await gateway.clearLog();
    const body = '{"status":401,"error":"Unauthorized","message":"JWT expired"}';
    await gateway.fault(CALLS.create, 'status', { status: 401, body });
    await create.send.click();
    await expect(signedIn.renewal).toBeVisible();
    expect((await gateway.logOf(CALLS.create)).map((it) => it.status)).toEqual([401]);
    await signedIn.signInAgain();
    await expect(create.done).toBeVisible();
    expect((await gateway.logOf(CALLS.create)).map((it) => it.committed)).toEqual([false, true]);
    expect((await gateway.keys()).filter((it) => it.title === 'In between')).toHaveLength(1);
  });

  test('while looking at the list: the question goes on', async ({ signedIn, gateway, page }) => {
    await gateway.addKey({ title: 'After the sign-in' });
    await gateway.expireTokens();
    await signedIn.list.sortBy('list.column_expires');
    await expect(signedIn.renewal).toBeVisible();
    // The spent token is not kept.
    expect(await signedIn.storage()).not.toMatch(/eyJ/);
    await signedIn.signInAgain();
    await expect(signedIn.list.opener('After the sign-in')).toBeVisible();
    await expect(page).toHaveURL(/sort=expires/);
  });

  test('and one leaves instead: nothing was sent', async ({ signedIn, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Given up' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.title.fill('Never saved');
    await gateway.expireTokens();
    await signedIn.key.save.click();
    await signedIn.renewal.getByRole('button', { name: t('shell.sign_out'), exact: true }).click();
    await expect(signedIn.door.heading).toBeVisible();
    expect((await gateway.writes()).filter((it) => it.committed)).toEqual([]);
    expect(await signedIn.dom()).not.toContain('Given up');
  });
});

test.describe('without a network', () => {
  test('the list says so, and comes back', async ({ signedIn, context, gateway }) => {
    const { list } = signedIn;
    await context.setOffline(true);
    await expect(list.says(t('connection.offline_text'))).toBeVisible();
    await list.refresh.click();
    await gateway.addKey({ title: 'Back again' });
    await expect(list.openers).toHaveCount(5);
    await context.setOffline(false);
    await expect(list.says(t('connection.offline_text'))).toBeHidden();
    await list.retry.or(list.refresh).first().click();
    await expect(list.opener('Back again')).toBeVisible();
  });

  test('a save that cannot start keeps the draft, and is done once afterwards', async ({ signedIn, context, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Train ride' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.title.fill('Train ride, arrived');
    await context.setOffline(true);
    await signedIn.key.save.click();
    await expect(signedIn.key.scope).toContainText(t('error.offline'), { timeout: 20_000 });
    await expect(signedIn.key.scope).not.toContainText(t('write.refused'));
    await expect(signedIn.key.form.title).toHaveValue('Train ride, arrived');
    await context.setOffline(false);
    await signedIn.key.again.click();
    await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
    expect((await gateway.logOf(CALLS.update)).map((it) => it.committed)).toEqual([true]);
  });

  test('a save that was on its way is looked up when the network is back', async ({ signedIn, context, gateway }) => {
    const key = await shown(signedIn, gateway, { title: 'Tunnel' });
    await signedIn.list.opener(key.title).click();
    await signedIn.key.startEdit(key.title);
    await signedIn.key.form.title.fill('Tunnel, other side');
    await gateway.fault(CALLS.update, 'delay', { delay_ms: 5000, delay: 'after' });
    await signedIn.key.save.click();
    await expect.poll(async () => (await gateway.key(key.id)).title).toBe('Tunnel, other side');
    await context.setOffline(true);
    await expect(signedIn.key.says(t('write.step_waiting')).or(signedIn.key.says(t('write.step_looking_up')))).toBeVisible({ timeout: 20_000 });
    await context.setOffline(false);
    await expect(signedIn.key.says(t('write.updated', { title: 'Tunnel, other side' }))).toBeVisible(LOOKED_UP);
    expect(await gateway.logOf(CALLS.update)).toHaveLength(1);
  });
});

test('a late answer never overwrites a newer one', async ({ signedIn, gateway, page }) => {
  await gateway.addKeys({ title: 'Slow', isDisabled: true }, { title: 'Quick', countPurchased: 4321 });
  const { list, query } = signedIn;
  await gateway.fault(CALLS.search, 'delay', { delay_ms: 1500 });
  const asked = page.waitForRequest((it) => it.method() === 'POST' && it.url().includes('/manage'));
  await query.run('activationKey.isDisabled: true');
  const slow = await asked;
  const ended = new Promise((resolve) => {
    const end = (it) => it === slow && resolve();
    page.on('requestfinished', end);
    page.on('requestfailed', end);
  });
  await query.run('activationKey.countPurchased: 4321');
  await expect(list.opener('Quick')).toBeVisible();
  // Given up by the page or answered late, it is over now, and the rows are still those of the newer question.
  await ended;
  await list.shows(1, 1, 1);
  await expect(list.opener('Quick')).toBeVisible();
  await expect(list.opener('Slow')).toBeHidden();
  await expect(query.text).toHaveValue('activationKey.countPurchased: 4321');
});

test('at most two calls are under way at a time', async ({ signedIn, gateway, page }) => {
  const key = await shown(signedIn, gateway, { title: 'Busy' });
  let running = 0;
  let most = 0;
  page.on('request', (it) => {
    if (it.url().includes('/caui/')) most = Math.max(most, (running += 1));
  });
  const ended = (it) => {
    if (it.url().includes('/caui/')) running -= 1;
  };
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  await gateway.fault(CALLS.search, 'delay', { delay_ms: 400, times: 10 });
  await gateway.fault(CALLS.get, 'delay', { delay_ms: 400, times: 10 });
  await signedIn.list.refresh.click();
  await signedIn.list.opener(key.title).click();
  await signedIn.key.startEdit(key.title);
  await signedIn.key.form.title.fill('Busier');
  await signedIn.key.save.click();
  await expect(signedIn.key.says(t('write.as_asked'))).toBeVisible();
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(2);
});
