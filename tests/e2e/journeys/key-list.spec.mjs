// The list on 745 keys: pages, orders, addresses, secrets, and what it says when it has nothing to show.

import { holdClock } from '../support/clock.mjs';
import { CALLS } from '../support/control.mjs';
import { held } from '../support/hold.mjs';
import { expect, test } from '../support/test.mjs';
import { day, holding, inDays, t } from '../support/texts.mjs';

test.use({ keys: 745 });

const shown = (row) => (row.title.trim() === '' ? t('key.no_title_id', { id: `${row.id}` }) : row.title.trim().replaceAll(/\s+/g, ' '));

test('pages turn by button, by key and by size', async ({ signedIn, page }) => {
  const { list } = signedIn;
  await list.shows(1, 25, 745);
  await expect(list.first).toBeDisabled();
  await expect(list.previous).toBeDisabled();

  await list.next.click();
  await list.shows(26, 50, 745);
  await expect(page).toHaveURL(/page=2/);
  await list.last.click();
  await list.shows(726, 745, 745);
  await expect(list.openers).toHaveCount(20);
  await expect(list.next).toBeDisabled();
  await expect(list.last).toBeDisabled();
  // The focus is where it was, although the button leads nowhere now.
  await expect(list.last).toBeFocused();
  await list.previous.click();
  await list.shows(701, 725, 745);
  await list.first.click();
  await list.shows(1, 25, 745);

  await list.next.focus();
  await page.keyboard.press('End');
  await list.shows(726, 745, 745);
  await page.keyboard.press('PageUp');
  await list.shows(701, 725, 745);
  await page.keyboard.press('Home');
  await list.shows(1, 25, 745);
  await page.keyboard.press('PageDown');
  await list.shows(26, 50, 745);

  await list.size.selectOption('50');
  await list.shows(1, 50, 745);
  await list.size.selectOption('100');
  await list.shows(1, 100, 745);
  await list.size.selectOption('200');
  await list.shows(1, 200, 745);
  await expect(list.openers).toHaveCount(200);
  await list.last.click();
  await list.shows(601, 745, 745);
  await list.size.selectOption('25');
  await list.shows(601, 625, 745);
});

test('every page shows the rows of the gateway, each key once', async ({ signedIn, gateway }) => {
  const { list } = signedIn;
  await list.size.selectOption('200');
  const seen = [];
  for (const [from, to] of [[1, 200], [201, 400], [401, 600], [601, 745]]) {
    await list.shows(from, to, 745);
    seen.push(...(await list.rowTexts()));
    if (to < 745) await list.next.click();
  }
  expect(seen.length).toBe(745);
  expect(new Set(seen).size).toBe(745);
  const titles = (await gateway.keys()).map(shown);
  for (const title of titles) expect(seen.some((it) => it.replaceAll(/\s+/g, ' ').includes(title)), title).toBe(true);
});

for (const [column, orderBy] of [
  ['list.column_title', 'TITLE'],
  ['list.column_key', 'ACTIVATION_KEY'],
  ['list.column_state', 'STATUS'],
  ['list.column_used', 'AGENTS'],
  ['list.column_created', 'CREATED_ON'],
  ['list.column_expires', 'EXPIRES'],
]) {
  test(`sorting by ${orderBy} shows the gateway's own order, both ways`, async ({ signedIn, gateway }) => {
    const { list } = signedIn;
    const expected = async (sortOrder, pageNumber) => {
      const page = await gateway.search({ limit: 25, orderBy, sortOrder, pageNumber });
      return page.content.map(shown);
    };
    const titles = async () => (await list.titles()).map((it) => it.replaceAll(/\s+/g, ' '));
    // The list opens by title, so one click on that head already turns it round.
    if (orderBy !== 'TITLE') await list.sortBy(column);
    await expect(list.header(column)).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(titles).toEqual(await expected('ASC', 0));
    await list.sortBy(column);
    await expect(list.header(column)).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(titles).toEqual(await expected('DSC', 0));
    await list.next.click();
    await expect.poll(titles).toEqual(await expected('DSC', 1));
    await expect(list.table.getByRole('columnheader').and(list.page.locator('[aria-sort]'))).toHaveCount(1);
  });
}

