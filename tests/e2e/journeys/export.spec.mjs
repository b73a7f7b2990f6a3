// Keys as files: the right keys, the right columns, no value unless it was asked for twice, and nothing that runs when the
// file is opened. The gateway's own keys are the witness, and LibreOffice is the judge of spreadsheets.

import { readFileSync, writeFileSync } from 'node:fs';

import { violations } from '../support/axe.mjs';
import { bytesOf, withOffice } from '../support/office.mjs';
import { csvRows, ExportDialog, records } from '../support/pages/export.mjs';
import { GridOf } from '../support/pages/grid.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 60 });

/** Titles that a spreadsheet would run, or take for something else. */
const HARD = ['=HYPERLINK("http://127.0.0.1:9/?x","y")', '+1+1', '-2+3', '@SUM(1,1)', '\t=1', '＝1', "'=1", "'", 'a "quoted", one', 'two\nlines', '007', 'none', '_x000D_', ' '];

/** The value as the console masks it. */
function masked(value) {
  return `${value.slice(0, 4)}••••••••${value.slice(-4)}`;
}

/** Titles by the id of their keys, as the gateway has them. */
function byId(keys, field) {
  return Object.fromEntries(keys.map((it) => [String(it.id), field(it)]));
}

async function addHard(gateway) {
  await gateway.addKeys(...HARD.map((title) => ({ title })));
  return gateway.keys();
}

test('a CSV file holds every key of the gateway, as it is, and without its value', async ({ console, gateway, page }) => {
  const keys = await addHard(gateway);
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const dialog = new ExportDialog(page);
  await dialog.show(keys.length);
  expect(await violations(page), 'the dialog').toEqual([]);
  const file = await dialog.write('csv', keys.length);
  expect(file.name).toMatch(/^[a-z0-9-]+-keys-\d{4}-\d\d-\d\d\.csv$/);
  await expect(console.toast(file.name)).toBeVisible();

  const rows = csvRows(file.path);
  expect(rows[0]).toEqual(['id', 'title', 'key', 'state', 'used', 'type', 'licences', 'created', 'expires', 'creator']);
  const got = records(rows);
  // What may run has an apostrophe before it, and nothing else has.
  const guarded = (title) => (/^'*[\t\r\n]|^[\s']*[=+\-@＝＋－＠]/.test(title) ? `'${title}` : title);
  expect(byId(got, (it) => it.title)).toEqual(byId(keys, (it) => guarded(it.title ?? '')));
  expect(byId(got, (it) => it.key)).toEqual(byId(keys, (it) => masked(it.activationKey)));
  expect(byId(got, (it) => Number(it.used))).toEqual(byId(keys, (it) => it.countUsed));
  const text = bytesOf(file.path);
  for (const key of keys) expect(text.includes(key.activationKey), 'a value in the file').toBe(false);
});

test('JSON keeps numbers and lists, and titles as they are', async ({ console, gateway, page }) => {
  const keys = await addHard(gateway);
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const dialog = new ExportDialog(page);
  await dialog.show(keys.length);
  const file = await dialog.write('json', keys.length);
  const got = JSON.parse(readFileSync(file.path, 'utf8'));
  expect(byId(got, (it) => it.title ?? '')).toEqual(byId(keys, (it) => it.title ?? ''));
  expect(got.every((it) => typeof it.used === 'number' && Array.isArray(it.licences))).toBe(true);
});

