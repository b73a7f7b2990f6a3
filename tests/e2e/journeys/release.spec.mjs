// A new release: noticed in time, offered once, and loaded only when nothing would be lost.

import { createServer } from 'node:http';

import { violations } from '../support/axe.mjs';
import { holdClock } from '../support/clock.mjs';
import { Bulk } from '../support/pages/bulk.mjs';
import { ExportDialog } from '../support/pages/export.mjs';
import { Releases } from '../support/release.mjs';
import { expect, test as base } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

const test = base.extend({
  /** The tab's own release is r1, and so is the newest, until the journey says otherwise. Time is in its hands. */
  releases: async ({ page }, use) => {
    const releases = new Releases(page);
    await holdClock(page);
    await releases.pretend();
    await use(releases);
  },
});

/** Marks the document, so that a page loaded anew is told from the same one. Undefined in the moment between the two. */
async function mark(page) {
  await page.evaluate(() => (globalThis.isOld = true));
  return async () => page.evaluate(() => globalThis.isOld === true).catch(() => undefined);
}

test('it is offered within a quarter of an hour, and once', async ({ releases, signedIn, page }) => {
  const isOld = await mark(page);
  await page.clock.fastForward('15:01');
  await expect.poll(() => releases.asked).toBe(1);
  await expect(releases.bar).toBeHidden();

  releases.newest = 'r2';
  await page.clock.fastForward('15:01');
  await expect(releases.bar).toContainText(t('release.stays'));
  expect(await violations(page)).toEqual([]);
  await releases.later.click();
  await expect(releases.bar).toBeHidden();

  await page.clock.fastForward('15:01');
  await expect.poll(() => releases.asked).toBe(3);
  await expect(releases.bar).toBeHidden();
  // Nor after a reload of a server that still gives the old page.
  expect(await isOld()).toBe(true);
  await page.reload();
  await signedIn.list.loaded();
  await releases.comeBack();
  await expect.poll(() => releases.asked).toBe(4);
  await expect(releases.bar).toBeHidden();

  releases.newest = 'r3';
  await releases.comeBack();
  await expect(releases.bar).toBeVisible();
});

test('a tab that comes back looks at once, and no more than once a minute', async ({ releases, signedIn, page }) => {
  await expect(signedIn.signOut).toBeVisible();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  releases.newest = 'r2';
  await releases.comeBack();
  await expect(releases.bar).toBeVisible();
  expect(releases.asked).toBe(1);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await releases.comeBack();
  await expect.poll(() => releases.asked).toBe(2);
});

test('a reload keeps where one is and who is signed in', async ({ releases, signedIn, page }) => {
  await signedIn.query.run('activationKey.isDisabled: true');
  await signedIn.list.loaded();
  const address = page.url();
  const isOld = await mark(page);
  releases.newest = 'r2';
  await releases.comeBack();
  await expect(releases.bar).toBeVisible();
  releases.own = 'r2';
  await releases.reload.click();
  await expect.poll(isOld).toBe(false);
  await signedIn.list.loaded();
  expect(page.url()).toBe(address);
  await expect(signedIn.signOut).toBeVisible();
  await releases.comeBack();
  await expect.poll(() => releases.asked).toBe(2);
  await expect(releases.bar).toBeHidden();
});

test('a form that holds something stays as it is', async ({ releases, signedIn, page }) => {
  const isOld = await mark(page);
  const { create, list } = signedIn;
  await list.newKey.click();
  await create.form.title.fill('Half written');
  releases.newest = 'r2';
  await releases.comeBack();
  await expect(page.getByText(t('release.new'))).toBeVisible();
  await expect(page.getByText(t('unsaved.form'))).toBeVisible();
  await expect(create.form.title).toHaveValue('Half written');
  expect(await isOld()).toBe(true);

  await page.keyboard.press('Escape');
  await create.question.getByRole('button', { name: t('leave.confirm') }).click();
  await expect(create.scope).toBeHidden();
  await expect(releases.reload).toBeVisible();
  await expect(releases.bar).not.toContainText(t('unsaved.form'));
});

