// Saved queries: kept in the browser, shared by link and by file, never with a key's value. By keyboard alone.

import { violations } from '../support/axe.mjs';
import { holdClock } from '../support/clock.mjs';
import { Console } from '../support/pages.mjs';
import { SavedQueries } from '../support/pages/saved_queries.mjs';
import { expect, test } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

test.use({ keys: 60 });

const DISABLED = 'activationKey.isDisabled: true';
const ENABLED = 'activationKey.isDisabled: false';
const LARGE = 'activationKey.countPurchased > 100';

/** Types a query and runs it with Enter. */
async function run(console, query) {
  await console.query.text.fill(query);
  await console.query.text.press('Enter');
  await expect(console.page).toHaveURL(/q=/);
}

/** Three saved queries, with the dialog open. */
async function saveThree(console) {
  const saved = new SavedQueries(console.page);
  for (const [name, query] of [['Off', DISABLED], ['On', ENABLED], ['Large', LARGE]]) {
    await console.query.text.fill(query);
    await saved.show();
    await saved.saveAs(name);
    if (name !== 'Large') await saved.hide();
  }
  await saved.shows(['Off', 'On', 'Large']);
  return saved;
}

/** How many of the gateway's keys fit. */
async function total(gateway, fits) {
  return (await gateway.keys()).filter(fits).length;
}

test('a query is saved, run, changed and updated', async ({ signedIn, page, gateway }) => {
  const saved = new SavedQueries(page);
  await saved.show();
  await expect(saved.says(t('saved.blank'))).toBeVisible();
  await expect(saved.says(t('saved.none'))).toBeVisible();
  expect(await violations(page), 'nothing saved').toEqual([]);
  await saved.hide();

  await run(signedIn, DISABLED);
  await saved.show();
  // A name is needed.
  await saved.save.press('Enter');
  await expect(saved.name).toHaveAccessibleDescription(holding(t('saved.wrong_name')));
  await expect(saved.name).toBeFocused();
  await saved.saveAs('Off');
  await expect(saved.says(t('saved.same', { name: 'Off' }))).toBeVisible();
  await expect(saved.row('Off')).toContainText(DISABLED);
  await saved.hide();

  await signedIn.query.text.fill('');
  await signedIn.query.text.press('Enter');
  await signedIn.list.shows(1, 25, 60);
  await saved.show();
  await saved.run('Off').press('Enter');
  await expect(saved.dialog).toBeHidden();
  await expect(signedIn.query.text).toHaveValue(DISABLED);
  const off = await total(gateway, (it) => it.isDisabled);
  await signedIn.list.shows(1, Math.min(25, off), off);

  await run(signedIn, `${DISABLED} AND ${LARGE}`);
  await expect(saved.note(t('saved.changed', { name: 'Off' }))).toBeVisible();
  expect(await violations(page), 'changed').toEqual([]);
  await saved.box.getByRole('button', { name: t('saved.update', { name: 'Off' }), exact: true }).press('Enter');
  await expect(saved.note(t('saved.changed', { name: 'Off' }))).toBeHidden();
  await page.reload();
  await saved.show();
  await expect(saved.row('Off')).toContainText(`${DISABLED} AND ${LARGE}`);
});

test('a name that is taken asks, and a query with errors is not saved', async ({ signedIn, page }) => {
  const saved = await saveThree(signedIn);
  await saved.hide();
  await signedIn.query.text.fill(`${LARGE} AND ${ENABLED}`);
  await saved.show();
  await saved.name.fill('off');
  await saved.name.press('Enter');
  await expect(saved.says(t('saved.taken', { name: 'Off' }))).toBeVisible();
  const replace = saved.button('saved.replace', { name: 'Off' });
  await expect(replace).toBeFocused();
  expect(await violations(page), 'asked').toEqual([]);
  await saved.button('ui.cancel').press('Enter');
  await expect(saved.row('Off')).toContainText(DISABLED);
  await saved.name.press('Enter');
  await expect(replace).toBeFocused();
  await replace.press('Enter');
  await expect(saved.row('Off')).toContainText(`${LARGE} AND ${ENABLED}`);
  await saved.shows(['Off', 'On', 'Large']);
  await saved.hide();

  await signedIn.query.text.fill('activationKey.isDisabled: (');
  await saved.show();
  await expect(saved.save).toBeHidden();
  await expect(saved.says(holding(t('saved.cannot', { why: '' })))).toBeVisible();
});

