// Signing in, staying signed in, and leaving without a trace.

import { holdClock } from '../support/clock.mjs';
import { ACCOUNT, PREFIX, expect, test } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

test('a wrong password says why, the right one shows the keys', async ({ console, guard }) => {
  guard.expectTrouble();
  await console.open();
  await expect(console.door.heading).toBeVisible();

  await console.door.withPassword(ACCOUNT.user, 'wrong');
  await expect(console.door.alert).toContainText(t('sign_in.refused'));
  await expect(console.door.alert).toContainText(t('error.status', { status: '401' }));
  await expect(console.door.alert).toContainText('InvalidCredentialsException');
  await expect(console.door.user).toHaveValue(ACCOUNT.user);

  await console.door.withPassword(ACCOUNT.user, ACCOUNT.password);
  await console.list.shows(1, 25, 30);
});

test('an empty form is not sent, and each missing field says so', async ({ console, gateway }) => {
  await console.open();
  await console.door.submit.click();
  await expect(console.door.user).toHaveAccessibleDescription(holding(t('sign_in.user_missing')));
  await expect(console.door.password).toHaveAccessibleDescription(holding(t('sign_in.password_missing')));
  await expect(console.door.user).toBeFocused();
  await console.door.byToken.click();
  await console.door.submit.click();
  await expect(console.door.token).toHaveAccessibleDescription(holding(t('sign_in.token_missing')));
  expect(await gateway.log()).toEqual([]);
});

test('a pasted token signs in; text that is none, or a spent one, does not', async ({ console, gateway }) => {
  await console.open();
  await console.door.withToken('not a token');
  await expect(console.door.alert).toContainText(t('sign_in.token_unreadable'));

  await gateway.switches({ 'token-lifetime': 1 });
  const spent = await gateway.token();
  const { exp } = JSON.parse(Buffer.from(spent.split('.')[1], 'base64url').toString());
  await expect.poll(() => Date.now()).toBeGreaterThan(exp * 1000);
  await console.door.token.fill(spent);
  await console.door.submit.click();
  await expect(console.door.alert).toContainText(t('sign_in.token_expired'));

  await gateway.switches({ 'token-lifetime': 14400 });
  const token = await gateway.token();
  await gateway.clearLog();
  await console.door.token.fill(token);
  await console.door.submit.click();
  await console.list.shows(1, 25, 30);
  expect(await console.dom()).not.toContain(token);
  // The password was never needed.
  expect((await gateway.log()).map((it) => it.path)).not.toContain('/auth');
});

test('a reload keeps the session, and the token stays in session storage alone', async ({ signedIn, page }) => {
  await expect(signedIn.timeLeft).toHaveText(/3 h 5\d min left|4 h 0 min left/);
  await page.reload();
  await signedIn.list.shows(1, 25, 30);
  await expect(signedIn.signOut).toBeVisible();

  const kept = await page.evaluate(() => ({
    session: JSON.stringify({ ...sessionStorage }),
    local: JSON.stringify({ ...localStorage }),
    cookies: document.cookie,
    address: location.href,
    history: JSON.stringify(history.state),
  }));
  const token = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(kept.session)?.[0];
  expect(token).toBeTruthy();
  for (const place of [kept.local, kept.cookies, kept.address, kept.history, await signedIn.dom()]) {
    expect(place).not.toContain(token);
    expect(place).not.toContain(ACCOUNT.password);
  }
  expect(kept.session).not.toContain(ACCOUNT.password);
});

test('signing out clears storage, the page and the way back', async ({ signedIn, page, gateway }) => {
  const keys = await gateway.keys();
  await signedIn.query.run('activationKey.isDisabled: false');
  await expect(page).toHaveURL(/q=/);
  const title = (await signedIn.list.titles())[0];

  await signedIn.signOut.click();
  await expect(signedIn.door.heading).toBeVisible();
  await expect(signedIn.door.user).toBeFocused();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  expect(page.url()).toBe(`${gateway.url}/`);
  const left = await signedIn.dom();
  expect(left).not.toContain(title);
  for (const key of keys) expect(left).not.toContain(key.activationKey);

  await page.goBack();
  await expect(signedIn.door.heading).toBeVisible();
  await expect(signedIn.list.table).toBeHidden();
});

test('the end of the session is announced before it comes', async ({ console, page, gateway }) => {
  await holdClock(page);
  await console.open();
  await console.signIn();
  await console.list.loaded();
  await expect(console.list.says(t('session.ends_soon'))).toBeHidden();
  await page.clock.fastForward('03:51:00');
  await expect(console.list.says(t('session.ends_soon'))).toBeVisible();
  await expect(console.timeLeft).toHaveText(/[89] min left/);

  // A new sign-in before the end interrupts nothing.
  const before = page.url();
  await console.list.main.getByRole('button', { name: t('session.renew'), exact: true }).click();
  await console.signInAgain();
  expect(page.url()).toBe(before);
  await console.list.shows(1, 25, 30);
  expect(await gateway.writes()).toEqual([]);
});

test('the proxy target of each platform can be looked up', async ({ console }) => {
  await console.open();
  await console.door.scope.getByText(t('sign_in.platforms'), { exact: true }).click();
  const table = console.door.scope.getByRole('table');
  await expect(table.getByRole('row').filter({ hasText: 'EU2' })).toContainText('gateway.qg2.apps.qualys.eu');
  await expect(table.getByRole('rowheader')).toHaveCount(14);
});

test('with several connections one is chosen, and every call goes there', async ({ console, page, gateway }) => {
  const connections = [
    { id: 'local', name: 'Local gateway', system: 'qualys-gateway', base_url: '/' },
    { id: 'eu1', name: 'Europe 1', system: 'qualys-gateway', base_url: PREFIX },
  ];
  await page.route('**/config.json', (route) => route.fulfill({ json: { version: 1, connections } }));
  await console.open();
  await console.door.connection.selectOption('Europe 1');
  await console.signIn();
  await console.list.shows(1, 25, 30);
  await expect(page.getByRole('banner')).toContainText('Europe 1');
  await page.reload();
  await console.list.shows(1, 25, 30);
  const paths = (await gateway.log()).map((it) => it.path);
  expect(paths.length).toBeGreaterThanOrEqual(3);
  for (const path of paths) expect(path).toContain(`${PREFIX}/`);
});

for (const [name, body] of [
  ['no JSON', '{'],
  ['an unknown system', '{"version":1,"connections":[{"id":"a","name":"A","system":"nagios","base_url":"/"}]}'],
]) {
  test(`settings that are ${name} say what is wrong`, async ({ console, page }) => {
    await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
    await console.open();
    await expect(page.getByRole('main').getByText(t('shell.config_failed'))).toBeVisible();
  });
}