test('LibreOffice opens the spreadsheet, shows the same cells and runs none', async ({ console, gateway, page }) => {
  test.slow();
  const keys = await addHard(gateway);
  const second = [];
  page.on('request', (it) => /\/(xlsx|worker)-[0-9a-f]+\./.test(it.url()) && second.push(it.url()));
  page.on('worker', (it) => second.push(it.url()));
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const dialog = new ExportDialog(page);
  await dialog.show(keys.length);
  const csv = await dialog.write('csv', keys.length);
  expect(second, 'loaded before a spreadsheet was asked for').toEqual([]);

  await dialog.show(keys.length);
  const xlsx = await dialog.write('xlsx', keys.length);
  expect(second.some((it) => it.includes('/worker-'))).toBe(true);
  const opened = withOffice(xlsx.path, 'xlsx', csvRows);
  const formulas = withOffice(xlsx.path, 'xlsx', csvRows, true);
  expect(formulas, 'a cell is a formula').toEqual(opened);

  const titles = byId(records(opened), (it) => it.title);
  expect(titles).toEqual(byId(keys, (it) => it.title ?? ''));
  // All other cells are those of the CSV file.
  const others = (rows) => rows.map((row) => row.filter((_, idx) => idx !== 1));
  expect(others(opened)).toEqual(others(csvRows(csv.path)));
  // And the CSV file runs nothing either; one that does is told apart.
  const running = test.info().outputPath('running.csv');
  writeFileSync(running, 'a\r\n=1+1\r\n');
  expect(withOffice(running, 'csv', csvRows)).not.toEqual(withOffice(running, 'csv', csvRows, true));
  const plain = withOffice(csv.path, 'csv', csvRows);
  expect(withOffice(csv.path, 'csv', csvRows, true)).toEqual(plain);
});

test('values are written only after a second step that says what it means', async ({ signedIn, gateway, page, canary }) => {
  canary.allows('download', 'the reader asks for the values, twice');
  const keys = await gateway.keys();
  const dialog = new ExportDialog(page);
  await dialog.show(60);
  await dialog.values.check();
  await dialog.next.click();
  await expect(dialog.says(t('export.sure_values'))).toBeVisible();
  expect(await violations(page), 'the second step').toEqual([]);
  await dialog.back.click();
  await dialog.counts(60);
  await dialog.next.click();
  const file = await dialog.saved(dialog.main('export.do_values', 60));
  expect(file.name).toContain('with-values');
  expect(byId(records(csvRows(file.path)), (it) => it.key)).toEqual(byId(keys, (it) => it.activationKey));
  // Neither the page nor the tab keeps any of them.
  const kept = (await signedIn.dom()) + (await signedIn.storage());
  for (const key of keys) expect(kept.includes(key.activationKey)).toBe(false);
});

test('a page, and what a query finds, are other files', async ({ console, gateway, page }) => {
  const disabled = (await gateway.keys()).filter((it) => it.isDisabled);
  await console.open('/?size=25');
  await console.signIn();
  await console.list.loaded();
  const dialog = new ExportDialog(page);
  await dialog.show(60);
  await dialog.choose('export.which', 'export.page');
  await dialog.counts(25);
  const first = await dialog.write('csv', 25);
  expect(csvRows(first.path).length).toBe(26);

  await console.query.text.fill('activationKey.isDisabled: true');
  await console.query.text.press('Enter');
  await expect(page).toHaveURL(/q=/);
  await dialog.show(disabled.length);
  const found = await dialog.write('csv', disabled.length);
  expect(records(csvRows(found.path)).map((it) => it.id).sort()).toEqual(disabled.map((it) => String(it.id)).sort());
});

test('the selection is written, over pages, and what is gone of it is said', async ({ signedIn, gateway, page }) => {
  const { list } = signedIn;
  const grid = new GridOf(list);
  const idOf = async (row) => {
    const all = (await gateway.search({ limit: 60, orderBy: 'TITLE', sortOrder: 'ASC' })).content;
    return String(all[row].id);
  };
  const box = (row) => grid.row(row + 2).getByRole('checkbox');
  await box(3).check();
  await box(5).check();
  await list.next.click();
  await list.shows(26, 50, 60);
  await box(25).check();
  const picked = [await idOf(3), await idOf(5), await idOf(25)];

  const dialog = new ExportDialog(page);
  await dialog.show(60);
  await dialog.dialog.getByRole('radio', { name: t('export.selected', { n: 3 }), exact: true }).check();
  await dialog.counts(3);
  const file = await dialog.write('csv', 3);
  expect(records(csvRows(file.path)).map((it) => it.id).sort()).toEqual(picked.sort());

  // A key with agents cannot be deleted.
  await gateway.patchKey(picked[0], { activeAgents: 0, countUsed: 0 });
  await gateway.deleteKey(picked[0]);
  await list.refresh.click();
  await list.shows(26, 50, 59);
  await dialog.show(59);
  await dialog.dialog.getByRole('radio', { name: t('export.selected', { n: 3 }), exact: true }).check();
  await dialog.counts(2);
  await expect(dialog.says(t('export.gone', { n: 1 }))).toBeVisible();

  // The bar of what is picked begins with the selection.
  await page.keyboard.press('Escape');
  await list.main.getByRole('button', { name: t('export.open_picked'), exact: true }).click();
  await expect(dialog.dialog.getByRole('radio', { name: t('export.selected', { n: 3 }), exact: true })).toBeChecked();
  await dialog.counts(2);
});

