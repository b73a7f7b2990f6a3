// The list as a grid: the keyboard alone, one stop of the Tab key, rows that are picked, and all of them in one list.

import { violations } from '../support/axe.mjs';
import { CALLS } from '../support/control.mjs';
import { held } from '../support/hold.mjs';
import { GridOf } from '../support/pages/grid.mjs';
import { expect, test } from '../support/test.mjs';
import { t } from '../support/texts.mjs';

test.use({ keys: 745 });

const grid = (console) => new GridOf(console.list);

/** What the screen calls a key. */
const shown = (key) => (key.title.trim() === '' ? t('key.no_title_id', { id: `${key.id}` }) : key.title.trim().replaceAll(/\s+/g, ' '));

/** The number of the row with the focus. */
const current = (page) => page.evaluate(() => Number(document.activeElement.parentElement.getAttribute('aria-rowindex')));

test('keys lead from cell to cell, and the Tab key stops once', async ({ signedIn, page }) => {
  const it = grid(signedIn);
  await expect(it.table).toHaveAttribute('aria-rowcount', '746');
  await expect(it.table).toHaveAttribute('aria-colcount', '11');
  await expect(it.stops).toHaveCount(1);
  expect(await it.numbers()).toEqual(Array.from({ length: 25 }, (_, idx) => idx + 2));

  await it.cell(1, 1).focus();
  await it.press('ArrowDown', 'ArrowRight');
  await it.isAt(2, 2);
  await it.press('End');
  await it.isAt(2, 11);
  await it.press('ArrowRight');
  await it.isAt(2, 11);
  await it.press('Home', 'ArrowLeft');
  await it.isAt(2, 1);
  await it.press('Control+End');
  await it.isAt(26, 11);
  await it.press('ArrowDown', 'PageDown');
  await it.isAt(26, 11);
  await it.press('Control+Home');
  await it.isAt(2, 1);
  await it.press('PageDown');
  await expect.poll(() => current(page)).toBeGreaterThan(6);
  await it.press('PageUp', 'ArrowUp');
  await it.isAt(1, 1);

  // Out of the grid and back in, to the same cell.
  await it.press('ArrowDown', 'ArrowDown', 'ArrowRight');
  await it.isAt(3, 2);
  await it.press('Tab');
  await expect(it.table.locator(':focus')).toHaveCount(0);
  await it.press('Shift+Tab');
  await it.isAt(3, 2);
  expect(await violations(page)).toEqual([]);
});

test('Enter opens a row, sorts by a head, and leads to what is inside a cell', async ({ signedIn, page, gateway }) => {
  const { list, key } = signedIn;
  const it = grid(signedIn);
  const [first] = (await gateway.search({ limit: 25, orderBy: 'TITLE', sortOrder: 'ASC' })).content;
  await it.cell(2, 4).focus();
  await it.press('Enter');
  await expect(key.scope).toBeVisible();
  await it.press('Escape');
  await expect(key.scope).toBeHidden();
  await it.isAt(2, 4);

  // Of the buttons in the cell of the key none is a stop of its own.
  await it.press('ArrowLeft');
  await it.isAt(2, 3);
  await it.press('F2');
  const inside = it.cell(2, 3).getByRole('button');
  await expect(inside.first()).toBeFocused();
  await it.press('ArrowRight');
  await expect(inside.nth(1)).toBeFocused();
  await it.press('ArrowLeft', 'Enter');
  await expect(it.cell(2, 3)).toContainText(first.activationKey);
  await it.press('Escape');
  await it.isAt(2, 3);
  await it.press('Enter');
  await expect(inside.first()).toBeFocused();
  await it.press('ArrowDown');
  await it.isAt(3, 3);

  // A menu has keys of its own.
  await it.press('End', 'Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await it.press('ArrowDown');
  await expect(page.getByRole('menuitem').nth(1)).toBeFocused();
  await it.press('Escape');
  await it.isAt(3, 11);

  await it.press('Home', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'Enter');
  await expect(list.header('list.column_title')).toHaveAttribute('aria-sort', 'descending');
  await it.isAt(1, 2);
  await it.press('ArrowRight', 'Space');
  await expect(list.header('list.column_key')).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/sort=/);
  await it.isAt(1, 3);
});

