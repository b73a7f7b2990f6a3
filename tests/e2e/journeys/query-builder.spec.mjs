// The chips and the visual builder: everything by keyboard alone, and nothing of the text is ever lost.

import { readFileSync } from 'node:fs';

import { violations } from '../support/axe.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 30 });
// Not every text of these journeys is a query that the service takes.
test.beforeEach(({ guard }) => guard.expectTrouble());

const OFF = 'activationKey.isDisabled: false';
const CORPUS = new URL('../../../crates/qql/tests/corpus/queries.txt', import.meta.url);

/** Presses a key on a control. */
async function press(control, key) {
  await control.focus();
  await control.press(key);
}

/** Chooses in a list by typing what it begins with, as one does without a mouse. */
async function choose(list, label) {
  await list.focus();
  await list.page().keyboard.type(label);
}

/** Opens the builder over a text. */
async function over(query, text) {
  await query.text.fill(text);
  await query.tree.open();
  await expect(query.tree.tree).toBeVisible();
}

test('three levels are built, filled in and taken back by keyboard, and each step is undone and redone', async ({
  signedIn,
  page,
}) => {
  const { query } = signedIn;
  const { tree } = query;
  await tree.open();
  const steps = [''];
  const is = async (text) => {
    await expect(query.text).toHaveValue(text);
    steps.push(text);
  };

  await press(tree.add, 'Enter');
  await is('activationKey.isDisabled: true');
  // What was added is where one is.
  await expect(tree.clause(1).field).toBeFocused();
  await press(tree.addGroup, 'Enter');
  await is('activationKey.isDisabled: true AND (activationKey.isDisabled: true)');
  await expect(tree.clause('2.1').field).toBeFocused();
  await press(tree.group(2).addGroup, 'Enter');
  await is('activationKey.isDisabled: true AND (activationKey.isDisabled: true AND (activationKey.isDisabled: true))');
  await press(tree.group('2.2').addGroup, 'Enter');
  const deep = (a, b, c, d) => `${a} AND (${b} AND (${c} AND (${d})))`;
  const on = 'activationKey.isDisabled: true';
  await is(deep(on, on, on, on));

  await choose(tree.clause('2.2.2.1').field, t('key.field_title'));
  await is(deep(on, on, on, 'title: ""'));
  await tree.clause('2.2.2.1').value.focus();
  await page.keyboard.type('web');
  await is(deep(on, on, on, 'title: web'));
  await expect(tree.clause('2.2.2.1').value).toBeFocused();
  await choose(tree.join('2.2'), t('query.join_or'));
  await is(`${on} AND (${on} AND (${on} OR (title: web)))`);
  await press(tree.clause('2.1').not, 'Space');
  await is(`${on} AND (NOT ${on} AND (${on} OR (title: web)))`);
  await tree.act(tree.clause('2.2.1'), 'query.mute');
  await is(`${on} AND (NOT ${on} AND (/* ${on} OR */ (title: web)))`);
  await expect(tree.clause('2.2.1').off).toBeVisible();
  await tree.act(tree.clause('2.2.2.1'), 'query.duplicate');
  await is(`${on} AND (NOT ${on} AND (/* ${on} OR */ (title: web AND title: web)))`);
  await tree.act(tree.group('2.2.2'), 'query.negate');
  await is(`${on} AND (NOT ${on} AND (/* ${on} OR */ NOT (title: web AND title: web)))`);
  await tree.act(tree.clause(1), 'query.remove_item');
  await is(`(NOT ${on} AND (/* ${on} OR */ NOT (title: web AND title: web)))`);

  // Back to the start and forth again. The focus is in the builder after each step.
  for (const text of steps.slice(0, -1).reverse()) {
    await page.keyboard.press('Control+z');
    await expect(query.text).toHaveValue(text);
    await expect(tree.tree.locator(':focus')).toHaveCount(1);
  }
  await expect(tree.undo).toHaveAttribute('aria-disabled', 'true');
  for (const text of steps.slice(1)) {
    await page.keyboard.press('Control+Shift+z');
    await expect(query.text).toHaveValue(text);
    await expect(tree.tree.locator(':focus')).toHaveCount(1);
  }
  await expect(tree.redo).toHaveAttribute('aria-disabled', 'true');
  await press(tree.undo, 'Enter');
  await expect(query.text).toHaveValue(steps.at(-2));
});

