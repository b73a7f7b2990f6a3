// The console in frames that are poorer than the project's own: without storage, without an origin, without a clipboard,
// low, or higher than the screen; and in frames of nobody it knows.

import { violations } from '../support/axe.mjs';
import { expect, test } from '../support/embedded.mjs';
import { Console } from '../support/pages.mjs';
import { SelfCheck } from '../support/pages/self_check.mjs';
import { plainPortal } from '../support/plain_portal.mjs';
import { t } from '../support/texts.mjs';

/** Opens a portal by hand, and gives the console in its frame. */
async function open(page, gateway, address) {
  await page.goto(address);
  const frame = await (await page.locator('iframe').elementHandle()).contentFrame();
  return new Console(frame, gateway);
}

/** What the console said, by type. */
const heard = (page, type) => page.evaluate((type) => globalThis.heard.filter((it) => it.type === type), type);

/** The storage of a window throws at the first touch, as it does where a browser blocks it. */
function refuseStorage() {
  if (globalThis.parent === globalThis.self) return;
  for (const name of ['sessionStorage', 'localStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(globalThis, name, {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  }
  Object.defineProperty(Navigator.prototype, 'locks', { value: { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) } });
}

test.beforeEach(({ guard, office }) => guard.allowOrigin(office.url));

test('where the browser refuses storage everything works, and one line says what that means', async ({ page, context, gateway, office }) => {
  await context.addInitScript(refuseStorage);
  const address = plainPortal(office, { src: `${gateway.url}/`, welcome: {}, token: await gateway.token() });
  const console = await open(page, gateway, address);
  await console.list.shows(1, 25, 30);
  const [key] = (await gateway.keys()).filter((it) => it.title.trim() !== '' && !it.isDisabled);
  await console.query.run(`activationKey.id: ${key.id}`);
  await console.list.shows(1, 1, 1);
  await console.list.menu(key.title).click();
  await console.page.getByRole('menuitem', { name: t('key.disable'), exact: true }).click();
  await console.enable.disable.click();
  await expect.poll(async () => (await gateway.key(key.id)).isDisabled).toBe(true);

  const line = console.page.getByText(t('embed.nothing_kept'), { exact: true });
  await expect(line).toHaveCount(1);
  expect((await heard(page, 'problem')).map((it) => it.code)).toEqual(['storage_refused']);
  expect(await violations(console.page)).toEqual([]);
  await console.page.getByRole('status').filter({ has: line }).getByRole('button', { name: t('ui.close'), exact: true }).click();
  await expect(line).toHaveCount(0);
  await console.list.refresh.click();
  await console.list.loaded();
  await expect(line).toHaveCount(0);
});

test('a frame without an origin of its own signs in, lists, and follows its route', async ({ page, gateway, office, guard }) => {
  test.slow();
  guard.expectTrouble();
  await gateway.switches({ cors: 'on' });
  await gateway.ask('POST', '/headers', { opaque_frames: true });
  const address = plainPortal(office, { src: `${gateway.url}/`, sandbox: 'allow-scripts allow-forms', welcome: { height: 'fixed' }, token: await gateway.token() });
  const console = await open(page, gateway, address);
  await console.list.shows(1, 25, 30);
  await console.list.next.click();
  await console.list.shows(26, 30, 30);
  await expect.poll(async () => (await heard(page, 'route')).at(-1)?.route).toBe('/?page=2');
  await page.evaluate(() => say({ type: 'route', route: '/' }));
  await console.list.shows(1, 25, 30);
  await gateway.ask('DELETE', '/headers');
});

test('a frame that may not use the clipboard shows the key to be copied by hand', async ({ page, gateway, office }) => {
  const address = plainPortal(office, { src: `${gateway.url}/`, welcome: {}, token: await gateway.token() });
  const console = await open(page, gateway, address);
  await console.list.shows(1, 25, 30);
  const key = (await gateway.keys()).find((it) => it.title.trim() !== '');
  await console.query.run(`activationKey.id: ${key.id}`);
  await console.list.shows(1, 1, 1);
  await console.list.copyKey(key.title).click();
  const field = console.page.getByRole('textbox', { name: t('ui.copy_field'), exact: true });
  await expect(field).toHaveValue(key.activationKey);
  await expect(field).toBeFocused();
  expect(await field.evaluate((it) => it.selectionEnd - it.selectionStart)).toBe(key.activationKey.length);
  expect((await heard(page, 'problem')).map((it) => it.code)).toEqual(['clipboard_refused']);
  expect(JSON.stringify(await page.evaluate(() => heard)).includes(key.activationKey)).toBe(false);
});

test('in a frame of 400 pixels every dialog has its buttons in view and its content within reach', async ({ page, gateway, office }) => {
  const address = plainPortal(office, { src: `${gateway.url}/`, welcome: {}, token: await gateway.token(), height: 400 });
  const console = await open(page, gateway, address);
  await console.list.shows(1, 25, 30);
  const dialog = console.page.locator('dialog[open]');
  const check = async (name) => {
    await expect(dialog, name).toBeVisible();
    const parts = await dialog.evaluate((it) => {
      const inside = (part) => {
        const { top, bottom, left, right } = part.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
      };
      const body = it.querySelector('.dialog-body');
      // Scrolled to its end, the last control of the body is seen too.
      body.scrollTop = body.scrollHeight;
      const last = [...body.querySelectorAll('input, select, button, textarea')].filter((control) => control.checkVisibility()).at(-1);
      return [inside(it), ...[...it.querySelectorAll('.dialog-foot button, .close')].map(inside), body.clientHeight >= 80, !last || inside(last)];
    });
    expect(parts, name).toEqual(parts.map(() => true));
    expect(await violations(console.page), name).toEqual([]);
    await console.page.getByRole('dialog').getByRole('button', { name: t('ui.close'), exact: true }).first().click();
    await expect(dialog).toHaveCount(0);
  };
  await console.list.newKey.click();
  await check('create');
  const key = (await gateway.keys()).find((it) => it.title.trim() !== '');
  await console.query.run(`activationKey.id: ${key.id}`);
  await console.list.shows(1, 1, 1);
  await console.list.opener(key.title).click();
  await check('details');
  const menu = console.page.getByRole('menu');
  await console.list.menu(key.title).click();
  await expect(menu).toBeVisible();
  const within = await menu.evaluate((it) => {
    const { top, bottom } = it.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  expect(within).toBe(true);
});

test('in a frame higher than the screen a dialog appears where the reader is', async ({ portal, page, gateway }) => {
  await page.setViewportSize({ width: 1100, height: 640 });
  const console = await portal.enter();
  await expect.poll(async () => (await portal.frames.boundingBox()).height).toBeGreaterThan(900);
  const last = console.list.table.getByRole('row').last();
  await last.scrollIntoViewIfNeeded();
  const [key] = (await gateway.keys()).filter((it) => it.title.trim() !== '');
  await last.getByRole('button').last().click();
  await console.page.getByRole('menuitem').first().click();
  const dialog = console.page.locator('dialog[open]');
  await expect(dialog).toBeVisible();
  expect(key).toBeDefined();
  // On the screen, and not only in the frame.
  await expect
    .poll(async () => {
      const { y, height } = await dialog.boundingBox();
      return y >= -1 && y + height <= 641;
    })
    .toBe(true);
});

test('in the frame of somebody who does not answer it becomes a page by itself, and says so', async ({ page, gateway, office }) => {
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/` }));
  await expect(console.page.getByText(t('embed.greeting'), { exact: true })).toBeVisible();
  await expect(console.door.heading).toBeVisible({ timeout: 20_000 });
  await expect(console.page.getByText(t('embed.no_answer'), { exact: true })).toBeVisible();
  expect((await heard(page, 'hello')).length).toBe(10);
  expect(await violations(console.page)).toEqual([]);
  await console.signIn();
  await console.list.shows(1, 25, 30);
});

test('somebody whom the configuration does not name hears nothing, and gets no sign-in', async ({ page, gateway, office }) => {
  await page.route('**/config.json', async (route) => {
    const config = await (await route.fetch()).json();
    await route.fulfill({ json: { ...config, portals: ['https://portal.example'] } });
  });
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/`, welcome: {} }));
  const said = console.page.getByText(t('embed.refused'), { exact: true });
  await expect(said).toBeVisible();
  await expect(console.page.getByText(t('embed.refused_text'), { exact: true })).toBeVisible();
  await expect(console.page.locator('input, button, a').filter({ visible: true })).toHaveCount(0);
  expect(await page.evaluate(() => heard)).toEqual([]);
  expect(await violations(console.page)).toEqual([]);
  // The self-check is a page of it like any other.
  await console.page.goto(`${gateway.url}/?check`);
  await expect(said).toBeVisible();
  await expect(console.page.locator('input, button, a').filter({ visible: true })).toHaveCount(0);
});