test('changes that are carried out are waited for, and can be waited for in vain', async ({ releases, signedIn, gateway, page, guard }) => {
  guard.expectTrouble();
  const isOld = await mark(page);
  const bulk = new Bulk(signedIn);
  // Every change waits at the door until the journey opens it.
  let open;
  const door = new Promise((resolve) => (open = resolve));
  await page.route('**/caui/v1/activation-keys/manage/*', async (route) => {
    if (route.request().method() === 'PATCH') await door;
    await route.continue();
  });
  const titles = ['Held one', 'Held two'];
  await gateway.addKeys(...titles.map((title) => ({ title })));
  await bulk.list.refresh.click();
  await expect(bulk.list.opener(titles[0])).toBeVisible();
  await bulk.pick(...titles);
  const dialog = await bulk.open('disable', 2);
  await dialog.button(t('bulk.go_disable', { n: 2 })).click();
  await expect(dialog.scope).toBeHidden();

  releases.newest = 'r2';
  await releases.comeBack();
  await expect(releases.bar).toContainText(t('unsaved.changes'));
  await releases.after.click();
  await expect(releases.bar).toContainText(t('release.waits'));
  await releases.stop.click();
  await releases.after.click();
  await expect(releases.stop).toBeVisible();
  expect(await isOld()).toBe(true);
  releases.own = 'r2';
  open();
  await expect.poll(isOld, { timeout: 30_000 }).toBe(false);
  await signedIn.list.loaded();
  await expect(signedIn.signOut).toBeVisible();
});

test('a part that is gone is told, also after "later"; without a new release it is only an error', async ({ releases, signedIn, page, guard }) => {
  guard.expectTrouble();
  const isOld = await mark(page);
  await page.route('**/xlsx-*', (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'gone' }));
  const dialog = new ExportDialog(page);
  const fails = async () => {
    await dialog.show(30);
    await dialog.choose('export.kind', 'export.xlsx');
    await dialog.main('export.do', 30).click();
    await expect(dialog.says(t('export.not_loaded'))).toBeVisible();
  };
  await fails();
  await expect.poll(() => releases.asked).toBe(1);
  await expect(releases.bar).toBeHidden();
  await page.keyboard.press('Escape');

  releases.newest = 'r2';
  await releases.comeBack();
  await releases.later.click();
  await fails();
  await expect(page.getByText(t('release.missing'))).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(releases.bar).toContainText(t('release.gone'));
  await releases.later.click();
  await expect(releases.bar).toBeHidden();
  expect(await isOld()).toBe(true);
});

test('without a network nothing is said', async ({ releases, signedIn, page, context, guard }) => {
  guard.expectTrouble();
  await expect(signedIn.signOut).toBeVisible();
  await page.unroute('**/release.json');
  await context.setOffline(true);
  const failed = page.waitForEvent('requestfailed', (it) => it.url().endsWith('/release.json'));
  await releases.comeBack();
  await failed;
  await expect(releases.bar).toBeHidden();
  await context.setOffline(false);
});

test('in the frame of a portal it is the same', async ({ releases, gateway, page, guard }) => {
  guard.expectTrouble();
  const portal = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Portal</title><iframe title="console" width="800" height="600" src="${gateway.url}/"></iframe>`);
  });
  await new Promise((resolve) => portal.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${portal.address().port}`;
  guard.allowOrigin(origin);
  await gateway.ask('POST', '/headers', { portals: [origin] });
  await page.route('**/config.json', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ json: { ...(await response.json()), portals: [origin] } });
  });
  const frame = page.frameLocator('iframe');
  // A portal that may frame the console, and answers nothing: after a while the console goes on as a page by itself.
  const opened = async () => {
    await expect(frame.getByText(t('embed.greeting'))).toBeVisible();
    await page.clock.runFor(15_000);
    await expect(frame.getByRole('heading', { name: t('sign_in.title') })).toBeVisible();
  };
  try {
    await page.goto(origin);
    await opened();
    releases.newest = 'r2';
    await page.clock.fastForward('15:01');
    await expect(frame.getByText(t('release.new'))).toBeVisible();
    releases.own = 'r2';
    const before = releases.asked;
    await frame.getByRole('button', { name: t('release.reload'), exact: true }).click();
    await opened();
    await expect(frame.getByText(t('release.new'))).toBeHidden();
    await page.clock.fastForward('15:01');
    await expect.poll(() => releases.asked).toBeGreaterThan(before);
    await expect(frame.getByText(t('release.new'))).toBeHidden();
  } finally {
    await gateway.ask('DELETE', '/headers');
    portal.closeAllConnections();
    await new Promise((resolve) => portal.close(resolve));
  }
});