const NESTED = 'title: a AND (title: b OR (title: c AND title: d)) AND title: e';
/** Where a clause is after each step down from the top, until it can go no further. */
const WAY = [
  '(title: a OR title: b OR (title: c AND title: d)) AND title: e',
  '(title: b OR title: a OR (title: c AND title: d)) AND title: e',
  '(title: b OR (title: a AND title: c AND title: d)) AND title: e',
  '(title: b OR (title: c AND title: a AND title: d)) AND title: e',
  '(title: b OR (title: c AND title: d AND title: a)) AND title: e',
  '(title: b OR (title: c AND title: d) OR title: a) AND title: e',
  '(title: b OR (title: c AND title: d)) AND title: a AND title: e',
  '(title: b OR (title: c AND title: d)) AND title: e AND title: a',
];

test('the keys walk a clause through all groups and back, and each place is said', async ({ signedIn, page }) => {
  const { query } = signedIn;
  const { tree } = query;
  await over(query, NESTED);
  await tree.clause(1).handle.focus();
  const status = (text) => page.getByRole('status').filter({ hasText: text });
  const place = (group, n, at, of) =>
    t('query.moved', { group: n ? t(group, { n }) : t(group), position: at, at: String(at), of: String(of) });
  for (const text of WAY) {
    await page.keyboard.press('Alt+ArrowDown');
    await expect(query.text).toHaveValue(text);
    await expect(tree.tree.locator('.tree-grip:focus')).toHaveCount(1);
    if (text === WAY[0]) await expect(status(place('query.place_any', '1', 1, 3))).toHaveCount(1);
  }
  await expect(status(place('query.place_root', '', 3, 3))).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(status(t('query.cannot_move'))).toHaveCount(1);
  for (const text of [...WAY.slice(0, -1).reverse(), NESTED]) {
    await page.keyboard.press('Alt+ArrowUp');
    await expect(query.text).toHaveValue(text);
  }

  // Picked up, walked, and put back; picked up, walked, and dropped.
  await page.keyboard.press('Space');
  await expect(tree.clause(1).handle).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(query.text).toHaveValue(WAY[0]);
  await expect(tree.clause('1.1').handle).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(query.text).toHaveValue(WAY[1]);
  await expect(tree.clause('1.2').handle).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(query.text).toHaveValue(NESTED);
  await expect(tree.clause(1).handle).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(query.text).toHaveValue(WAY[0]);
  await expect(tree.clause('1.1').handle).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(tree.clause('1.1').handle).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('ArrowDown');
  await expect(query.text).toHaveValue(WAY[0]);
  await tree.act(tree.clause('1.1'), 'query.move_down');
  await expect(query.text).toHaveValue(WAY[1]);
});

test('the mouse drags to every place that the keys reach, and Escape lets go', async ({ signedIn, page }) => {
  const { query } = signedIn;
  const { tree } = query;
  const { mouse } = page;
  await over(query, NESTED);

  /** Drags from a handle to the upper or the lower edge of a line. */
  async function drag(handle, line, low, end = () => mouse.up()) {
    const from = await handle.boundingBox();
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    const to = await line.boundingBox();
    await mouse.move(to.x + 200, to.y + to.height / 2);
    await mouse.move(to.x + 200, low ? to.y + to.height - 3 : to.y + 3);
    await expect(tree.tree.locator('[data-drop]:not([data-drop="held"])')).toHaveCount(1);
    await end();
    await expect(tree.tree.locator('[data-drop]')).toHaveCount(0);
  }
  const head = (n) => tree.group(n).group.locator('.tree-head').first();
  const foot = (n) => tree.group(n).group.locator('.tree-foot').last();

  for (const [line, low, text] of [
    [() => head(2), true, WAY[0]],
    [() => tree.clause('2.1').group, true, WAY[1]],
    [() => tree.clause('2.2.1').group, false, WAY[2]],
    [() => tree.clause('2.2.2').group, false, WAY[3]],
    [() => foot('2.2'), true, WAY[4]],
    [() => foot(2), true, WAY[5]],
    [() => tree.clause(3).group, false, WAY[6]],
    [() => tree.clause(3).group, true, WAY[7]],
  ]) {
    await query.text.fill(NESTED);
    await expect(tree.clause('2.2.2').group).toBeVisible();
    await drag(tree.clause(1).handle, line(), low);
    await expect(query.text).toHaveValue(text);
    await expect(tree.tree.locator('.tree-grip:focus')).toHaveCount(1);
  }

  await query.text.fill(NESTED);
  await drag(tree.clause(1).handle, tree.clause(3).group, true, async () => {
    await page.keyboard.press('Escape');
    await mouse.up();
  });
  await expect(query.text).toHaveValue(NESTED);
  // A group goes nowhere into itself.
  const from = await tree.group(2).handle.boundingBox();
  await mouse.move(from.x + 5, from.y + 5);
  await mouse.down();
  const inside = await tree.clause('2.2.1').group.boundingBox();
  await mouse.move(inside.x + 100, inside.y + 4, { steps: 3 });
  await expect(tree.tree.locator('[data-drop="held"]')).toHaveCount(1);
  await expect(tree.tree.locator('[data-drop]:not([data-drop="held"])')).toHaveCount(0);
  await mouse.up();
  await expect(query.text).toHaveValue(NESTED);
});