test('where the browser does not tell who is around, no answer means no sign-in', async ({ page, context, gateway, office }) => {
  await context.addInitScript(() => {
    const { get } = Reflect;
    Reflect.get = (of, name, ...more) => (name === 'ancestorOrigins' ? undefined : get(of, name, ...more));
  });
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/` }));
  await expect(console.page.getByText(t('embed.refused'), { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(console.page.locator('input, button, a').filter({ visible: true })).toHaveCount(0);
});

test('a portal that is wrong in config.json is named by its field', async ({ page, gateway }) => {
  await page.route('**/config.json', async (route) => {
    const config = await (await route.fetch()).json();
    await route.fulfill({ json: { ...config, portals: ['https://portal.example', 'https://portal.example/app'] } });
  });
  await page.goto(`${gateway.url}/`);
  await expect(page.getByRole('alert')).toContainText('portals[1]');
  await expect(page.getByRole('alert')).toContainText(t('embed.config_origin'));
});

test('signed out over a form, and what was sent is done once there is a token again', async ({ portal, page, gateway, office, guard }) => {
  test.slow();
  guard.expectTrouble();
  const console = await portal.enter();
  const key = (await gateway.keys()).find((it) => it.title.trim() !== '');
  await console.list.newKey.click();
  await console.create.form.title.fill(`After ${key.id}`);
  await console.create.form.limit.fill('5');
  await console.create.form.licence('VM').check();
  await portal.callback.selectOption('signed-out');
  await gateway.expireTokens();
  await console.create.send.click();
  const over = console.page.getByRole('dialog', { name: t('embed.signed_out'), exact: true });
  await expect(over).toBeVisible();
  await expect(over).toContainText(t('embed.over_text'));
  for (const scheme of ['light', 'dark']) {
    await portal.scheme.selectOption(scheme);
    expect(await violations(console.page), scheme).toEqual([]);
  }
  // It stays until there is a token; then the same key is made.
  await page.keyboard.press('Escape');
  await expect(over).toBeVisible();
  await portal.callback.selectOption('answers');
  await over.getByRole('button', { name: t('embed.ask_again'), exact: true }).click();
  await expect(over).toBeHidden();
  await expect(console.create.done).toBeVisible();
  expect((await gateway.keys()).filter((it) => it.title === `After ${key.id}`)).toHaveLength(1);
  expect(office.tokens.length).toBe(2);
});

test('what the console begins with is told, and ready is said once', async ({ page, gateway, office, guard }) => {
  guard.expectTrouble();
  guard.expectSelfCheck();
  const welcome = { route: '/?page=2&foreign=1' };
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/`, welcome, token: await gateway.token() }));
  await console.list.shows(26, 30, 30);
  await expect.poll(async () => (await heard(page, 'route')).map((it) => it.route)).toEqual(['/?page=2']);

  await console.list.newKey.click();
  await console.create.form.title.fill('Half done');
  await expect.poll(async () => (await heard(page, 'dirty')).map((it) => it.dirty)).toEqual([true]);
  const question = console.page.getByRole('dialog', { name: t('embed.visit_title'), exact: true });
  await page.evaluate(() => say({ type: 'route', route: '/' }));
  await expect(question).toBeVisible();
  // A portal that repeats what it was told wants to stay, and nobody has to be asked.
  await page.evaluate(() => say({ type: 'route', route: '/?page=2' }));
  await expect(question).toBeHidden();
  await expect(console.create.form.title).toHaveValue('Half done');
  await page.evaluate(() => say({ type: 'route', route: '/' }));
  await question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
  await expect.poll(async () => (await heard(page, 'dirty')).map((it) => it.dirty)).toEqual([true, false]);
  const check = new SelfCheck(console.page);
  for (let nth = 0; nth < 2; nth += 1) {
    await check.link.click();
    await expect(check.heading).toBeVisible();
    await check.back.click();
    await console.list.loaded();
  }
  expect((await heard(page, 'ready')).length).toBe(1);
  expect((await heard(page, 'dirty')).map((it) => it.dirty)).toEqual([true, false]);
});

