// Qualys QPS when things go wrong: every write without its answer, refusals at their place, limits on calls. The judge is
// the gateway's own log and store.

import { AgentsDialog, MoveDialog, QPS, expect, shown, test } from '../support/pages/qps.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 5 });
test.beforeEach(({ guard }) => guard.expectTrouble());

/** Looking a lost answer up takes some seconds when nothing happened. */
const LOOKED_UP = { timeout: 25_000 };

/** Each fault, and whether the write happens all the same. */
const FAULTS = [
  ['drop-after-write', true],
  ['drop-before', false],
];

/** One entry for each time a call arrived: whether it changed anything. */
async function committed(gateway, call) {
  return (await gateway.logOf(call)).map((it) => it.committed);
}

for (const [fault, happened] of FAULTS) {
  test.describe(`without an answer (${fault})`, () => {
    test('a create is looked up, and never done twice', async ({ signedIn, gateway }) => {
      const { list, create } = signedIn;
      await list.newKey.click();
      await create.form.title.fill('Lost in XML');
      await create.fields.choose('count');
      await create.fields.limit.fill('7');
      await gateway.fault(QPS.create, fault);
      await create.send.click();
      if (happened) {
        await expect(create.done).toBeVisible(LOOKED_UP);
        await expect(create.says(t('write.notice_found'))).toBeVisible();
        expect(await committed(gateway, QPS.create)).toEqual([true]);
      } else {
        await expect(create.says(t('write.proved_not_done'))).toBeVisible(LOOKED_UP);
        await expect(create.form.title).toHaveValue('Lost in XML');
        await create.again.click();
        await expect(create.done).toBeVisible();
        expect(await committed(gateway, QPS.create)).toEqual([false, true]);
      }
      expect((await gateway.keys()).filter((it) => it.title === 'Lost in XML')).toHaveLength(1);
    });

    test('a change is looked up, and the draft stays', async ({ signedIn, gateway }) => {
      const key = await shown(signedIn, gateway, { title: 'Changing', ownerId: 364812441 });
      const { list, key: dialog } = signedIn;
      await list.opener(key.title).click();
      await dialog.startEdit(key.title);
      await dialog.fields.owner.fill('364812499');
      await gateway.fault(QPS.update, fault);
      await dialog.save.click();
      if (happened) {
        await expect(dialog.says(t('write.notice_looked_up'))).toBeVisible(LOOKED_UP);
        expect(await committed(gateway, QPS.update)).toEqual([true]);
      } else {
        await expect(dialog.says(t('write.proved_not_done'))).toBeVisible(LOOKED_UP);
        await expect(dialog.fields.owner).toHaveValue('364812499');
        await dialog.again.click();
        await expect(dialog.says(t('write.as_asked'))).toBeVisible();
        expect(await committed(gateway, QPS.update)).toEqual([false, true]);
      }
      expect((await gateway.key(key.id)).ownerId).toBe(364812499);
    });

    test('a switch is looked up', async ({ signedIn, gateway, page }) => {
      const key = await shown(signedIn, gateway, { title: 'Switching' });
      const dialog = page.getByRole('dialog');
      await signedIn.list.act(key.title, 'disable');
      await gateway.fault(QPS.update, fault);
      await dialog.getByRole('button', { name: t('disable.confirm'), exact: true }).click();
      await expect(dialog).toContainText(t(happened ? 'write.notice_looked_up' : 'write.proved_not_done'), LOOKED_UP);
      expect(await committed(gateway, QPS.update)).toEqual([happened]);
      expect((await gateway.key(key.id)).isDisabled).toBe(happened);
    });

    test('a delete is looked up', async ({ signedIn, gateway }) => {
      const key = await shown(signedIn, gateway, { title: 'Going' });
      const { list, remove } = signedIn;
      await list.act(key.title, 'delete');
      await expect(remove.of(key.title)).toContainText(t('delete.unused'));
      await gateway.fault(QPS.delete, fault);
      await remove.confirm.click();
      const said = happened ? 'write.notice_looked_up' : 'write.proved_not_done';
      await expect(remove.of(key.title)).toContainText(t(said), LOOKED_UP);
      expect(await committed(gateway, QPS.delete)).toEqual([happened]);
      expect((await gateway.key(key.id)) === undefined).toBe(happened);
    });

    test('a move of agents is looked up by counting', async ({ signedIn, gateway, page }) => {
      const from = await gateway.addKey({ title: 'Leaving', countUsed: 2, activeAgents: 2 });
      const to = await shown(signedIn, gateway, { title: 'Arriving' });
      const dialog = new MoveDialog(page, from.title);
      await signedIn.list.choose(from.title, t('move.open'));
      await dialog.to(to.title);
      await dialog.typed(2).fill('2');
      await gateway.fault(QPS.move, fault);
      await dialog.confirm.click();
      const said = happened ? 'write.notice_looked_up' : 'write.proved_not_done';
      await expect(dialog.scope).toContainText(t(said), LOOKED_UP);
      expect(await committed(gateway, QPS.move)).toEqual([happened]);
      expect((await gateway.key(from.id)).countUsed).toBe(happened ? 0 : 2);
      await expect(dialog.counts(to.title).getByRole('cell')).toContainText([/^0 /, happened ? /^2 / : /^0 /]);
    });
  });
}