test('queries are ordered, renamed, deleted and brought back', async ({ signedIn, page }) => {
  const saved = await saveThree(signedIn);
  expect(await violations(page), 'three').toEqual([]);
  await saved.run('Large').press('Alt+ArrowUp');
  await expect(saved.run('Large')).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(saved.says(t('saved.moved', { name: 'Large', place: '1', all: '3' }))).toBeVisible();
  await expect(saved.run('Large')).toBeFocused();
  await saved.shows(['Large', 'Off', 'On']);
  // At the end there is no further.
  await page.keyboard.press('Alt+ArrowUp');
  await saved.shows(['Large', 'Off', 'On']);
  await expect(saved.up('Large')).toHaveAttribute('aria-disabled', 'true');
  await saved.up('On').press('Enter');
  await expect(saved.up('On')).toBeFocused();
  await saved.shows(['Large', 'On', 'Off']);

  await saved.act('On', 'saved.rename');
  const field = saved.dialog.getByRole('textbox', { name: t('saved.new_name', { name: 'On' }), exact: true });
  await expect(field).toBeFocused();
  expect(await violations(page), 'renaming').toEqual([]);
  await field.fill('large');
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription(holding(t('saved.taken', { name: 'large' })));
  await field.press('Escape');
  await expect(saved.dialog).toBeVisible();
  await expect(saved.more('On')).toBeFocused();
  await saved.act('On', 'saved.rename');
  await field.fill('Switched on');
  await field.press('Enter');
  await expect(saved.more('Switched on')).toBeFocused();
  await saved.shows(['Large', 'Switched on', 'Off']);

  await saved.act('Switched on', 'saved.remove');
  await expect(saved.undo).toBeFocused();
  expect(await violations(page), 'deleted').toEqual([]);
  await saved.shows(['Large', 'Off']);
  await saved.undo.press('Enter');
  await expect(saved.says(t('saved.restored', { name: 'Switched on' }))).toBeVisible();
  await saved.shows(['Large', 'Switched on', 'Off']);

  // After the dialog has closed, the way back is on the page.
  await saved.act('Off', 'saved.remove');
  await expect(saved.undo).toBeFocused();
  await saved.hide();
  await signedIn.notifications.getByRole('button', { name: t('saved.undo'), exact: true }).press('Enter');
  await saved.show();
  await saved.shows(['Large', 'Switched on', 'Off']);
});

test('the list opens with the default query, says so, and lets it go', async ({ signedIn, page, gateway }) => {
  const saved = await saveThree(signedIn);
  await saved.act('Off', 'saved.default_on');
  await expect(saved.row('Off')).toContainText(t('saved.is_default'));
  await saved.hide();

  const off = await total(gateway, (it) => it.isDisabled);
  await gateway.clearLog();
  await page.goto('/');
  await signedIn.list.shows(1, Math.min(25, off), off);
  await expect(signedIn.query.text).toHaveValue(DISABLED);
  await expect(saved.note(t('saved.default_note', { name: 'Off' }))).toBeVisible();
  await expect(page).toHaveURL(/q=/);
  expect(await violations(page), 'default').toEqual([]);

  await saved.showAll.press('Enter');
  await signedIn.list.shows(1, 25, 60);
  await expect(saved.note(t('saved.default_note', { name: 'Off' }))).toBeHidden();
  await expect(page).not.toHaveURL(/q=/);

  // An address that says what to show is shown.
  await page.goto(`/?q=${encodeURIComponent(ENABLED)}`);
  await expect(signedIn.query.text).toHaveValue(ENABLED);
  await page.goto('/?size=50');
  await signedIn.list.shows(1, 50, 60);

  await saved.show();
  await saved.act('Off', 'saved.default_off');
  await saved.hide();
  await page.goto('/');
  await signedIn.list.shows(1, 25, 60);
});

test('a link opens elsewhere what it was copied for', async ({ signedIn, page, context, anotherConsole, gateway }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const saved = await saveThree(signedIn);
  await saved.link('Off').press('Enter');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain('q=');
  const link = await copied();
  expect(link.startsWith(`${gateway.url}/`)).toBe(true);

  const other = await anotherConsole();
  await other.open(link);
  await other.signIn();
  await expect(other.query.text).toHaveValue(DISABLED);
  const off = await total(gateway, (it) => it.isDisabled);
  await other.list.shows(1, Math.min(25, off), off);
});

