// Several connections signed in at once: each has a session of its own, and nothing of one gets to another.

import { violations } from '../support/axe.mjs';
import { PREFIX, expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

/** The same API on two paths of one origin, which is the hardest case: only the path tells the calls apart. */
const CONNECTIONS = [
  { id: 'main', name: 'Main', system: 'qualys-gateway', base_url: '/' },
  { id: 'eu1', name: 'Europe 1', system: 'qualys-gateway', base_url: PREFIX },
];

/** The token in each call a page sends, by the path of the call. */
function watchTokens(page) {
  const seen = { main: new Set(), eu1: new Set() };
  page.on('request', (request) => {
    const { authorization } = request.headers();
    if (!authorization) return;
    seen[new URL(request.url()).pathname.startsWith(`${PREFIX}/`) ? 'eu1' : 'main'].add(authorization);
  });
  return seen;
}

/** What the tab keeps, by the id of the connection. */
function stored(page) {
  return page.evaluate(() => JSON.parse(sessionStorage.getItem('latchkey.sessions') ?? '{}'));
}

test.beforeEach(async ({ page }) => {
  await page.route('**/config.json', (route) => route.fulfill({ json: { version: 1, connections: CONNECTIONS } }));
});

/** Signs in to both and stays at the second. */
async function signInToBoth(console, page) {
  await console.open();
  await console.signIn();
  await console.list.shows(1, 25, 30);
  await console.switcher.goTo('Europe 1');
  await expect(console.door.heading).toBeVisible();
  await expect(page).toHaveURL(/\?connection=eu1$/);
  await expect(console.door.connection).toHaveValue('eu1');
  await console.signIn();
  await console.list.shows(1, 25, 30);
}

test('two connections are signed in at once, and a reload keeps both', async ({ console, page, gateway }) => {
  const tokens = watchTokens(page);
  await signInToBoth(console, page);
  await console.switcher.open();
  await expect(console.switcher.items).toHaveCount(3);
  await expect(console.switcher.item('Europe 1')).toBeChecked();
  await expect(console.switcher.item('Main')).toContainText(t('shell.signed_in_as', { user: console.account.user }));
  await page.keyboard.press('Escape');

  await page.reload();
  await console.list.shows(1, 25, 30);
  await expect(console.switcher.button).toHaveAccessibleName(/^Connection: Europe 1, /);
  await console.switcher.goTo('Main');
  await console.list.shows(1, 25, 30);
  await expect(console.switcher.button).toBeFocused();
  await page.goBack();
  await expect(console.switcher.button).toHaveAccessibleName(/^Connection: Europe 1, /);

  // Each signed in once, and each call carried the token of its own connection.
  const signIns = (await gateway.log()).filter((it) => it.path.endsWith('/auth')).map((it) => it.path);
  expect(signIns).toEqual(['/auth', `${PREFIX}/auth`]);
  const kept = await stored(page);
  expect(Object.keys(kept).sort()).toEqual(['eu1', 'main']);
  expect([...tokens.main]).toEqual([`Bearer ${kept.main.token}`]);
  expect([...tokens.eu1]).toEqual([`Bearer ${kept.eu1.token}`]);
  expect(kept.main.token).not.toBe(kept.eu1.token);
});

test('one session ends while the other goes on', async ({ console, page, guard }) => {
  guard.expectTrouble();
  await signInToBoth(console, page);
  // The service refuses one connection from now on, as after the end of a session.
  const refusal = { status: 401, json: { status: 401, error: 'Unauthorized', message: 'JWT expired' } };
  await page.route(`**${PREFIX}/caui/**`, (route) => route.fulfill(refusal));
  await console.list.refresh.click();
  await expect(console.renewal).toBeVisible();
  await expect(console.renewal).toHaveAccessibleName(t('sign_in.title_again_at', { connection: 'Europe 1' }));

  // Giving that one up leaves the other as it was.
  await console.renewal.getByRole('button', { name: t('shell.sign_out'), exact: true }).click();
  await expect(console.door.heading).toBeVisible();
  expect(Object.keys(await stored(page))).toEqual(['main']);
  await console.switcher.goTo('Main');
  await console.list.shows(1, 25, 30);
});

test('an ended session goes on after signing in over the page, and the other is untouched', async ({ console, page, guard }) => {
  guard.expectTrouble();
  await signInToBoth(console, page);
  const before = await stored(page);
  await page.route(`**${PREFIX}/caui/**`, (route) => route.fulfill({ status: 401, body: '' }), { times: 1 });
  await console.list.refresh.click();
  await console.signInAgain();
  await console.list.shows(1, 25, 30);
  const after = await stored(page);
  expect(after.main.token).toBe(before.main.token);
  expect(after.eu1.token).not.toBe(before.eu1.token);
});

test('signing out of one keeps the other; signing out of all leaves nothing', async ({ console, page }) => {
  await signInToBoth(console, page);
  await console.switcher.open();
  await console.switcher.signOutOf('Europe 1').click();
  await expect(console.door.heading).toBeVisible();
  expect(Object.keys(await stored(page))).toEqual(['main']);
  await console.signIn();
  await console.list.shows(1, 25, 30);

  await console.switcher.open();
  await console.switcher.signOutAll.click();
  await expect(console.door.heading).toBeVisible();
  await expect(console.switcher.button).toBeHidden();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.reload();
  await expect(console.door.heading).toBeVisible();
});

test('all connections on one page say who is signed in where', async ({ console, page }) => {
  await console.open();
  await console.signIn();
  await console.switcher.goToAll();
  await expect(page).toHaveURL(/\?connection=all$/);
  const row = (name) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('Main')).toContainText(t('shell.signed_in_as', { user: console.account.user }));
  await expect(row('Europe 1')).toContainText(t('connections.signed_out'));
  await row('Europe 1').getByRole('button', { name: t('connections.sign_in', { connection: 'Europe 1' }) }).click();
  await console.signIn();
  await console.list.shows(1, 25, 30);
  await page.goto('/?connection=all');
  await row('Main').getByRole('button', { name: t('connections.open', { connection: 'Main' }) }).click();
  await console.list.shows(1, 25, 30);
  await expect(console.switcher.button).toHaveAccessibleName(/^Connection: Main, /);
});

test('a step back does not lose what is typed in a dialog', async ({ console, page }) => {
  await signInToBoth(console, page);
  await console.list.newKey.click();
  await console.create.form.title.fill('half typed');
  await page.goBack();
  await expect(page).toHaveURL(/connection=eu1/);
  await expect(console.create.form.title).toHaveValue('half typed');
});

test('an address of a connection that does not exist is put right', async ({ console, page }) => {
  await console.open('/?connection=gone');
  await expect(console.door.connection).toHaveValue('main');
  await expect(page).toHaveURL(/\/$/);
});

test('axe finds nothing in the switcher, on the page of all connections and in the named dialog', async ({ console, page, gateway, guard }) => {
  guard.expectTrouble();
  await signInToBoth(console, page);
  await console.switcher.open();
  await expect(console.switcher.items.first()).toBeFocused();
  expect(await violations(page), 'open switcher').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(console.switcher.button).toBeFocused();
  await console.switcher.goToAll();
  await expect(page.getByRole('heading', { name: t('connections.all'), exact: true })).toBeVisible();
  expect(await violations(page), 'all connections').toEqual([]);
  await console.switcher.goTo('Europe 1');
  await console.list.shows(1, 25, 30);
  await gateway.expireTokens();
  await console.list.refresh.click();
  await expect(console.renewal).toBeVisible();
  expect(await violations(page), 'dialog').toEqual([]);
});