test('columns are chosen and put in order with the keyboard alone, and what the list does not tell is said', async ({ signedIn, page }) => {
  const dialog = new ExportDialog(page);
  await expect(signedIn.list.heading).toBeVisible();
  await dialog.open.focus();
  await page.keyboard.press('Enter');
  await dialog.counts(60);
  // The title goes before the id.
  const up = dialog.dialog.getByRole('button', { name: t('export.up', { column: t('key.field_title') }), exact: true });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(dialog.says(t('export.moved', { column: t('key.field_title'), place: '1' }))).toBeAttached();
  const down = dialog.dialog.getByRole('button', { name: t('export.down', { column: t('key.field_title') }), exact: true });
  await expect(down).toBeFocused();
  await dialog.column(t('key.field_tags'), 'tags').focus();
  await page.keyboard.press('Space');
  await expect(dialog.says(t('export.untold', { fields: t('key.field_tags') }))).toBeVisible();
  await dialog.column(t('key.field_value'), 'key').focus();
  await page.keyboard.press('Space');
  // Without that column there is no value to ask for.
  await expect(dialog.values).toBeHidden();
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await violations(page), 'at 320 px').toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const main = dialog.main('export.do', 60);
  await main.focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const [head] = csvRows(await download.path());
  expect(head.slice(0, 3)).toEqual(['title', 'id', 'state']);
  expect(head).toContain('tags');
});

test('without the second module a spreadsheet is refused in words, and CSV works', async ({ signedIn, page, guard }) => {
  guard.expectTrouble();
  await page.route(/\/xlsx-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await page.context().route(/\/xlsx-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await expect(signedIn.list.heading).toBeVisible();
  const dialog = new ExportDialog(page);
  await dialog.show(60);
  await dialog.choose('export.kind', 'export.xlsx');
  await dialog.main('export.do', 60).click();
  await expect(dialog.says(t('export.not_loaded'))).toBeVisible();
  expect(await violations(page), 'not loaded').toEqual([]);
  await dialog.write('csv', 60);
});

test.describe('more keys than a page holds', () => {
  test.use({ keys: 5_000 });

  test('all of them are loaded, counted and written, whatever page is shown', async ({ console, gateway, page }) => {
    test.slow();
    const keys = await gateway.keys();
    await console.open('/?size=50&page=3');
    await console.signIn();
    await console.list.loaded();
    const dialog = new ExportDialog(page);
    // As many calls as the service's pages need.
    await dialog.show(5_000, 60_000);
    const file = await dialog.write('csv', 5_000);
    const ids = records(csvRows(file.path)).map((it) => it.id);
    expect(new Set(ids).size).toBe(5_000);
    expect(ids.sort()).toEqual(keys.map((it) => String(it.id)).sort());
  });
});

test.describe('more keys than can be reached', () => {
  test.use({ keys: 745, switches: { paging: 'ignored', 'max-limit': 50 } });

  test('the file is not written as if it were all', async ({ console, page, guard }) => {
    guard.expectTrouble();
    await console.open();
    await console.signIn();
    await console.list.loaded();
    const dialog = new ExportDialog(page);
    await dialog.open.click();
    await expect(dialog.says(t('export.short_title'))).toBeVisible({ timeout: 20_000 });
    await dialog.next.click();
    await expect(dialog.says(t('export.short')).last()).toBeVisible();
    const file = await dialog.saved(dialog.dialog.getByRole('button', { name: /all the same$/ }));
    expect(file.name).toContain('incomplete');
    expect(csvRows(file.path).length).toBeLessThan(745);
  });
});
