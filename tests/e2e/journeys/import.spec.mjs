// Many keys from a file: nothing is sent before the plan is seen, and then what the plan said and nothing else.

import { readFile } from 'node:fs/promises';

import { violations } from '../support/axe.mjs';
import { CALLS } from '../support/control.mjs';
import { Import } from '../support/pages/import.mjs';
import { expect, test } from '../support/test.mjs';
import { day, inDays, t } from '../support/texts.mjs';

test.describe.configure({ timeout: 120_000 });

/** A cell of CSV. */
const cell = (it) => (/[",\r\n;]/.test(String(it)) ? `"${String(it).replaceAll('"', '""')}"` : String(it));
const csv = (...rows) => rows.map((row) => row.map(cell).join(',')).join('\r\n');

/** A plan that was saved, as text. */
async function saved(page, press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

/** Stored keys by id, without what moves by itself. */
async function stored(gateway) {
  return new Map((await gateway.keys()).map((it) => [it.id, it]));
}

test.describe('with three keys', () => {
  test.use({ keys: 3 });

  test('200 keys are made from CSV, each once, and nothing is sent before', async ({ signedIn, page, gateway }) => {
    const rows = Array.from({ length: 200 }, (_, it) => [`Imported ${it}`, 100 + it, inDays(90), 'VM; PM']);
    const before = await stored(gateway);
    await gateway.clearLog();
    const screen = new Import(page);
    await screen.planOf('new.csv', csv(['Title', 'Limit', 'Expires', 'Licences'], ...rows));
    await expect(screen.kind('import_keys.create', 200)).toBeVisible();
    expect(await gateway.writes()).toEqual([]);

    await screen.apply(200);
    await expect(screen.over(200)).toBeVisible({ timeout: 90_000 });
    const made = [...(await stored(gateway)).values()].filter((it) => !before.has(it.id));
    expect(made.length).toBe(200);
    const wanted = new Map(rows.map((it) => [it[0], it]));
    for (const key of made) {
      const [, limit, expires] = wanted.get(key.title) ?? [];
      expect([key.countPurchased, key.expireDate, [...key.licenses].sort()]).toEqual([limit, expires, ['PM', 'VM']]);
      wanted.delete(key.title);
    }
    expect(wanted.size).toBe(0);
    expect((await gateway.writes()).length).toBe(200);
    await expect(signedIn.list.opener('Imported 0')).toBeVisible();
  });

  test('every refused cell is named with its reason, and saved with it', async ({ signedIn, page, gateway }) => {
    const used = await gateway.addKey({ title: 'In use', countUsed: 40, countPurchased: 100 });
    await gateway.addKeys({ title: 'Twin' }, { title: 'Twin' });
    await signedIn.list.refresh.click();
    const screen = new Import(page);
    await screen.planOf(
      'wrong.csv',
      csv(
        ['id', 'title', 'limit', 'expires', 'Remark'],
        [used.id, 'In use', 30, '2020-01-01', 'a'],
        ['', 'New', 'many', 'soon', ''],
        [999999999, 'Gone', 5, '', ''],
        ['', 'in USE', 5, '', ''],
        ['', 'Fine', 5, '', ''],
      ),
    );
    await expect(screen.kind('import_keys.refused', 4)).toHaveAttribute('aria-pressed', 'true');
    for (const [line, ...texts] of [
      [2, t('import_keys.at_cell', { column: 'limit', stands: '30', why: t('form.not_above_used', { n: 40 }) })],
      [2, t('import_keys.at_cell', { column: 'expires', stands: '2020-01-01', why: t('form.in_the_past') })],
      [3, t('import_keys.at_cell', { column: 'limit', stands: 'many', why: t('form.not_a_number') })],
      [3, t('import_keys.at_cell', { column: 'expires', stands: 'soon', why: t('form.not_a_date') })],
      [4, t('import_keys.at_cell', { column: 'id', stands: '999999999', why: t('import_keys.why_unknown') })],
      [5, t('import_keys.why_title_used', { ids: String(used.id) })],
    ]) {
      for (const text of texts) await expect(screen.row(line)).toContainText(text);
    }
    const file = await saved(page, () => screen.button('import_keys.save_refused').click());
    expect(file.name).toMatch(/^latchkey-refused-.*\.csv$/);
    const lines = file.text.replace('\ufeff', '').trim().split('\r\n');
    expect(lines.length).toBe(5);
    expect(lines[0]).toBe([t('import_keys.row'), t('import_keys.reasons'), 'id', 'title', 'limit', 'expires', 'Remark'].join(','));
    expect(lines[3]).toContain(t('import_keys.why_unknown'));
  });

  test('a title that several keys have names no key', async ({ signedIn, page, gateway }) => {
    const twins = await gateway.addKeys({ title: 'Twin' }, { title: 'Twin' }, { title: 'Single', countPurchased: 5 });
    await signedIn.list.refresh.click();
    const screen = new Import(page);
    await screen.open.click();
    await screen.give('titles.csv', csv(['title', 'limit'], ['Twin', 70], ['Single', 70]));
    await expect(screen.radio('import_keys.by_title')).toBeChecked();
    await expect(screen.radio('import_keys.by_id')).toBeDisabled();
    await screen.compare();
    await expect(screen.row(2)).toContainText(String(twins[0].id));
    await expect(screen.row(2)).toContainText(String(twins[1].id));
    await expect(screen.kind('import_keys.change', 1)).toBeVisible();
    await screen.apply(1);
    await expect(screen.over(1)).toBeVisible({ timeout: 30_000 });
    const after = await stored(gateway);
    expect(twins.map((it) => after.get(it.id).countPurchased)).toEqual([twins[0].countPurchased, twins[1].countPurchased, 70]);
  });

  test('a key that changed behind the plan is left alone, and the others go on', async ({ signedIn, page, gateway }) => {
    const keys = await gateway.addKeys({ title: 'A', countPurchased: 5 }, { title: 'B', countPurchased: 5 }, { title: 'C', countPurchased: 5 });
    await signedIn.list.refresh.click();
    const screen = new Import(page);
    await screen.planOf('c.csv', csv(['id', 'limit'], ...keys.map((it) => [it.id, 50])));
    await gateway.patchKey(keys[1].id, { title: 'B, renamed' });
    await screen.apply(3);
    await expect(screen.over(2, 1)).toBeVisible({ timeout: 30_000 });
    const after = await stored(gateway);
    expect(keys.map((it) => after.get(it.id).countPurchased)).toEqual([50, 5, 50]);
    expect(after.get(keys[1].id).title).toBe('B, renamed');
  });

  test('a plan is saved, reviewed by somebody else, and applied', async ({ signedIn, page, gateway, anotherConsole }) => {
    const keys = await gateway.addKeys({ title: 'A', countPurchased: 5 }, { title: 'B', countPurchased: 5 });
    await signedIn.list.refresh.click();
    const screen = new Import(page);
    await screen.planOf('c.csv', csv(['id', 'title', 'limit'], [keys[0].id, 'A', 50], [keys[1].id, 'B', 50], ['', 'Made by plan', 7]));
    await gateway.clearLog();
    const plan = await saved(page, () => screen.button('import_keys.save_plan').click());
    for (const key of await gateway.keys()) expect(plan.text).not.toContain(key.activationKey);
    // What moved in the meantime is seen by the one who reviews.
    await gateway.patchKey(keys[1].id, { title: 'B, renamed' });

    const other = await anotherConsole();
    await other.open();
    await other.signIn();
    await other.list.loaded();
    const review = new Import(other.page);
    await review.open.click();
    await review.give(plan.name, plan.text);
    await expect(review.plan).toBeVisible({ timeout: 30_000 });
    await expect(review.plan).toContainText(gateway.account.user);
    await expect(review.kind('import_keys.refused', 1)).toBeVisible();
    await expect(review.row(2)).toContainText(t('import_keys.why_moved', { fields: t('key.field_title') }));
    expect(await gateway.writes()).toEqual([]);
    await review.apply(2);
    await expect(review.over(2)).toBeVisible({ timeout: 30_000 });
    const after = await stored(gateway);
    expect(keys.map((it) => after.get(it.id).countPurchased)).toEqual([50, 5]);
    expect([...after.values()].filter((it) => it.title === 'Made by plan').length).toBe(1);

    // The same plan once more makes nothing twice.
    await review.open.click();
    await review.give(plan.name, plan.text);
    await expect(review.plan).toBeVisible({ timeout: 30_000 });
    await expect(review.kind('import_keys.same', 1)).toBeVisible();
    await expect(review.kind('import_keys.refused', 2)).toBeVisible();
    await expect(review.button('import_keys.apply', { n: 0 })).toHaveAttribute('aria-disabled', 'true');
  });

  test('a plan for another place or of another make is refused', async ({ signedIn, page }) => {
    await expect(signedIn.list.refresh).toBeVisible();
    const screen = new Import(page);
    await screen.planOf('n.csv', csv(['title'], ['New']));
    const plan = await saved(page, () => screen.button('import_keys.save_plan').click());
    const json = JSON.parse(plan.text);
    await page.keyboard.press('Escape');
    const refused = async (change, text) => {
      await screen.open.click();
      await screen.give('plan.json', JSON.stringify({ ...json, ...change }));
      await expect(screen.alert).toContainText(text);
      await page.keyboard.press('Escape');
    };
    await refused({ connection: 'elsewhere' }, 'elsewhere');
    await refused({ system: 'solifyn' }, t('import_keys.plan_system', { system: 'solifyn' }));
    await refused({ version: 99 }, t('import_keys.plan_version'));
    await refused({ latchkey: 'query' }, t('import_keys.not_a_plan'));
    const items = [{ ...json.items[0], fields: { ...json.items[0].fields, nonsense: 'x' } }];
    await refused({ items }, t('import_keys.plan_item', { number: '1', part: 'nonsense' }));
  });

  test('a file that is damaged, huge or no table is told, and nothing else happens', async ({ signedIn, page, gateway }) => {
    await expect(signedIn.list.refresh).toBeVisible();
    await gateway.clearLog();
    const screen = new Import(page);
    await screen.open.click();
    const refused = async (name, bytes, text) => {
      await screen.give(name, bytes);
      await expect(screen.alert).toContainText(text, { timeout: 20_000 });
      await expect(screen.source).toBeVisible();
    };
    await refused('noise.bin', Buffer.from([0, 1, 2, 3, 255, 254]), t('import_keys.bad_kind'));
    await refused('noise.csv', Buffer.from([0x61, 0xff, 0xfe, 0x80, 0xc3, 0x28]), t('import_keys.bad_text'));
    await refused('open.csv', 'title,limit\r\n"never closed,5', t('import_keys.bad_open'));
    await refused('empty.csv', 'title,limit\r\n', t('import_keys.no_rows'));
    await refused('half.json', '[{"title": "a"', t('import_keys.bad_json'));
    await refused('old.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), t('import_keys.bad_spreadsheet'));
    await refused('huge.csv', Buffer.alloc(17 * 1024 * 1024, 'a'), t('import_keys.unreadable'));
    expect(await gateway.writes()).toEqual([]);
  });

  test('values of keys in a file go nowhere', async ({ signedIn, page, gateway }) => {
    const canary = 'c0ffee00-dead-4bee-8bad-f00dfeedface';
    const key = await gateway.addKey({ title: 'Held', countPurchased: 5 });
    await signedIn.list.refresh.click();
    const screen = new Import(page);
    await screen.open.click();
    await screen.give('v.csv', csv(['id', 'title', 'key', 'limit'], [key.id, 'Held', canary, 50], ['', 'New one', canary, 5], ['', 'Bad', canary, 'x']));
    await expect(screen.mapping).toContainText(t('import_keys.values'));
    expect(await signedIn.dom()).not.toContain(canary);
    await screen.compare();
    const plan = await saved(page, () => screen.button('import_keys.save_plan').click());
    const refused = await saved(page, () => screen.button('import_keys.save_refused').click());
    expect(plan.text + refused.text).not.toContain(canary);
    await screen.kind('import_keys.all_rows', 3).click();
    await expect(screen.row(3)).toContainText(t('import_keys.left_value'));
    expect(await signedIn.dom()).not.toContain(canary);
    await screen.apply(2);
    await expect(screen.over(2)).toBeVisible({ timeout: 30_000 });
    expect(await signedIn.storage()).not.toContain(canary);
    expect(JSON.stringify(await gateway.log())).not.toContain(canary);
  });

  test('by keyboard alone', async ({ signedIn, page, gateway }) => {
    await expect(signedIn.list.refresh).toBeVisible();
    const screen = new Import(page);
    await screen.open.focus();
    await page.keyboard.press('Enter');
    await expect(screen.source).toBeVisible();
    await screen.paste.focus();
    await page.keyboard.insertText('title\tlimit\nTyped by keys\t12');
    await page.keyboard.press('Tab');
    await expect(screen.button('import_keys.take')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(screen.mapping).toBeVisible();
    await expect(screen.mapping.locator(':focus')).toHaveCount(1);
    await screen.button('import_keys.compare').focus();
    await page.keyboard.press('Enter');
    await expect(screen.kind('import_keys.create', 1)).toBeVisible({ timeout: 30_000 });
    await screen.button('import_keys.apply', { n: 1 }).focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: t('import_keys.confirm_title', { n: 1, connection: 'Qualys gateway' }) });
    await expect(question).toBeVisible();
    await question.getByRole('button', { name: t('import_keys.apply', { n: 1 }), exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(screen.over(1)).toBeVisible({ timeout: 30_000 });
    expect((await gateway.keys()).filter((it) => it.title === 'Typed by keys').length).toBe(1);
  });

  for (const colorScheme of ['light', 'dark']) {
    test.describe(`in the ${colorScheme} theme`, () => {
      test.use({ colorScheme });

      test('axe finds nothing at any step, and 320 pixels are enough', async ({ signedIn, page }) => {
        await expect(signedIn.list.refresh).toBeVisible();
        const clean = async (name) => {
          await page.evaluate(() => Promise.all(document.getAnimations().map((it) => it.finished.catch(() => {}))).then(() => {}));
          expect.soft(await violations(page), name).toEqual([]);
        };
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 700 });
          const screen = new Import(page);
          await screen.open.click();
          await expect(screen.source).toBeVisible();
          await clean(`source at ${width}`);
          await screen.give('x.bin', 'x');
          await expect(screen.alert).toBeVisible();
          await clean(`error at ${width}`);
          await screen.give('x.csv', csv(['id', 'title', 'key', 'limit', 'Remark'], ['', 'New', 'x', 5, 'a'], [99, 'Gone', '', 5, '']));
          await expect(screen.mapping).toBeVisible();
          await clean(`mapping at ${width}`);
          await screen.compare();
          await clean(`plan at ${width}`);
          const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
          expect.soft(overflow, `sideways at ${width}`).toBeLessThanOrEqual(0);
          await screen.button('import_keys.apply', { n: 1 }).click();
          await clean(`question at ${width}`);
          await page.keyboard.press('Escape');
          await page.keyboard.press('Escape');
          await expect(screen.dialog).toBeHidden();
        }
      });
    });
  }
});

test.describe('with 745 keys', () => {
  test.use({ keys: 745 });

  test('50 of 745 change, field by field, and no other', async ({ signedIn, page, gateway }) => {
    await expect(signedIn.list.refresh).toBeVisible();
    const before = await stored(gateway);
    const all = [...before.values()];
    const changed = all.filter((it) => !it.isDisabled).filter((_, at) => at % 12 === 0).slice(0, 50);
    expect(changed.length).toBe(50);
    const wanted = new Map(changed.map((it, at) => [it.id, { title: `Changed ${at}`, limit: it.countUsed + 1_000 + at }]));
    const rows = all.map((it) => [it.id, wanted.get(it.id)?.title ?? '', wanted.get(it.id)?.limit ?? '']);
    await gateway.clearLog();
    const screen = new Import(page);
    await screen.planOf('all.csv', csv(['id', 'title', 'limit'], ...rows));
    await expect(screen.kind('import_keys.change', 50)).toBeVisible();
    await expect(screen.kind('import_keys.same', 695)).toBeVisible();
    await screen.kind('import_keys.change', 50).click();
    const [first] = changed;
    const line = all.findIndex((it) => it.id === first.id) + 2;
    await expect(screen.row(line)).toContainText('Changed 0');
    await screen.apply(50);
    await expect(screen.over(50)).toBeVisible({ timeout: 90_000 });
    const after = await stored(gateway);
    for (const [id, was] of before) {
      const { title, countPurchased, ...rest } = after.get(id);
      const want = wanted.get(id);
      expect([title, countPurchased]).toEqual(want ? [want.title, want.limit] : [was.title, was.countPurchased]);
      const { title: _, countPurchased: __, ...same } = was;
      if (!want) expect(rest).toEqual(same);
      else expect([rest.expireDate, rest.licenses, rest.tags, rest.networkId]).toEqual([same.expireDate, same.licenses, same.tags, same.networkId]);
    }
    expect((await gateway.writes()).length).toBe(50);
  });

  test('10,000 rows make one plan that can be read to its end', async ({ signedIn, page, gateway }) => {
    await expect(signedIn.list.refresh).toBeVisible();
    const known = await gateway.keys();
    const rows = Array.from({ length: 10_000 }, (_, at) => {
      const key = known[at];
      if (key) return [key.id, key.title ?? '', ''];
      return at % 10 === 9 ? ['', `Row ${at}`, 'many'] : ['', `Row ${at}`, 5];
    });
    const refused = rows.filter((it) => it[2] === 'many').length;
    await gateway.clearLog();
    const screen = new Import(page);
    await screen.planOf('many.csv', csv(['id', 'title', 'limit'], ...rows));
    await expect(screen.kind('import_keys.same', known.length)).toBeVisible();
    await expect(screen.kind('import_keys.refused', refused)).toBeVisible();
    await screen.kind('import_keys.all_rows', 10_000).click();
    await screen.plan.getByRole('button', { name: t('ui.page_last'), exact: true }).click();
    await expect(screen.row(10_001)).toContainText(t('import_keys.refused'));
    expect(await gateway.writes()).toEqual([]);
  });
});