test('a row has the control that its field and its comparison need', async ({ signedIn, page }) => {
  const { query } = signedIn;
  const { tree } = query;
  await over(query, 'title:web');
  const one = tree.clause(1);
  await choose(one.operator, t('query.op_one_of'));
  await expect(query.text).toHaveValue('title:[web]');
  await one.value.focus();
  await page.keyboard.press('End');
  await page.keyboard.type(', two words');
  await expect(query.text).toHaveValue('title:[web, "two words"]');
  await expect(one.value).toHaveValue('web, two words');
  await choose(one.operator, t('query.op_exactly'));
  await expect(query.text).toHaveValue('title:`web`');

  // A state is none of these words: the value gives way to the first state.
  await choose(one.field, t('key.field_state'));
  await expect(query.text).toHaveValue('state:active');
  await choose(one.operator, t('query.op_one_of'));
  await expect(query.text).toHaveValue('state:[active]');
  await press(one.checks.getByRole('checkbox').nth(3), 'Space');
  await expect(query.text).toHaveValue('state:[active, full]');
  await press(one.checks.getByRole('checkbox').nth(0), 'Space');
  await expect(query.text).toHaveValue('state:[full]');

  await query.text.fill('created > 2026-01-31');
  await expect(one.day).toHaveValue('2026-01-31');
  await choose(one.field, t('key.field_expires'));
  await expect(query.text).toHaveValue('expires > 2026-01-31');
  await choose(one.operator, t('query.op_between'));
  await expect(query.text).toHaveValue('expires: [2026-01-31 .. ""]');
  await one.to.fill('2026-02-28');
  await expect(query.text).toHaveValue('expires: [2026-01-31 .. 2026-02-28]');
  await choose(one.operator, t('query.op_next'));
  await expect(query.text).toHaveValue('expires: in 30 days');
  await one.value.fill('2');
  await choose(one.unit, t('query.unit_weeks'));
  await expect(query.text).toHaveValue('expires: in 2 weeks');
  // Half-filled is kept as it is.
  await one.value.fill('');
  await expect(query.text).toHaveValue('expires: in weeks');
  await expect(one.unit).toHaveValue('weeks');
  await choose(one.operator, t('query.op_last'));
  await one.value.fill('7');
  await expect(query.text).toHaveValue('expires: last 7 weeks');
});

test('what no row can hold stays where it is, byte for byte, through all edits around it', async ({ signedIn, page }) => {
  const { query } = signedIn;
  const { tree } = query;
  const odd = 'title:  (“x”  %%';
  await over(query, `title:a  and ${odd}`);
  await expect(tree.part(2).group).toContainText(odd);
  await expect(query.chips.getByText(odd)).toBeVisible();
  await tree.clause(1).value.fill('b');
  await expect(query.text).toHaveValue(`title:b  and ${odd}`);
  await press(tree.clause(1).not, 'Space');
  await expect(query.text).toHaveValue(`NOT title:b  and ${odd}`);
  await tree.act(tree.clause(1), 'query.mute');
  await expect(query.text).toHaveValue(`/* NOT title:b  and */ ${odd}`);
  await page.keyboard.press('Control+z');
  await expect(query.text).toHaveValue(`NOT title:b  and ${odd}`);
  await press(tree.part(2).edit, 'Enter');
  await expect(query.text).toBeFocused();
  const selected = await query.text.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  expect(selected).toBe(odd);
});

test('over two hundred queries go from text to builder and back unchanged', async ({ signedIn, page }) => {
  const queries = readFileSync(CORPUS, 'utf8').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  expect(queries.length).toBeGreaterThan(200);
  const { query } = signedIn;
  await over(query, 'title: a');
  const wrong = await page.evaluate(async (lines) => {
    const field = document.getElementById('query');
    const frame = () => new Promise(requestAnimationFrame);
    const found = [];
    for (const line of lines) {
      field.value = line;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      const rows = document.querySelectorAll('.tree-row').length;
      const chips = document.querySelectorAll('.query-chip').length;
      if (field.value !== line) found.push(`${line} became ${field.value}`);
      if (rows === 0 || rows !== chips) found.push(`${line}: ${rows} rows, ${chips} chips`);
      // There and back through the builder.
      const box = document.querySelector('.tree-row .tree-not > input:not(:checked)');
      for (let n = 0; box && n < 2; n += 1) {
        document.getElementById(box.id)?.click();
        await frame();
      }
      if (field.value !== line) found.push(`${line} negated twice is ${field.value}`);
    }
    return found;
  }, queries);
  expect(wrong).toEqual([]);
});