test('the address holds the state, and keeps what belongs to others', async ({ console, page }) => {
  const { list, query } = console;
  await console.open('/?portal=a%20b&flag&sort=expires&dir=desc&size=50&page=2&q=activationKey.isDisabled:+false');
  await console.signIn();
  await list.loaded();
  await expect(list.range).toHaveText(/^51–100 of \d+$/);
  await expect(list.header('list.column_expires')).toHaveAttribute('aria-sort', 'descending');
  await expect(list.size).toHaveValue('50');
  await expect(query.text).toHaveValue('activationKey.isDisabled: false');

  await list.next.click();
  await expect(list.range).toHaveText(/^101–150/);
  await list.sortBy('list.column_title');
  await expect(list.range).toHaveText(/^1–50/);
  const params = () => new URL(page.url()).searchParams;
  expect(params().get('portal')).toBe('a b');
  expect(params().has('flag')).toBe(true);

  const titles = await list.titles();
  await page.reload();
  await expect.poll(() => list.titles()).toEqual(titles);
  await page.goBack();
  await expect(list.range).toHaveText(/^101–150/);
  await page.goBack();
  await expect(list.range).toHaveText(/^51–100/);
  await page.goForward();
  await expect(list.range).toHaveText(/^101–150/);
  await expect(list.header('list.column_expires')).toHaveAttribute('aria-sort', 'descending');
  expect(params().get('portal')).toBe('a b');
  expect(params().has('flag')).toBe(true);
});

test('an address beyond the last page leads to the last page', async ({ console, page }) => {
  await console.open('/?page=99');
  await console.signIn();
  await console.list.shows(726, 745, 745);
  await expect(page).toHaveURL(/page=30/);
});

test('values are masked, shown one at a time, and hide by themselves', async ({ console, page, gateway }) => {
  await holdClock(page);
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const { list } = console;
  const [one, two] = (await gateway.search({ limit: 25, orderBy: 'TITLE', sortOrder: 'ASC' })).content.filter(
    (it) => it.title !== '',
  );
  const keys = await gateway.keys();
  const masked = await console.dom();
  for (const key of keys) expect(masked).not.toContain(key.activationKey);

  await list.reveal(one.title).click();
  await expect(list.cell(one.title, 'key')).toContainText(one.activationKey);
  await list.reveal(two.title).click();
  await expect(list.cell(two.title, 'key')).toContainText(two.activationKey);
  await expect(list.cell(one.title, 'key')).not.toContainText(one.activationKey);

  // The clock of the first reveal does not hide the second: 29 s on it still shows, at 30 s it is gone.
  await page.clock.runFor(29_000);
  await expect(list.cell(two.title, 'key')).toContainText(two.activationKey);
  await page.clock.runFor(1_500);
  await expect(list.cell(two.title, 'key')).not.toContainText(two.activationKey);
  expect(await console.dom()).not.toContain(two.activationKey);

  await list.reveal(one.title).click();
  await expect(list.cell(one.title, 'key')).toContainText(one.activationKey);
  await list.hide(one.title).click();
  await expect(list.cell(one.title, 'key')).not.toContainText(one.activationKey);

  await list.reveal(one.title).click();
  await list.next.click();
  await list.shows(26, 50, 745);
  await list.previous.click();
  await list.shows(1, 25, 745);
  expect(await console.dom()).not.toContain(one.activationKey);

  await list.reveal(one.title).click();
  await expect(list.cell(one.title, 'key')).toContainText(one.activationKey);
  await page.evaluate(() => globalThis.dispatchEvent(new Event('blur')));
  await expect(list.cell(one.title, 'key')).not.toContainText(one.activationKey);
});

test('a value is copied without being shown', async ({ signedIn, page, context, gateway }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { list } = signedIn;
  const [one] = (await gateway.search({ limit: 25, orderBy: 'TITLE', sortOrder: 'ASC' })).content.filter((it) => it.title !== '');
  await list.copyKey(one.title).click();
  await expect(list.row(one.title).getByRole('status').filter({ hasText: t('ui.copied') })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(one.activationKey);
  expect(await signedIn.dom()).not.toContain(one.activationKey);

  await list.act(one.title, 'copy_id');
  await expect(signedIn.toast(t('list.copied_id'))).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(String(one.id));
});

test('a browser that refuses the clipboard gets a field to copy from', async ({ signedIn, page, gateway }) => {
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    document.execCommand = () => false;
  });
  const [one] = (await gateway.search({ limit: 25, orderBy: 'TITLE', sortOrder: 'ASC' })).content.filter((it) => it.title !== '');
  await signedIn.list.copyKey(one.title).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(t('ui.copy_refused'));
  await expect(dialog.getByRole('textbox', { name: t('ui.copy_field') })).toHaveValue(one.activationKey);
  await dialog.getByRole('button', { name: t('ui.close') }).first().click();
  await expect(dialog).toBeHidden();
  expect(await signedIn.dom()).not.toContain(one.activationKey);
});