test('agents that move only after the answer are waited for', async ({ signedIn, gateway, page }) => {
  await gateway.switches({ 'qps-change-delay': 1500 });
  const from = await gateway.addKey({ title: 'Slow mover', countUsed: 1, activeAgents: 1 });
  const to = await shown(signedIn, gateway, { title: 'Patient' });
  const dialog = new MoveDialog(page, from.title);
  await signedIn.list.choose(from.title, t('move.open'));
  await dialog.to(to.title);
  await dialog.confirm.click();
  await expect(dialog.counts(from.title).getByRole('cell')).toContainText([/^1 /, /^0 /], LOOKED_UP);
  expect(await committed(gateway, QPS.move)).toEqual([true]);
});

test('a refused create says why at its place and keeps what was entered', async ({ signedIn, gateway }) => {
  await gateway.addKey({ title: 'Taken' });
  const { list, create } = signedIn;
  await list.newKey.click();
  await create.form.title.fill('Taken');
  await create.fields.choose('unlimited');
  await create.send.click();
  await expect(create.says(t('write.refused'))).toBeVisible();
  await expect(create.scope).toContainText(t('error.server_says'));
  await expect(create.form.title).toHaveValue('Taken');
  // An HTTP 200, and nothing done.
  expect((await gateway.logOf(QPS.create)).map((it) => [it.status, it.committed])).toEqual([[200, false]]);
});

test('a key that somebody else deleted is said to be gone', async ({ signedIn, gateway }) => {
  const key = await shown(signedIn, gateway, { title: 'Gone' });
  await gateway.deleteKey(key.id);
  await signedIn.list.opener(key.title).click();
  await expect(signedIn.key.scope).toContainText(t('key.gone_title'));
});

test('a 409 with 1965 is waited for, and the list comes by itself', async ({ signedIn, gateway }) => {
  await gateway.switches({ 'qps-rate-limit': 1, 'qps-rate-window': 2 });
  await gateway.clearLog();
  await signedIn.list.refresh.click();
  await expect.poll(async () => (await gateway.logOf(QPS.search)).filter((it) => it.done).length).toBe(1);
  await gateway.addKey({ title: 'Next window' });
  await signedIn.list.refresh.click();
  await expect(signedIn.list.opener('Next window')).toBeVisible();
  const statuses = (await gateway.logOf(QPS.search)).map((it) => it.status);
  expect(statuses).toContain(409);
  expect(statuses.at(-1)).toBe(200);
});

test('a 409 with 1960 (too many at once) is waited for too', async ({ signedIn, gateway }) => {
  const body =
    '<?xml version="1.0" encoding="UTF-8" ?><!DOCTYPE SIMPLE_RETURN SYSTEM "x.dtd"><SIMPLE_RETURN><RESPONSE>' +
    '<DATETIME>2026-11-21T12:00:00Z</DATETIME><CODE>1960</CODE><TEXT>This API cannot be run again until 1 currently running instance has finished.</TEXT>' +
    '</RESPONSE></SIMPLE_RETURN>';
  await gateway.addKey({ title: 'Second try' });
  await gateway.clearLog();
  await gateway.fault(QPS.search, 'status', { status: 409, headers: { 'Content-Type': 'text/xml', 'X-RateLimit-ToWait-Sec': '1' }, body });
  await signedIn.list.refresh.click();
  await expect(signedIn.list.opener('Second try')).toBeVisible({ timeout: 20_000 });
  expect((await gateway.logOf(QPS.search)).map((it) => it.status)).toEqual([409, 200]);
});

test('a list that cannot be read says what came, and comes with the next try', async ({ qps, gateway }) => {
  const body = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><ServiceResponse><responseCode>SUCCESS</responseCode></ServiceResponse>';
  await gateway.fault(QPS.search, 'status', { status: 200, headers: { 'Content-Type': 'text/xml' }, body, times: 20 });
  await qps.signIn();
  await expect(qps.list.screen('list.failed_title')).toBeVisible({ timeout: 20_000 });
  await expect(qps.list.main.getByRole('alert').last()).toContainText(t('error.malformed'));
  await gateway.clearFaults();
  await qps.list.retry.click();
  await qps.list.shows(1, 5, 5);
});

test('agents that cannot be read are asked for again in their dialog', async ({ signedIn, gateway, page }) => {
  const key = await shown(signedIn, gateway, { title: 'Unread', countUsed: 2 });
  await gateway.fault(QPS.agents, 'status', { status: 403, body: 'no', times: 20 });
  const dialog = new AgentsDialog(page, key.title);
  await signedIn.list.choose(key.title, t('qualys_qps.members'));
  await expect(dialog.scope).toContainText(t('error.forbidden'));
  await gateway.clearFaults();
  await dialog.retry.click();
  await expect(dialog.rows).toHaveCount(2);
});