test('rows are picked by key and by click, over pages, orders and queries', async ({ signedIn, page }) => {
  const { list, query } = signedIn;
  const it = grid(signedIn);
  await it.cell(2, 2).focus();
  await it.press('Space');
  await expect(it.row(2)).toHaveAttribute('aria-selected', 'true');
  await expect(it.all).toBeChecked({ indeterminate: true });
  await it.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp');
  await expect(it.picked).toHaveCount(3);
  await it.isAt(4, 2);
  await it.press('ArrowDown', 'ArrowDown', 'Shift+Space');
  await expect(it.picked).toHaveCount(5);
  await it.press('Space');
  await expect(it.picked).toHaveCount(4);
  expect(await violations(page)).toEqual([]);

  // Further ones by click, with a range.
  await it.row(12).getByRole('checkbox').click();
  await it.row(15).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await expect(it.picked).toHaveCount(8);
  for (const number of [12, 13, 14, 15]) await expect(it.row(number).getByRole('checkbox')).toBeChecked();
  await it.row(13).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await expect(it.picked).toHaveCount(6);
  await expect(it.row(13).getByRole('checkbox')).toBeChecked();

  const names = await it.picked.getByRole('rowheader').allInnerTexts();
  await list.next.click();
  await list.shows(26, 50, 745);
  await expect(it.picked).toHaveCount(0);
  await expect(it.all).not.toBeChecked();
  await expect(it.row(27)).toBeVisible();
  await it.all.click();
  await expect(it.picked).toHaveCount(25);
  await expect(it.all).toBeChecked();
  await it.all.click();
  await expect(it.picked).toHaveCount(0);
  await it.cell(27, 2).focus();
  await it.press('Control+a');
  await expect(it.picked).toHaveCount(25);
  await it.all.click();

  await list.sortBy('list.column_expires');
  await list.shows(1, 25, 745);
  await list.refresh.click();
  await list.sortBy('list.column_title');
  await query.run('activationKey.isDisabled: true');
  await query.run('');
  await list.shows(1, 25, 745);
  await expect(it.picked).toHaveCount(6);
  expect(await it.picked.getByRole('rowheader').allInnerTexts()).toEqual(names);

  // Nothing of it is left for the next who signs in.
  await signedIn.signOut.click();
  await signedIn.signIn();
  await list.loaded();
  await expect(it.picked).toHaveCount(0);
});

test('the focus stays with its row, wherever that goes', async ({ signedIn, gateway }) => {
  const { list } = signedIn;
  const it = grid(signedIn);
  const again = async (total) => {
    // Not by a click, which would take the focus.
    await list.refresh.evaluate((button) => button.click());
    await list.shows(1, 25, total);
  };
  const [, second] = await gateway.addKeys({ title: '!a' }, { title: '!b' }, { title: '!c' });
  await again(748);
  const before = Number(await list.row('!b').getAttribute('aria-rowindex'));
  await it.cell(before, 4).focus();
  await gateway.addKey({ title: '!aa' });
  await again(749);
  await expect(list.row('!b')).toHaveAttribute('aria-rowindex', String(before + 1));
  await it.isAt(before + 1, 4);

  // One that is gone leaves the focus to the row in its place.
  await gateway.deleteKey(second.id);
  await again(748);
  await expect(list.row('!c')).toHaveAttribute('aria-rowindex', String(before + 1));
  await it.isAt(before + 1, 4);
  await it.press('ArrowUp');
  await it.isAt(before, 4);
});

