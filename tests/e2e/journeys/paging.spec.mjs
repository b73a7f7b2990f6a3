// Page 2 on services that do not turn pages, or answer with fewer rows than asked: the list never claims what it lacks.

import { expect, test } from '../support/test.mjs';
import { holding, number, t } from '../support/texts.mjs';

/** Walks all pages and returns the rows' texts. */
async function walk(list, total) {
  const seen = [];
  for (;;) {
    await expect(list.range).toHaveText(new RegExp(`^${number(seen.length + 1)}–`));
    const [, to] = /–([\d,]+) of/.exec(await list.range.innerText());
    await expect.poll(async () => seen.length + (await list.openers.count())).toBe(Number(to.replaceAll(',', '')));
    seen.push(...(await list.rowTexts()));
    if ((await list.next.getAttribute('aria-disabled')) === 'true') return seen;
    expect(seen.length).toBeLessThan(total);
    await list.next.click();
  }
}

async function openAtSize(console, size) {
  await console.open(`/?size=${size}`);
  await console.signIn();
  await console.list.loaded();
}

for (const paging of ['ignored', 'refused']) {
  test.describe(`pages are ${paging}`, () => {
    test.use({ switches: { paging } });

    test.describe('and all keys fit one answer', () => {
      test.use({ keys: 180 });

      test('all of them are gathered, each once, and it says so', async ({ console, guard }) => {
        guard.expectTrouble();
        const { list } = console;
        await openAtSize(console, 50);
        await list.shows(1, 50, 180);
        const seen = await walk(list, 180);
        expect(seen.length).toBe(180);
        expect(seen.filter((it, idx) => seen.indexOf(it) !== idx)).toEqual([]);
        await expect(list.says(t('list.gathered_whole', { total: 180 }))).toBeVisible();
      });
    });

    test.describe('and there are more than can be reached', () => {
      test.use({ keys: 745, switches: { paging, 'max-limit': 50 } });

      test('the list says how many it could gather, and shows exactly those', async ({ console, guard }) => {
        guard.expectTrouble();
        const { list } = console;
        await openAtSize(console, 50);
        await list.shows(1, 50, 745);
        await list.next.click();
        const banner = list.says(holding(t('list.gathered_short', { got: '#', total: 745 }).split('#')[1]));
        await expect(banner).toBeVisible();
        const got = Number(/([\d,]+) of 745/.exec(await banner.innerText())[1].replaceAll(',', ''));
        expect(got).toBeGreaterThan(100);
        expect(got).toBeLessThan(745);
        await list.first.click();
        await list.shows(1, 50, 745);
        // The last page offered ends with the last key gathered, not with the total.
        await list.last.click();
        await expect(list.range).toHaveText(holding(`–${number(got)} of 745`));
        await expect(list.next).toBeDisabled();
        await list.first.click();
        const seen = await walk(list, 745);
        expect(seen.length).toBe(got);
        expect(new Set(seen).size).toBe(got);
        await expect(banner).toBeVisible();
      });
    });
  });
}

for (const [overLimit, limit, shownLimit] of [
  ['clamp', 40, 40],
  ['refuse', 40, 25],
]) {
  test.describe(`at most ${limit} rows an answer (${overLimit})`, () => {
    test.use({ keys: 130, switches: { 'max-limit': limit, 'over-limit': overLimit } });

    test('every key is reachable, once, and the list says what happens', async ({ console, guard }) => {
      guard.expectTrouble();
      const { list } = console;
      await openAtSize(console, 100);
      await list.shows(1, shownLimit, 130);
      await expect(list.says(t('list.smaller_pages', { n: String(shownLimit) }))).toBeVisible();
      const seen = await walk(list, 130);
      expect(seen.length).toBe(130);
      expect(new Set(seen).size).toBe(130);
    });
  });
}

test.describe('at most 40 rows an answer, and no pages', () => {
  test.use({ keys: 130, switches: { 'max-limit': 40, paging: 'ignored' } });

  test('what cannot be gathered is not claimed', async ({ console }) => {
    const { list } = console;
    await openAtSize(console, 50);
    await list.next.click();
    await expect(list.says(/could be gathered|were gathered/)).toBeVisible();
    await list.first.click();
    const seen = await walk(list, 130);
    expect(new Set(seen).size).toBe(seen.length);
    const isWhole = await list.says(t('list.gathered_whole', { total: 130 })).isVisible();
    expect(isWhole).toBe(seen.length === 130);
    if (!isWhole) await expect(list.says(t('list.gathered_short', { got: seen.length, total: 130 }))).toBeVisible();
  });
});