test.describe('one row of each kind', () => {
  test.use({ keys: 0 });

  test('state, reason, meter, licences and expiry say what is so', async ({ console, gateway }) => {
    const base = { licenses: ['VM', 'PA'], firstName: 'Ada', lastName: 'Lovelace', userName: 'demo_al' };
    await gateway.addKeys(
      { ...base, title: 'Works', countPurchased: 1000, countUsed: 250, datePurchased: '2025-03-04T05:06:07' },
      { ...base, title: 'Off', isDisabled: true, expireDate: inDays(-3) },
      { ...base, title: 'Over', expireDate: inDays(-3) },
      { ...base, title: 'Last day', expireDate: inDays(0) },
      { ...base, title: 'Soon', expireDate: inDays(7) },
      { ...base, title: 'Brimming', countPurchased: 10, countUsed: 10 },
      { ...base, title: 'Nearly', countPurchased: 10, countUsed: 9 },
      { ...base, title: '', licenses: ['GAV'] },
    );
    await console.open();
    await console.signIn();
    const { list } = console;
    await list.shows(1, 8, 8);

    const state = (title) => list.cell(title, 'state');
    await expect(state('Works')).toHaveText(t('key.state_active'));
    await expect(state('Off')).toContainText(t('key.state_disabled'));
    await expect(state('Off')).toContainText(t('list.note_disabled'));
    await expect(state('Off')).toContainText(t('list.note_expired', { when: '3 days ago' }));
    await expect(state('Over')).toContainText(t('key.state_expired'));
    await expect(state('Over')).toContainText(t('list.note_expired', { when: '3 days ago' }));
    await expect(state('Last day')).toContainText(t('key.state_active'));
    await expect(state('Last day')).toContainText(t('list.note_expires', { when: 'today' }));
    await expect(state('Soon')).toContainText(t('list.note_expires', { when: 'in 7 days' }));
    await expect(state('Brimming')).toContainText(t('key.state_full'));
    await expect(state('Brimming')).toContainText(t('list.note_full'));
    await expect(state('Nearly')).toContainText(t('key.state_active'));
    await expect(state('Nearly')).toContainText(t('list.note_nearly_full'));

    const meter = list.cell('Works', 'used').getByRole('meter', { name: t('list.agents', { title: 'Works' }) });
    await expect(meter).toHaveAttribute('aria-valuenow', '250');
    await expect(meter).toHaveAttribute('aria-valuemax', '1000');
    await expect(list.cell('Works', 'used')).toHaveText(t('key.usage', { used: 250, limit: 1000 }));
    // Unlimited is neither empty nor full: there is no meter at all.
    await expect(list.cell('Over', 'used')).toHaveText(t('key.usage_unlimited', { used: 0 }));
    await expect(list.cell('Over', 'used').getByRole('meter')).toHaveCount(0);

    await expect(list.cell('Works', 'type')).toHaveText(t('key.kind_count'));
    await expect(list.cell('Over', 'type')).toHaveText(t('key.kind_time'));
    await expect(list.cell('Works', 'licences').getByRole('listitem')).toHaveText(['VM', 'PA']);
    const blank = (await gateway.keys()).find((it) => it.title === '');
    await expect(list.cell(t('key.no_title_id', { id: `${blank.id}` }), 'licences').getByRole('listitem')).toHaveText(['GAV']);
    await expect(list.cell('Works', 'created')).toHaveText(/^4 Mar 2025 \d+ months ago$/);
    await expect(list.cell('Works', 'expires')).toHaveText(t('key.never'));
    await expect(list.cell('Soon', 'expires')).toHaveText(`${day(inDays(7))} in 7 days`);
    await expect(list.cell('Works', 'creator')).toHaveText('Ada Lovelace demo_al');
    await expect(list.cell('Works', 'created').getByTitle(/05:06 UTC/)).toBeVisible();
  });
});

test.describe('an empty account', () => {
  test.use({ keys: 0 });

  test('is not the same as no match', async ({ console }) => {
    await console.open();
    await console.signIn();
    const { list, query } = console;
    await expect(list.screen('list.empty_title')).toBeVisible();
    await expect(list.says(t('list.empty_text'))).toBeVisible();
    await expect(list.newKey).toHaveCount(2);
    await expect(list.table).toBeHidden();

    await query.run('activationKey.id: 5');
    await expect(list.screen('list.no_match_title')).toBeVisible();
    await expect(list.screen('list.empty_title')).toBeHidden();
  });
});

