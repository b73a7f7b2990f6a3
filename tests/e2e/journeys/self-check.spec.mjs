// The self-check: what is served as it should be is called right, and whatever is taken away is found, with the line that
// mends it.

import { violations } from '../support/axe.mjs';
import { SelfCheck } from '../support/pages/self_check.mjs';
import { ACCOUNT, expect, test as base } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

const test = base.extend({
  check: async ({ page, gateway, guard }, use) => {
    // The page itself has the browser refuse something, and asks for files that are not there and for sign-ins it lacks.
    guard.expectSelfCheck();
    guard.expectTrouble();
    await use(new SelfCheck(page));
    await gateway.ask('DELETE', '/headers');
  },
});

/** Headers of the console's own answers, as the page names them. */
const OWN = [
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
  'X-Content-Type-Options',
  'Referrer-Policy',
  'Permissions-Policy',
  'Cross-Origin-Resource-Policy',
  'Cache-Control',
  'Vary',
];

/** Those that answers of platforms have, too. */
const PLATFORM = ['Content-Security-Policy', 'Cross-Origin-Resource-Policy', 'X-Content-Type-Options', 'Referrer-Policy', 'Cache-Control'];

const CONNECTIONS = ['Qualys gateway', 'Qualys QPS', 'Solifyn', 'Qlik Cloud'];

const HSTS = 'Strict-Transport-Security';

/** Whether the app under test is a release; only that has packed files and a file that names it. */
async function isRelease(page) {
  return (await page.locator('meta[name=latchkey-release]').count()) > 0;
}

test('a site that is served as it should be is right in everything that can be told', async ({ check, page }) => {
  await page.goto('/?check');
  await check.done();
  const { wrong, unknown, right } = await check.found();
  expect(wrong).toEqual([]);
  // Over plain HTTP on this computer there is no encryption to remember; a debug build is no release.
  const more = (await isRelease(page)) ? [] : [t('check.packed'), t('check.release')];
  expect(unknown).toEqual([HSTS, ...more]);
  expect(right).toEqual(expect.arrayContaining([...OWN, ...CONNECTIONS, ...CONNECTIONS.map((name) => t('check.platform_headers', { name }))]));
  await expect(check.finding('Solifyn')).toContainText(t('check.platform_answers'));
  await expect(check.said.filter({ hasText: t('check.none_wrong') })).toHaveCount(1);
});

for (const header of OWN) {
  test(`a site without ${header} is told so, with the line for its server`, async ({ check, gateway, page }) => {
    await gateway.ask('POST', '/headers', { remove: [header], set: { Server: 'Caddy' } });
    await page.goto('/?check');
    await check.done();
    const { wrong, unknown } = await check.found();
    const platforms = PLATFORM.includes(header) ? CONNECTIONS.map((name) => t('check.platform_headers', { name })) : [];
    expect(wrong).toEqual([header, ...platforms]);
    expect(unknown.includes(t('check.frames'))).toBe(header === 'Content-Security-Policy');

    const finding = check.finding(header);
    await expect(finding).toContainText(t('check.not_sent', { place: t('check.part_page') }));
    await expect(check.server).toHaveValue('Caddy');
    const lines = await check.lines(header);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toContain(`${header} "`);
    await check.server.selectOption('nginx');
    for (const line of await check.lines(header)) expect(line).toMatch(new RegExp(`^add_header ${header} ".*" always;`));
  });
}

test('all eight servers have lines, which can be copied', async ({ check, context, gateway, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await gateway.ask('POST', '/headers', { remove: ['Referrer-Policy'] });
  await page.goto('/?check');
  await check.done();
  await expect(check.server).toHaveAccessibleDescription(holding(t('check.server_unknown')));
  const options = await check.server.locator('option').allInnerTexts();
  expect(options).toHaveLength(8);
  for (const name of options) {
    await check.server.selectOption(name);
    for (const line of await check.lines('Referrer-Policy')) expect(line.toLowerCase(), name).toContain('referrer-policy');
  }
  await check.server.selectOption('nginx');
  const what = t('check.line_for', { what: 'Referrer-Policy', server: 'nginx', place: t('check.part_page') });
  // One line for all parts of the site that lack it.
  await check.finding('Referrer-Policy').getByRole('button', { name: t('ui.copy_what', { what }) }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('add_header Referrer-Policy "no-referrer" always;');
});

test('what is mended is right when it is checked again', async ({ check, gateway, page }) => {
  await gateway.ask('POST', '/headers', { remove: ['X-Content-Type-Options'] });
  await page.goto('/?check');
  await check.done();
  expect((await check.found()).wrong).toContain('X-Content-Type-Options');
  await gateway.ask('DELETE', '/headers');
  await check.again.click();
  await expect(check.section('check.section_wrong')).toBeHidden();
  await check.done();
  expect((await check.found()).wrong).toEqual([]);
});

test('a wrong type, a stale clock and a page in the place of a missing file are found', async ({ check, page }) => {
  await page.route('**/*_bg.wasm', async (route) => {
    if (route.request().method() !== 'HEAD') return route.fallback();
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  await page.route('**/latchkey-0000000000000000.js', async (route) => {
    const response = await route.fetch({ url: new URL('/', route.request().url()).href });
    await route.fulfill({ response });
  });
  await page.route(
    (url) => url.pathname === '/',
    async (route) => {
      if (route.request().resourceType() === 'document') return route.fallback();
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), date: new Date(Date.now() - 300_000).toUTCString() } });
    },
  );
  await page.goto('/?check');
  await check.done();
  const { wrong } = await check.found();
  expect(wrong).toEqual([t('check.types'), t('check.missing'), t('check.clock')]);
  await expect(check.finding(t('check.types'))).toContainText('application/octet-stream');
  await expect(check.finding(t('check.missing'))).toContainText(t('check.missing_page', { status: '200' }));
  await expect(check.finding(t('check.clock'))).toContainText(/\b(29\d|30[01]) seconds ahead/);
});