test('a route that is too long for a message is told without its query', async ({ page, gateway, office }) => {
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/`, welcome: { connection: 'qualys-gateway' }, token: await gateway.token() }));
  await console.list.shows(1, 25, 30);
  await page.evaluate(() => say({ type: 'route', route: '/?connection=qualys-gateway&page=2' }));
  await console.list.shows(26, 30, 30);
  const [{ id }] = await gateway.keys();
  const long = Array.from({ length: 90 }, () => `activationKey.id: ${id}`).join(' or ');
  await console.query.run(long);
  await console.list.shows(1, 1, 1);
  await expect.poll(async () => (await heard(page, 'route')).at(-1).route).toBe('/?connection=qualys-gateway');
});

test('the reader’s own sign-out is told, also after the portal signed out while the self-check was shown', async ({ page, gateway, office, guard }) => {
  guard.expectTrouble();
  guard.expectSelfCheck();
  const console = await open(page, gateway, plainPortal(office, { src: `${gateway.url}/`, welcome: {}, token: await gateway.token() }));
  await console.list.loaded();
  const check = new SelfCheck(console.page);
  await check.link.click();
  await expect(check.heading).toBeVisible();
  await page.evaluate(() => say({ type: 'sign_out' }));
  await check.back.click();
  const again = console.page.getByRole('button', { name: t('embed.ask_again'), exact: true });
  await again.click();
  await console.list.loaded();
  expect(await heard(page, 'signed_out')).toEqual([]);
  await console.signOut.click();
  await expect(again).toBeVisible();
  expect((await heard(page, 'signed_out')).map((it) => it.connection)).toEqual(['qualys-gateway']);
  expect(await heard(page, 'token_request')).toHaveLength(2);
});