test('no match offers to clear the query', async ({ signedIn, page }) => {
  await signedIn.query.run('activationKey.id: 5');
  await expect(signedIn.list.screen('list.no_match_title')).toBeVisible();
  await signedIn.list.main.getByRole('status').getByRole('button', { name: t('query.clear') }).click();
  await signedIn.list.shows(1, 25, 745);
  await expect(signedIn.query.text).toHaveValue('');
  await expect(page).not.toHaveURL(/q=/);
});

test('a refresh takes new rows and leaves focus and scroll alone', async ({ signedIn, page, gateway }) => {
  const { list } = signedIn;
  await list.size.selectOption('100');
  await list.shows(1, 100, 745);
  await list.refresh.focus();
  await page.evaluate(() => globalThis.scrollTo(0, 900));
  expect(await page.evaluate(() => globalThis.scrollY)).toBeGreaterThan(500);
  // What is said above the rows may need a line; what is read stays where it is.
  const place = async () => Math.round((await list.openers.nth(30).boundingBox()).y);
  const before = await place();

  await gateway.addKey({ title: 'Newcomer' });
  await list.refresh.press('Enter');
  await list.shows(1, 100, 746);
  await expect(list.refresh).toBeFocused();
  await expect(list.says(t('age.now'))).toBeVisible();
  expect(await place()).toBe(before);
});

test('new rows leave an open menu and a focus in the rows alone', async ({ signedIn, page }) => {
  const { list } = signedIn;
  const title = (await list.titles()).find((it) => !it.startsWith(t('key.no_title')));
  const letGo = [await held(page, CALLS.search, { skip: 1 }), await held(page, CALLS.search)];
  await list.refresh.click();
  await list.opener(title).focus();
  letGo[1]();
  await expect(list.refresh).not.toHaveAttribute('aria-busy', 'true');
  await expect(list.opener(title)).toBeFocused();

  await list.refresh.click();
  await list.menu(title).click();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  letGo[0]();
  await expect(list.refresh).not.toHaveAttribute('aria-busy', 'true');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
});

test.describe('what the service cannot search', () => {
  const ASKED = 'used > 5';
  const fits = (it) => it.countUsed > 5;

  test('rows show as they come, and the line says among how many', async ({ signedIn, gateway, page }) => {
    const { list, query } = signedIn;
    await expect(list.result(t('list.result', { n: 745 }))).toBeVisible();
    const found = (await gateway.keys()).filter(fits).length;
    expect(found).toBeGreaterThan(100);
    const letGo = await held(page, CALLS.search, { skip: 1 });
    await query.run(ASKED);
    const line = list.result(holding(t('list.found_loading', { n: '#', loaded: 200, total: 745 }).split('#')[1]));
    await expect(line).toBeVisible();
    await expect(line).toHaveAttribute('aria-busy', 'true');
    await expect(list.openers).toHaveCount(25);
    const [n] = /^\d+/.exec(await line.innerText());
    expect(Number(n)).toBeLessThan(found);
    await expect(list.range).toHaveText(t('list.range_so_far', { from: 1, to: 25, total: Number(n) }));
    letGo();
    await expect(list.result(t('list.found_of_all', { n: found, total: 745 }))).toBeVisible();
    await list.shows(1, 25, found);
    await expect(line).toBeHidden();
  });

  test('the rows of the query before stay until there is a page of new ones', async ({ signedIn, gateway, page }) => {
    const { list, query } = signedIn;
    const before = await list.titles();
    const letGo = await held(page, CALLS.search);
    await query.run(ASKED);
    await expect(list.refresh).toHaveAttribute('aria-busy', 'true');
    expect(await list.titles()).toEqual(before);
    await expect(list.result(t('list.result', { n: 745 }))).toBeVisible();
    letGo();
    const found = (await gateway.keys()).filter(fits).length;
    await expect(list.result(t('list.found_of_all', { n: found, total: 745 }))).toBeVisible();
  });

  test('a failure half way keeps what came, and a retry asks for the rest alone', async ({ signedIn, gateway, guard }) => {
    guard.expectTrouble();
    const { list, query } = signedIn;
    await gateway.fault(CALLS.search, 'status', { skip: 1, status: 403, body: '{"message":"Not today"}' });
    await gateway.clearLog();
    await query.run(ASKED);
    await expect(list.says(t('list.broken_off'))).toBeVisible();
    await expect(list.result(holding(t('list.found_broken', { n: '#', loaded: 200, total: 745 }).split('#')[1]))).toBeVisible();
    await expect(list.openers).toHaveCount(25);
    await list.retry.click();
    const found = (await gateway.keys()).filter(fits).length;
    await expect(list.result(t('list.found_of_all', { n: found, total: 745 }))).toBeVisible();
    await expect(list.says(t('list.broken_off'))).toBeHidden();
    // Four answers hold all keys, and one was refused.
    expect((await gateway.logOf(CALLS.search)).length).toBe(5);
  });

  test('once all keys are there every query is answered without a call, until a refresh', async ({ signedIn, gateway }) => {
    const { list, query } = signedIn;
    await query.run(ASKED);
    const keys = await gateway.keys();
    await expect(list.result(t('list.found_of_all', { n: keys.filter(fits).length, total: 745 }))).toBeVisible();
    await gateway.clearLog();
    const disabled = keys.filter((it) => it.isDisabled).length;
    await query.run('activationKey.isDisabled: true');
    await expect(list.result(t('list.found_of_all', { n: disabled, total: 745 }))).toBeVisible();
    await list.sortBy('list.column_expires');
    await list.next.click();
    await list.shows(26, 50, disabled);
    await query.run('');
    await expect(list.result(t('list.result', { n: 745 }))).toBeVisible();
    await expect(list.says(t('age.now'))).toBeVisible();
    expect(await gateway.logOf(CALLS.search)).toEqual([]);
    await gateway.addKey({ title: 'Newcomer' });
    await list.refresh.click();
    await expect(list.result(t('list.result', { n: 746 }))).toBeVisible();
    expect((await gateway.logOf(CALLS.search)).length).toBe(1);
  });
});