test('each way a connection may fail has its words', async ({ check, page }) => {
  const answers = {
    '/caui/': { status: 200, contentType: 'text/html', body: '<!doctype html><link href=latchkey-1.css>' },
    '/qps/': { status: 502, contentType: 'text/html', body: 'Bad Gateway' },
    '/v1/': { status: 200, contentType: 'application/json', body: '[]' },
    '/api/': { status: 302, headers: { location: '/login' } },
  };
  for (const [path, answer] of Object.entries(answers)) {
    await page.route((url) => url.pathname.startsWith(path), (route) => route.fulfill(answer));
  }
  await page.goto('/?check');
  await check.done();
  const says = (name, id) => expect(check.finding(name)).toContainText(t(id));
  await says('Qualys gateway', 'check.platform_not_passed');
  await says('Qualys QPS', 'check.platform_unreached');
  await says('Solifyn', 'check.platform_open');
  await says('Qlik Cloud', 'check.platform_redirected');
  expect((await check.lines('Qualys gateway')).join()).toContain('proxy_pass');
});

test('every page leads there and back, and nobody is signed out by it', async ({ check, console, gateway, page }) => {
  await console.open();
  await check.link.click();
  await check.done();
  await expect(check.heading).toBeFocused();
  await expect(page).toHaveURL('/?check');
  await check.back.click();
  await expect(console.door.heading).toBeVisible();

  await console.signIn();
  await console.list.loaded();
  await page.goto('/?connection=solifyn&portal=7');
  await check.link.click();
  await check.done();
  await expect(page).toHaveURL('/?portal=7&connection=solifyn&check');
  await page.goBack();
  await expect(console.door.heading).toBeVisible();
  await page.goForward();
  await check.done();
  await page.reload();
  await check.done();
  await page.goto('/');
  await expect(console.signOut).toBeVisible();
  await check.link.click();
  await check.done();
  await gateway.clearLog();
  await check.back.click();
  await console.list.loaded();
  expect((await gateway.log()).map((it) => it.path)).not.toContain('/auth');
});

test('it works where config.json is unusable', async ({ check, page }) => {
  await page.route('**/config.json', async (route) => {
    // As the server sends it, but for what it says. A version that the browser knows is none.
    if (route.request().headers()['if-none-match']) return route.fallback();
    const response = await route.fetch();
    await route.fulfill({ response, body: '{"connections":[' });
  });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: t('shell.config_failed') })).toBeVisible();
  await check.link.click();
  await check.done();
  const { right } = await check.found();
  expect(right).toEqual(expect.arrayContaining(['Content-Security-Policy', t('check.clock')]));
  expect(right).not.toContain('Solifyn');
});

test('the report says what was found and holds no secret', async ({ check, console, context, gateway, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await gateway.ask('POST', '/headers', { remove: ['Permissions-Policy'], set: { Server: 'nginx/1.26.3' } });
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const token = await page.evaluate(() => JSON.stringify({ ...sessionStorage }).match(/eyJ[\w.-]+/)?.[0]);
  expect(token).toBeTruthy();
  await check.link.click();
  await check.done();
  await check.copy.click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('Permissions-Policy');
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain(`[${t('check.verdict_wrong')}] Permissions-Policy`);
  expect(report).toContain('nginx/1.26.3');
  expect(report).toContain('add_header Permissions-Policy');
  for (const secret of [token, ACCOUNT.password, ACCOUNT.user]) expect(report).not.toContain(secret);
});

for (const colorScheme of ['light', 'dark']) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing, at 320 px neither', async ({ check, gateway, page }) => {
      await page.goto('/?check');
      await check.done();
      expect(await violations(page), 'all right').toEqual([]);
      await gateway.ask('POST', '/headers', { remove: OWN });
      await check.again.click();
      await expect(check.section('check.section_wrong')).toBeVisible();
      await check.done();
      expect(await violations(page), 'much wrong').toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await violations(page), 'narrow').toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(320);
    });
  });
}

test('it is done with the keyboard alone', async ({ check, console, page }) => {
  await console.open();
  await expect(console.door.heading).toBeVisible();
  await check.link.focus();
  await page.keyboard.press('Enter');
  await check.done();
  await expect(check.heading).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(check.back).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(console.door.heading).toBeVisible();
});