test.describe('all rows in one list', () => {
  test('every row is reached, few are drawn, and each says where it stands', async ({ signedIn, gateway, page }) => {
    // Some sixty screenfuls.
    test.slow();
    const { list } = signedIn;
    const it = grid(signedIn);
    await it.wholeInOneList(745);
    const seen = new Map();
    await it.cell(2, 2).focus();
    for (let far = 2; ; far = await current(page)) {
      await expect(it.title(far)).toBeInViewport();
      const drawn = await it.titles();
      expect(drawn.length).toBeLessThan(40);
      for (const [number, title] of drawn) {
        expect(seen.get(number) ?? title).toBe(title);
        seen.set(number, title);
      }
      if (far === 746) break;
      await it.press('PageDown');
      await expect.poll(() => current(page)).toBeGreaterThan(far);
    }
    const keys = (await gateway.keys()).map(shown);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(keys.map((_, idx) => idx + 2));
    expect([...seen.values()].sort()).toEqual(keys.sort());
    await it.isAt(746, 2);
    await expect(it.title(746)).toBeInViewport();
    await it.press('Control+Home');
    await it.isAt(2, 1);
    await expect(it.title(2)).toBeInViewport();
    await it.scrollTo(1e7);
    await expect(it.title(746)).toBeInViewport();
    // The row with the focus is still there.
    await expect(it.cell(2, 1)).toBeFocused();
    await it.press('ArrowDown');
    await it.isAt(3, 1);
    await expect(it.title(3)).toBeInViewport();
    expect(await violations(page)).toEqual([]);
  });

  test('a range goes over rows that were never drawn', async ({ signedIn }) => {
    const it = grid(signedIn);
    await it.wholeInOneList(745);
    await it.cell(2, 1).focus();
    await it.press('Space', 'Control+End');
    await it.isAt(746, 11);
    await it.press('Shift+Space');
    await expect(it.all).toBeChecked();
    await it.press('Control+Home', 'Space');
    await expect(it.all).toBeChecked({ indeterminate: true });
    await it.whole.uncheck();
    await signedIn.list.shows(1, 25, 745);
    await expect(it.picked).toHaveCount(24);
  });

  test('a refresh moves neither focus, nor picks, nor the scroll', async ({ signedIn, gateway }) => {
    const { list } = signedIn;
    const it = grid(signedIn);
    await it.wholeInOneList(745);
    await it.cell(2, 2).focus();
    await it.press('PageDown', 'PageDown', 'PageDown', 'Space');
    await expect(it.picked).toHaveCount(1);
    const at = Number(await it.picked.getAttribute('aria-rowindex'));
    expect(at).toBeGreaterThan(20);
    await it.isAt(at, 2);
    const title = await it.title(at).innerText();
    const top = await it.scrollTop();
    await gateway.addKey({ title: 'zzzz' });
    await list.refresh.evaluate((button) => button.click());
    await expect(list.range).toHaveText(t('list.range', { from: 1, to: 746, total: 746 }));
    await it.isAt(at, 2);
    await expect(it.title(at)).toHaveText(title);
    await expect(it.picked).toHaveCount(1);
    expect(await it.scrollTop()).toBe(top);
  });

  test('it is there again after a reload, where it was scrolled to, and on the way back', async ({ signedIn, page }) => {
    const { list, query } = signedIn;
    const it = grid(signedIn);
    // Of fewer rows it would scroll less far.
    await it.wholeInOneList(745);
    await it.scrollTo(12_000);
    await expect.poll(() => page.evaluate(() => String(history.state))).toMatch(/^row \d+$/);
    const kept = await page.evaluate(() => history.state);
    const first = Number(kept.slice(4)) + 2;
    await expect(it.title(first)).toBeInViewport();
    const title = await it.title(first).innerText();
    await page.reload();
    await expect(it.whole).toBeChecked();
    await expect(it.title(first)).toHaveText(title);
    await expect(it.title(first)).toBeInViewport();

    await query.run('activationKey.isDisabled: true');
    await expect.poll(() => it.scrollTop()).toBe(0);
    await page.goBack();
    await expect(list.range).toHaveText(t('list.range', { from: 1, to: 745, total: 745 }));
    await expect(it.title(first)).toBeInViewport();
    await expect(it.title(first)).toHaveText(title);
  });

  test('rows show as they come, and what nobody needs any more is not asked for', async ({ signedIn, gateway, page }) => {
    const { list } = signedIn;
    const it = grid(signedIn);
    const letGo = await held(page, CALLS.search, { skip: 1 });
    await gateway.clearLog();
    await it.inOneList();
    await expect(list.result(t('list.loading_of', { loaded: 200, total: 745 }))).toBeVisible();
    await expect(it.table).toHaveAttribute('aria-rowcount', '201');
    await it.whole.uncheck();
    letGo();
    await list.shows(1, 25, 745);
    const calls = await gateway.logOf(CALLS.search);
    // The first part, the one that was under way, and the page.
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  for (const [name, colorScheme] of [['light', 'light'], ['dark', 'dark']]) {
    test.describe(`in ${name}, on a phone`, () => {
      test.use({ colorScheme, viewport: { width: 320, height: 640 } });

      test('rows are cards of one height, and the page is no wider than the window', async ({ signedIn, page }) => {
        const it = grid(signedIn);
        await it.wholeInOneList(745);
        await expect(it.title(2)).toBeVisible();
        const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
        expect(await wide()).toBe(320);
        await it.cell(2, 2).focus();
        await it.press('Control+End');
        await it.isAt(746, 11);
        await expect(it.title(746)).toBeInViewport();
        await it.press('Home', 'Space');
        await expect(it.picked).toHaveCount(1);
        expect(await wide()).toBe(320);
        expect(await violations(page)).toEqual([]);
      });
    });
  }

  test.describe('of 5,000 keys', () => {
    test.use({ keys: 5_000 });

    test('the last of them is one key away', async ({ signedIn }) => {
      const { list } = signedIn;
      const it = grid(signedIn);
      await it.wholeInOneList(5_000);
      await it.cell(2, 2).focus();
      await it.press('Control+End');
      await it.isAt(5001, 11);
      await expect(it.title(5001)).toBeInViewport();
      expect((await it.numbers()).length).toBeLessThan(40);
    });
  });
});

test('a page is scrolled to where it was, after a reload', async ({ signedIn, page }) => {
  const { list } = signedIn;
  await list.size.selectOption('100');
  await list.shows(1, 100, 745);
  await page.evaluate(() => globalThis.scrollTo(0, 1_400));
  await expect.poll(() => page.evaluate(() => history.state)).toBe('top 1400');
  await page.reload();
  await list.shows(1, 100, 745);
  await expect.poll(() => page.evaluate(() => globalThis.scrollY)).toBe(1_400);
});