test('the line above the rows counts what the service found', async ({ console, gateway }) => {
  const { list, query } = console;
  const disabled = (await gateway.keys()).filter((it) => it.isDisabled).length;
  await console.open('/?q=activationKey.isDisabled:+true');
  await console.signIn();
  await expect(list.result(t('list.found', { n: disabled }))).toBeVisible();
  await query.run('');
  await expect(list.result(t('list.result', { n: 745 }))).toBeVisible();
  await query.run('activationKey.isDisabled: true');
  await expect(list.result(t('list.found_of', { n: disabled, total: 745 }))).toBeVisible();
});

test('no page can be turned before there is one', async ({ console, page }) => {
  const letGo = await held(page, CALLS.search);
  await console.open();
  await console.signIn();
  const { list } = console;
  await expect(list.range).toHaveText(t('list.loading'));
  await expect(list.next).toBeDisabled();
  await expect(list.last).toBeDisabled();
  letGo();
  await list.shows(1, 25, 745);
  await expect(list.next).toBeEnabled();
});

test('a query runs as it is typed, and Back leads to before the typing', async ({ signedIn, gateway, page }) => {
  const { list, query } = signedIn;
  await list.sortBy('list.column_expires');
  const soonest = await gateway.search({ limit: 25, orderBy: 'EXPIRES', sortOrder: 'ASC', pageNumber: 0 });
  const titles = soonest.content.map(shown);
  const now = async () => (await list.titles()).map((it) => it.replaceAll(/\s+/g, ' '));
  await expect.poll(now).toEqual(titles);
  const words = (it) => it.title.toLowerCase().split(/[\s,\-;?@$%&/\\()[\]{}]+/);
  const keys = await gateway.keys();
  const found = (start) => keys.filter((key) => words(key).some((it) => it.startsWith(start))).length;
  await query.text.click();
  for (const [typed, start] of [['title: ha', 'ha'], ['mburg', 'hamburg']]) {
    await query.text.pressSequentially(typed);
    await expect(list.result(t('list.found_of_all', { n: found(start), total: 745 }))).toBeVisible();
  }
  await expect(page).toHaveURL(/q=title:\+hamburg/);
  await expect(query.text).toBeFocused();
  await page.goBack();
  await expect(query.text).toHaveValue('');
  await expect(list.header('list.column_expires')).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(now).toEqual(titles);
  await page.goForward();
  await expect(query.text).toHaveValue('title: hamburg');
  await expect(list.result(t('list.found_of_all', { n: found('hamburg'), total: 745 }))).toBeVisible();
});
