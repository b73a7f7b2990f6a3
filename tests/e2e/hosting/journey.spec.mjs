// The console in a browser, behind nginx, under a path of its own, over TLS, with its policy in force.

import { Canary } from '../support/canary/canary.mjs';
import { Guard } from '../support/guard.mjs';
import { BASE_PATH, expect, REPORTS, test as base } from '../support/hosting/test.mjs';
import { Console } from '../support/pages.mjs';
import { MAIN_JOB_KEYS, mainJob } from '../support/stories/main_job.mjs';
import { ACCOUNT } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

const test = base.extend({
  /** The console on nginx, with fresh keys behind it. */
  site: async ({ hosted, platform, upstream }, use) => {
    await platform.gateway.reset(MAIN_JOB_KEYS);
    expect(upstream.arrivals).toEqual([]);
    await use(await hosted('nginx'));
  },

  baseURL: async ({ site }, use) => use(site.origin + site.base),

  /** As in every journey; and no call leaves the console's own path. */
  guard: async ({ site }, use) => {
    const guard = new Guard((site.origin + site.base).slice(0, -1), [ACCOUNT.password]);
    await use(guard);
    expect(guard.findings(), 'what must never happen').toEqual([]);
  },

  /** As in every journey; and the log of the web server is searched, too. */
  canary: async ({ site, platform }, use) => {
    const said = () => site.log() + site.words();
    const canary = new Canary(platform.gateway, { origin: site.origin, words: said });
    await use(canary);
    expect(site.log(), 'the log of the server').toContain(site.api);
    expect(await canary.findings(), 'secrets where none may be').toEqual([]);
  },

  context: async ({ context, guard, canary }, use) => {
    await guard.watch(context);
    await canary.watch(context);
    await use(context);
    await canary.collect(context);
  },

  console: async ({ page, platform }, use) => use(new Console(page, platform.gateway)),
});

const reports = (upstream) => upstream.arrivals.filter((it) => it.path === REPORTS).map((it) => it.body.toString());

test('the main job through nginx, without one violation of the policy', async ({ console, page, context, platform, upstream, site }) => {
  const answers = [];
  page.on('response', (it) => answers.push(it));
  await mainJob({ console, page, context, gateway: platform.gateway });

  expect(new URL(page.url()).pathname).toBe(site.base);
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true]);
  const policies = await Promise.all(answers.map((it) => it.headerValue('content-security-policy')));
  expect(policies.length).toBeGreaterThan(10);
  expect(policies.filter((it) => !it?.startsWith("default-src 'none'; "))).toEqual([]);
  expect(reports(upstream)).toEqual([]);
  // The calls went over the proxy, and each had its credential.
  const calls = upstream.arrivals.filter((it) => it.path.startsWith(`${BASE_PATH}caui/`));
  expect(calls.length).toBeGreaterThan(8);
  expect(calls.filter((it) => !it.headers.authorization?.startsWith('Bearer '))).toEqual([]);
});

test('a platform that cannot be verified is an error that says so, and no data', async ({ console, page, guard, upstream, certificates }) => {
  guard.expectTrouble();
  await console.open();
  await console.signIn();
  await console.list.shows(1, 25, MAIN_JOB_KEYS);
  upstream.forget();
  upstream.show(certificates.stranger);
  await page.reload();
  await expect(page.getByText(t('error.server')).first()).toBeVisible();
  await expect(page.getByText(t('error.status', { status: '502' })).first()).toBeVisible();
  expect(upstream.arrivals).toEqual([]);
});

test('an inline script in the page does not run, and is reported', async ({ browser, hostedFor, upstream }) => {
  // Without the policy that the page itself carries, so that the one of the server is alone.
  const change = (html) => {
    const bare = html.replace(/<meta[^>]*content-security-policy[^>]*>/i, '');
    expect(bare).not.toBe(html);
    // A release has lost its head tag to the minifier.
    const planted = bare.replace(/<title/i, '<script>globalThis.planted = 1</script>$&');
    expect(planted).not.toBe(bare);
    return planted;
  };
  const site = await hostedFor('nginx', { change });
  upstream.own.set(REPORTS, { status: 204, headers: {}, body: '' });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.origin + site.base);
  await expect(page.getByRole('heading', { name: t('sign_in.title') }).first()).toBeVisible();
  expect(await page.evaluate(() => [document.scripts[0].textContent, globalThis.planted])).toEqual(['globalThis.planted = 1', undefined]);
  await expect.poll(() => reports(upstream).length).toBe(1);
  expect(JSON.parse(reports(upstream)[0])['csp-report']).toMatchObject({ 'effective-directive': 'script-src-elem', 'blocked-uri': 'inline' });
  await context.close();
});