test('export, clear, import: all is as it was', async ({ signedIn, page }) => {
  const saved = await saveThree(signedIn);
  await saved.act('On', 'saved.default_on');
  const file = await saved.exported();
  expect(JSON.parse(file)).toEqual({
    format: 'latchkey-queries',
    version: 1,
    system: 'qualys-gateway',
    queries: [
      { name: 'Off', query: DISABLED },
      { name: 'On', query: ENABLED, default: true },
      { name: 'Large', query: LARGE },
    ],
  });
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await saved.show();
  await expect(saved.says(t('saved.none'))).toBeVisible();
  await saved.import(file);
  await expect(saved.says(t('saved.imported', { n: 3 }))).toBeVisible();
  await saved.shows(['Off', 'On', 'Large']);
  await expect(saved.row('On')).toContainText(t('saved.is_default'));
  expect(await violations(page), 'imported').toEqual([]);

  // A second time: nothing twice, and it is told. Other files and broken ones change nothing.
  await saved.import(file);
  await expect(saved.says(t('saved.import_same', { name: 'Off', known: 'Off' }))).toBeVisible();
  const bad = JSON.parse(file);
  bad.queries.push({ name: 'Broken', query: 'title: (' });
  await saved.import(JSON.stringify(bad));
  await expect(saved.dialog.getByRole('alert')).toContainText(t('saved.import_refused'));
  await expect(saved.dialog.getByRole('alert')).toContainText('“Broken”');
  expect(await violations(page), 'refused').toEqual([]);
  await saved.import(JSON.stringify({ ...bad, system: 'solifyn' }));
  await expect(saved.says(t('saved.file_system', { system: t('solifyn.name') }))).toBeVisible();
  await saved.import('{');
  await expect(saved.dialog.getByRole('alert')).toContainText(t('saved.file_not_json', { line: '1', column: '1' }));
  await saved.shows(['Off', 'On', 'Large']);
});

test('no saved, shared or recent query holds a key value', async ({ signedIn, page, context, gateway, canary }) => {
  canary.allows('page', 'the reader types the value into the query');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const saved = new SavedQueries(page);
  const [{ activationKey: value, id }] = await gateway.keys();
  const query = `activationKey: ${value} OR activationKey.id: ${id}`;
  const clean = `activationKey: \`‹removed›\` OR activationKey.id: ${id}`;
  await signedIn.query.text.fill(query);
  await signedIn.query.text.press('Enter');
  await signedIn.list.shows(1, 1, 1);
  await saved.show();
  await expect(saved.says(t('saved.will_redact'))).toBeVisible();
  expect(await violations(page), 'warning').toEqual([]);
  await saved.copyLink.press('Enter');
  await expect(saved.says(t('saved.link_redacted'))).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).searchParams.get('q')).toBe(clean);

  await saved.saveAs('Mine');
  await expect(saved.says(t('saved.redacted'))).toBeVisible();
  await expect(saved.row('Mine')).toContainText(clean);
  await expect(saved.row('Mine')).toContainText(t('saved.is_redacted'));
  await saved.link('Mine').press('Enter');
  await expect(saved.says(t('saved.link_redacted'))).toBeVisible();
  expect(await saved.exported()).not.toContain(value);
  // A name is no place for one either.
  await saved.name.fill(value);
  await saved.name.press('Enter');
  await expect(saved.name).toHaveAccessibleDescription(holding(t('saved.wrong_name_value')));
  await saved.name.fill('');
  // It finds nothing, so the list cannot open with it.
  await saved.more('Mine').press('Enter');
  await expect(page.getByRole('menuitem', { name: t('saved.rename') })).toBeFocused();
  await expect(page.getByRole('menuitem', { name: t('saved.default_on') })).toBeHidden();
  await page.keyboard.press('Escape');

  const file = { format: 'latchkey-queries', version: 1, system: 'qualys-gateway', queries: [{ name: 'Theirs', query: `activationKey: ${value}` }] };
  await saved.import(JSON.stringify(file));
  await expect(saved.says(t('saved.import_redacted', { name: 'Theirs' }))).toBeVisible();
  expect(await saved.stored()).not.toContain(value);
  expect(await signedIn.storage()).not.toContain(value);
  await expect(saved.says(t('saved.recent'))).toBeHidden();

  await saved.run('Theirs').press('Enter');
  await expect(signedIn.list.screen('list.no_match_title')).toBeVisible();
});