test('chips walk, go to their text, and are switched off and removed by key', async ({ signedIn, page }) => {
  const { query } = signedIn;
  const text = `${OFF} AND (title: web OR expires: in 30 days)`;
  await query.text.fill(text);
  const first = query.chip(OFF);
  await expect(first).toHaveAccessibleDescription(new RegExp(t('query.clause_service')));
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(query.chip('title: web')).toBeFocused();
  await expect(query.chip('title: web')).toHaveAccessibleDescription(
    new RegExp(t('query.clause_here', { why: t('query.why_field') })),
  );
  // What is said is also shown.
  await expect(query.box.locator('.chip-tip')).toContainText(t('query.why_field'));
  await page.keyboard.press('Escape');
  await expect(query.box.locator('.chip-tip')).toHaveCount(0);
  await expect(query.box).toContainText(t('query.mixed'));
  // One stop of the Tab key.
  await expect(query.chips.locator('[tabindex="0"]')).toHaveCount(1);

  await page.keyboard.press('m');
  await expect(query.text).toHaveValue(`${OFF} AND (/* title: web OR */ expires: in 30 days)`);
  const off = query.chips.getByRole('button', { name: `${t('query.off')} title: web`, exact: true });
  await expect(off).toBeFocused();
  await page.keyboard.press('m');
  await expect(query.text).toHaveValue(text);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(query.text).toHaveValue(`${OFF} AND (title: web)`);
  await expect(query.chip('title: web')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(query.text).toHaveValue(text);
  await expect(query.chip('expires: in 30 days')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(query.text).toBeFocused();
  const selected = await query.text.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  expect(selected).toBe(OFF);
});

for (const colorScheme of ['light', 'dark']) {
  test.describe(`axe finds nothing in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('on chips, tree, menu and drag', async ({ signedIn, page }) => {
      const { query } = signedIn;
      const { tree } = query;
      const clean = async (name) => {
        // Rows that wait for others are pale, and what fades has no final colours yet.
        await expect(signedIn.list.main.locator('[aria-busy="true"]')).toHaveCount(0);
        await page.evaluate(() => {
          const ends = (it) => Number.isFinite(it.effect?.getComputedTiming().endTime);
          const finished = document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {}));
          return Promise.all(finished).then(() => {});
        });
        expect.soft(await violations(page), name).toEqual([]);
      };
      const text = [
        `${OFF} AND (title: web OR NOT (created > 2026-01-01 AND activationKey.countPurchased: [5 .. 100]))`,
        'AND expires: in 30 days AND /* title: `Exact` AND */ state: [active, full]',
      ].join(' ');
      // At once, so that no rows are asked for while the page is judged.
      await query.run(text);
      await expect(query.chip('title: web')).toBeVisible();
      await clean('chips');
      await query.chip('title: web').focus();
      await clean('a chip with its reason');
      await over(query, text);
      await expect(tree.clause('2.2.2').group).toBeVisible();
      await clean('tree');
      await press(tree.clause('2.1').actions, 'Enter');
      await expect(page.getByRole('menuitem').first()).toBeFocused();
      await clean('menu');
      await page.keyboard.press('Escape');
      await press(tree.clause('2.1').handle, 'Space');
      await clean('picked up');
      await page.keyboard.press('Escape');
      const handle = await tree.clause(1).handle.boundingBox();
      await page.mouse.move(handle.x + 8, handle.y + 8);
      await page.mouse.down();
      const row = await tree.clause('2.1').group.boundingBox();
      await page.mouse.move(row.x + 100, row.y + row.height - 3, { steps: 3 });
      await expect(tree.tree.locator('[data-drop="after"]')).toHaveCount(1);
      await clean('dragging');
      await page.keyboard.press('Escape');
      await page.mouse.up();
      await query.text.fill(`${text} AND title: (`);
      await tree.part(6).handle.focus();
      await clean('a part as typed');
      await page.setViewportSize({ width: 320, height: 800 });
      await clean('tree at 320 pixels');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(320);
    });
  });
}