test('two tabs save at once, and nothing is lost', async ({ signedIn, context, gateway }) => {
  const saved = await saveThree(signedIn);
  // A tab of its own has the session of none, so it signs in.
  const second = await context.newPage();
  const theirs = new SavedQueries(second);
  await second.goto('/');
  const other = new Console(second, gateway);
  await other.signIn();
  await other.list.loaded();
  await other.query.text.fill('activationKey.id: 7');
  await theirs.show();
  await theirs.shows(['Off', 'On', 'Large']);
  await theirs.saveAs('Seven');
  await expect(saved.run('Seven')).toBeVisible();

  await saved.act('Off', 'saved.remove');
  await expect(theirs.run('Off')).toBeHidden();
  // As if the other tab had written without having seen what was saved here.
  await second.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('latchkey.queries'));
    const set = kept.sets['qualys-gateway'];
    set.queries = set.queries.filter((it) => it.name !== 'Large');
    const on = set.queries.find((it) => it.name === 'On');
    Object.assign(on, { name: 'On there', changed: on.changed + 60_000 });
    localStorage.setItem('latchkey.queries', JSON.stringify(kept));
  });
  await expect(saved.run('On there')).toBeVisible();
  await saved.shows(['On there', 'Seven', 'Large']);
  await second.close();
});

test('what is no file of ours in local storage is told, and another version is left alone', async ({ signedIn, page }) => {
  const saved = new SavedQueries(page);
  await page.evaluate(() => localStorage.setItem('latchkey.queries', '{broken'));
  await page.reload();
  await saved.show();
  await expect(saved.says(t('saved.unreadable'))).toBeVisible();
  await saved.hide();

  const later = '{"version":2,"everything":"else"}';
  await page.evaluate((it) => localStorage.setItem('latchkey.queries', it), later);
  await page.reload();
  await signedIn.query.text.fill(DISABLED);
  await saved.show();
  await expect(saved.says(t('saved.other_version'))).toBeVisible();
  expect(await violations(page), 'another version').toEqual([]);
  await saved.saveAs('Off');
  await saved.shows(['Off']);
  expect(await saved.stored()).toBe(later);
});

test('where the browser keeps nothing, it works until the page goes, and says so', async ({ console, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const saved = new SavedQueries(page);
  await console.query.text.fill(DISABLED);
  await saved.show();
  await expect(saved.says(t('saved.in_memory'))).toBeVisible();
  await saved.saveAs('Off');
  await saved.shows(['Off']);
  expect(JSON.parse(await saved.exported()).queries).toEqual([{ name: 'Off', query: DISABLED }]);
});

test('recent queries are those that were run, and leave with the last session', async ({ signedIn, page }) => {
  const saved = new SavedQueries(page);
  for (const query of [DISABLED, ENABLED, DISABLED]) await run(signedIn, query);
  await saved.show();
  await saved.openRecent();
  await expect(saved.recent.getByRole('listitem')).toHaveText([DISABLED, ENABLED]);
  expect(await violations(page), 'recent').toEqual([]);
  await saved.button('saved.run_what', { query: ENABLED }).press('Enter');
  await expect(signedIn.query.text).toHaveValue(ENABLED);
  expect(await saved.stored()).toContain(ENABLED);
  await signedIn.signOut.press('Enter');
  await expect(signedIn.door.heading).toBeVisible();
  expect(await saved.stored()).toBe(null);
});

test('a query that was not run on purpose is recent once it has stood for a while', async ({ console, page }) => {
  await holdClock(page);
  const saved = new SavedQueries(page);
  await console.open(`/?q=${encodeURIComponent(DISABLED)}`);
  await console.signIn();
  await console.list.loaded();
  await page.clock.fastForward(6_000);
  await expect.poll(() => saved.stored()).toContain(DISABLED);
});

test('the queries of all connections are a set of their own', async ({ console, page }) => {
  const connections = ['one', 'two'].map((id) => ({ id, name: id, system: 'qualys-gateway', base_url: '/' }));
  await page.route('**/config.json', (route) => route.fulfill({ json: { version: 1, connections } }));
  await console.open();
  await console.signIn();
  await console.list.loaded();
  const one = await saveThree(console);
  await one.hide();
  // What stood here when it was left counts as recent.
  await page.goto(`/?q=${encodeURIComponent(LARGE)}`);
  await expect(console.query.text).toHaveValue(LARGE);
  await console.switcher.goToAll();
  await expect.poll(async () => JSON.parse(await one.stored()).recent).toEqual({ 'qualys-gateway': [LARGE] });
  const saved = new SavedQueries(page, t('connections.all'));
  await console.query.text.fill('state: active');
  await saved.show();
  await expect(saved.says(t('saved.none'))).toBeVisible();
  await saved.saveAs('Active');
  await saved.act('Active', 'saved.default_on');
  await page.goto('/?connection=all');
  await expect(saved.note(t('saved.default_note', { name: 'Active' }))).toBeVisible();
  await expect(page).toHaveURL(/connection=all&q=state/);
});
