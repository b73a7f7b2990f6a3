// What the reader makes of the list: columns, density, groups, sums, and what changed since it was read.

import { violations } from '../support/axe.mjs';
import { holdClock } from '../support/clock.mjs';
import { ListView } from '../support/pages/list_view.mjs';
import { PREFIX, expect, test } from '../support/test.mjs';
import { number, t } from '../support/texts.mjs';

const COLUMNS = ['title', 'key', 'state', 'used', 'type', 'licences', 'created', 'expires', 'creator'].map((it) =>
  t(`list.column_${it}`),
);
const [TITLE, KEY, STATE, USED] = COLUMNS;
const CREATED = t('list.column_created');
const TAGS = t('key.field_tags');

async function clean(page, what) {
  expect(await violations(page), what).toEqual([]);
}

async function widthOf(view, column) {
  return Math.round((await view.head(column).boundingBox()).width);
}

test.describe('columns', () => {
  test('are shown, hidden and moved by mouse, kept over a reload, and reset in one step', async ({ signedIn, page }) => {
    const view = new ListView(signedIn);
    expect(await view.heads()).toEqual(COLUMNS);
    await view.open();
    await expect(view.shown(TITLE)).toBeDisabled();
    await expect(view.shown(TITLE)).toBeChecked();
    await expect(view.up(TITLE)).toHaveCount(0);
    await expect(view.reset).toHaveAttribute('aria-disabled', 'true');
    await view.shown(CREATED).uncheck();
    await view.shown(TAGS).check();
    await view.up(STATE).click();
    await expect(view.said).toHaveText(t('layout.moved', { column: STATE, place: '2', count: '12' }));
    await expect(view.up(STATE)).toBeFocused();
    await expect(view.up(STATE)).toHaveAttribute('aria-disabled', 'true');
    await clean(page, 'the dialog');
    await view.close();
    await expect(view.button).toBeFocused();
    const wanted = [TITLE, STATE, KEY, ...COLUMNS.slice(3).filter((it) => it !== CREATED), TAGS];
    expect(await view.heads()).toEqual(wanted);

    await page.reload();
    await signedIn.list.loaded();
    expect(await view.heads()).toEqual(wanted);
    await view.open();
    await view.reset.click();
    await expect(view.said).toHaveText(t('layout.was_reset'));
    await view.close();
    expect(await view.heads()).toEqual(COLUMNS);
    expect(await page.evaluate(() => localStorage.getItem('latchkey.layouts'))).toBeNull();
  });

  test('are arranged by the keyboard alone', async ({ signedIn, page }) => {
    const view = new ListView(signedIn);
    const press = (key) => page.keyboard.press(key);
    await view.button.focus();
    await press('Enter');
    await expect(view.dialog).toBeVisible();
    await view.shown(KEY).focus();
    await press('Space');
    await expect(view.shown(KEY)).not.toBeChecked();
    await press('Alt+ArrowDown');
    await expect(view.shown(KEY)).toBeFocused();
    await press('Alt+ArrowDown');
    await expect(view.said).toHaveText(t('layout.moved', { column: KEY, place: '4', count: '12' }));
    await press('Space');
    await press('Tab');
    await expect(view.width(KEY)).toBeFocused();
    await page.keyboard.type('5');
    await press('Tab');
    // As near as it may be.
    await expect(view.width(KEY)).toHaveValue('64');
    await press('Shift+Tab');
    await press('ArrowUp');
    await press('ArrowUp');
    await press('Tab');
    await expect(view.width(KEY)).toHaveValue('96');
    await press('Escape');
    await expect(view.dialog).toBeHidden();
    expect((await view.heads()).slice(0, 4)).toEqual([TITLE, STATE, USED, KEY]);
    expect(await widthOf(view, KEY)).toBe(96);
  });

  test('are dragged in the dialog', async ({ signedIn, page }) => {
    const view = new ListView(signedIn);
    await view.open();
    const grip = view.grip(USED);
    const to = await view.shown(KEY).boundingBox();
    await grip.hover();
    await page.mouse.down();
    await page.mouse.move(to.x + 5, to.y + 20, { steps: 4 });
    await page.mouse.move(to.x + 5, to.y + 5, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => view.order()).toEqual([TITLE, USED, KEY, STATE, ...COLUMNS.slice(4), ...(await view.order()).slice(9)]);
    // Let go is let go.
    await view.shown(STATE).hover();
    expect((await view.order())[1]).toBe(USED);
  });

  test('are made wider by their edge, by mouse and by keyboard, and fit by themselves again', async ({ signedIn, page }) => {
    const view = new ListView(signedIn);
    const before = await widthOf(view, STATE);
    const edge = await view.edge(STATE).boundingBox();
    await page.mouse.move(edge.x + edge.width - 2, edge.y + 8);
    await page.mouse.down();
    await page.mouse.move(edge.x + edge.width + 58, edge.y + 8, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => widthOf(view, STATE)).toBe(before + 60);
    // A drag is no sort.
    await expect(view.head(TITLE)).toHaveAttribute('aria-sort', 'ascending');

    await view.head(STATE).focus();
    await page.keyboard.press('F2');
    await page.keyboard.press('ArrowRight');
    await expect(view.edge(STATE)).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => widthOf(view, STATE)).toBe(before + 76);
    await expect(view.edge(STATE)).toBeFocused();
    await expect(view.edge(STATE)).toHaveAttribute('aria-valuenow', String(before + 76));
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => widthOf(view, STATE)).toBe(before + 12);
    await page.keyboard.press('Home');
    await expect.poll(() => widthOf(view, STATE)).toBe(64);
    await clean(page, 'a list with widths');
    await page.keyboard.press('Delete');
    await expect(view.edge(STATE)).toHaveAttribute('aria-valuetext', t('grid.width_auto'));
    await page.keyboard.press('Escape');
    await expect(view.head(STATE)).toBeFocused();
  });

  test('belong to one connection, and damaged or foreign text is no reason to stop', async ({ console, page }) => {
    const connections = [
      { id: 'main', name: 'Main', system: 'qualys-gateway', base_url: '/' },
      { id: 'eu1', name: 'Europe 1', system: 'qualys-gateway', base_url: PREFIX },
    ];
    await page.route('**/config.json', (route) => route.fulfill({ json: { version: 1, connections } }));
    const view = new ListView(console);
    await console.open();
    await console.signIn();
    await console.list.loaded();
    await view.arrange(() => view.shown(KEY).uncheck());
    await console.switcher.goTo('Europe 1');
    await console.signIn();
    await console.list.loaded();
    expect(await view.heads()).toEqual(COLUMNS);
    await console.switcher.goTo('Main');
    await console.list.loaded();
    expect(await view.heads()).toEqual(COLUMNS.filter((it) => it !== KEY));

    await page.evaluate(() => localStorage.setItem('latchkey.layouts', '{"version":1,"lists":{"main":{"system":7,"columns":"x"}'));
    await page.reload();
    await console.list.loaded();
    expect(await view.heads()).toEqual(COLUMNS);
    // That of a later console is left alone, and what is arranged now holds in this tab.
    const later = '{"version":9,"lists":[]}';
    await page.evaluate((it) => localStorage.setItem('latchkey.layouts', it), later);
    await page.reload();
    await console.list.loaded();
    await view.arrange(() => view.shown(KEY).uncheck());
    expect(await view.heads()).toEqual(COLUMNS.filter((it) => it !== KEY));
    expect(await page.evaluate(() => localStorage.getItem('latchkey.layouts'))).toBe(later);
  });

  test('of two tabs: what both arranged holds', async ({ signedIn, page, context, gateway }) => {
    const view = new ListView(signedIn);
    const second = await context.newPage();
    const { Console } = await import('../support/pages.mjs');
    const other = new Console(second, gateway);
    await other.open();
    await other.signIn();
    await other.list.loaded();
    const otherView = new ListView(other);
    await view.arrange(() => view.shown(KEY).uncheck());
    await expect.poll(() => otherView.heads()).not.toContain(KEY);
    await otherView.arrange(() => otherView.shown(CREATED).uncheck());
    const both = COLUMNS.filter((it) => it !== KEY && it !== CREATED);
    await expect.poll(() => view.heads()).toEqual(both);
    await page.reload();
    await signedIn.list.loaded();
    expect(await view.heads()).toEqual(both);
  });
});

test('density changes how close rows stand, and is kept', async ({ signedIn, page }) => {
  const view = new ListView(signedIn);
  const height = async () => (await signedIn.list.table.getByRole('row').nth(4).boundingBox()).height;
  const normal = await height();
  await view.arrange(() => view.density.selectOption({ label: t('layout.compact') }));
  await expect.poll(height).toBeLessThan(normal);
  await clean(page, 'compact');
  await page.reload();
  await signedIn.list.loaded();
  await expect.poll(height).toBeLessThan(normal);
  await view.arrange(() => view.density.selectOption({ label: t('layout.roomy') }));
  await expect.poll(height).toBeGreaterThan(normal);
});

test.describe('a reload', () => {
  test.use({ keys: 130 });

  test('brings back query, sort, page size, columns, density and scroll', async ({ signedIn, page }) => {
    const { list, query } = signedIn;
    const view = new ListView(signedIn);
    await view.arrange(async () => {
      await view.shown(KEY).uncheck();
      await view.density.selectOption({ label: t('layout.compact') });
    });
    await query.text.fill('used >= 0');
    await page.keyboard.press('Enter');
    await list.sortBy('list.column_expires');
    await list.size.selectOption('50');
    await expect(list.openers).toHaveCount(50);
    const [rows, heads] = [await list.titles(), await view.heads()];
    await page.evaluate(() => scrollTo(0, 700));
    await expect.poll(() => page.evaluate(() => JSON.stringify(history.state))).toContain('top');
    await page.reload();
    await list.loaded();
    await expect(query.text).toHaveValue('used >= 0');
    await expect(list.size).toHaveValue('50');
    await expect(view.head(t('list.column_expires'))).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(() => list.titles()).toEqual(rows);
    expect(await view.heads()).toEqual(heads);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(700);
    await view.open();
    await expect(view.density).toHaveValue('compact');
  });

  test('of a plain address has the reader’s own page size, and a link beats it', async ({ signedIn, page }) => {
    const { list } = signedIn;
    await list.size.selectOption('100');
    await expect(list.openers).toHaveCount(100);
    await page.goto('/');
    await list.loaded();
    await list.shows(1, 100, 130);
    await expect(page).toHaveURL(/\?size=100$/);
    await page.goto('/?size=50');
    await list.loaded();
    await list.shows(1, 50, 130);
    // A link without a size was made with the usual one: its page 2 begins where it said.
    await page.goto('/?page=2');
    await list.loaded();
    await list.shows(26, 50, 130);
  });
});

test.describe('groups', () => {
  test.use({ keys: 130 });

  /** How many keys have each value, by the gateway's own keys. */
  function tally(keys, values) {
    const res = new Map();
    for (const key of keys) {
      const found = [...new Set(values(key))];
      for (const value of found.length > 0 ? found : [undefined]) res.set(value, (res.get(value) ?? 0) + 1);
    }
    return res;
  }

  test('have the counts of the gateway’s own keys, and open and close each and all', async ({ signedIn, page, gateway }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    const stored = await gateway.keys();
    await view.arrange(() => view.group.selectOption({ label: t('key.field_creator') }));
    const close = list.main.getByRole('button', { name: t('group.close_all'), exact: true });
    await close.click();
    const wanted = tally(stored, (it) => [`${it.firstName} ${it.lastName} (${it.userName})`]);
    const texts = [...wanted].map(([who, n]) => `${who} ${number(n)}`).sort();
    await expect.poll(async () => (await view.groups()).sort()).toEqual(texts);
    await clean(page, 'closed groups');
    await expect(list.openers).toHaveCount(0);

    const first = view.heading((await view.groups())[0]);
    await expect(first).toHaveAttribute('aria-expanded', 'false');
    await first.click();
    await expect(first).toHaveAttribute('aria-expanded', 'true');
    await expect(list.openers.first()).toBeVisible();
    await first.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(first).toHaveAttribute('aria-expanded', 'false');
    await expect(first).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(first).toHaveAttribute('aria-expanded', 'true');
    await list.main.getByRole('button', { name: t('group.open_all'), exact: true }).click();
    await clean(page, 'open groups');

  });

  test('put a key with two licences into two of them, and keys by the month they end in', async ({ signedIn, page, gateway }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    const stored = await gateway.keys();
    const close = list.main.getByRole('button', { name: t('group.close_all'), exact: true });
    await view.arrange(() => view.group.selectOption({ label: t('key.field_licences') }));
    await close.click();
    const licences = tally(stored, (it) => it.licenses);
    await expect.poll(async () => (await view.groups()).length).toBe(licences.size);
    const counts = (await view.groups()).map((it) => Number(/(\d+)$/.exec(it)[1])).sort((a, b) => a - b);
    expect(counts).toEqual([...licences.values()].sort((a, b) => a - b));

    await view.arrange(() => view.group.selectOption({ label: t('layout.group_month') }));
    await close.click();
    const months = tally(stored, (it) => (it.expireDate ? [it.expireDate.slice(0, 7)] : []));
    // The head is a row, too.
    await expect(view.grid).toHaveAttribute('aria-rowcount', String(months.size + 1));
    await view.heading((await view.groups())[0]).focus();
    await page.keyboard.press('Control+End');
    await expect(view.heading(`${t('group.nothing')} ${months.get(undefined)}`)).toBeVisible();
    await page.reload();
    await expect.poll(async () => (await view.groups()).length).toBeGreaterThan(0);
  });

  test('a row that is picked in a group is picked as its key', async ({ signedIn }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    await view.arrange(() => view.group.selectOption({ label: t('key.field_state') }));
    await expect.poll(async () => (await view.groups()).length).toBeGreaterThan(0);
    const title = (await list.titles()).find((it) => !it.startsWith('('));
    await list.row(title).getByRole('checkbox').check();
    await expect(list.row(title)).toHaveAttribute('aria-selected', 'true');
    await view.arrange(() => view.group.selectOption({ label: t('layout.no_groups') }));
    await expect(view.sums('totals.selected').first()).toHaveText(t('list.result', { n: 1 }));
  });
});

test.describe('sums', () => {
  test.use({ keys: 130 });

  function sums(keys) {
    const limited = keys.filter((it) => it.countPurchased > 0);
    const unlimited = keys.length - limited.length;
    const used = keys.reduce((sum, it) => sum + it.countUsed, 0);
    const free = limited.reduce((sum, it) => sum + Math.max(0, it.countPurchased - it.countUsed), 0);
    return [
      t('list.result', { n: keys.length }),
      t('totals.used', { what: t('key.agents', { n: used }) }),
      ...(limited.length > 0 ? [t('totals.free', { n: free })] : []),
      ...(unlimited > 0 ? [t('totals.unlimited', { n: unlimited })] : []),
    ];
  }

  test('are those of the page, of all keys once they are loaded, and of what is picked', async ({ signedIn, page, gateway }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    const stored = await gateway.keys();
    const page1 = (await gateway.search({ limit: 25, sortOrder: 'ASC', orderBy: 'TITLE', query: '' })).content.map((it) =>
      stored.find((key) => key.id === it.id),
    );
    expect(page1.length).toBe(25);
    await expect(view.sums('totals.page')).toHaveText(sums(page1));
    await list.main.getByRole('button', { name: t('totals.load'), exact: true }).click();
    await expect(view.sums('totals.all')).toHaveText(sums(stored));
    await clean(page, 'sums');

    const titles = (await list.titles()).filter((it) => !it.startsWith('(')).slice(0, 3);
    for (const title of titles) await list.row(title).getByRole('checkbox').check();
    const picked = stored.filter((it) => titles.includes(it.title));
    await expect(view.sums('totals.selected')).toHaveText(sums(picked));
    await list.next.click();
    await expect(view.sums('totals.selected')).toHaveText(sums(picked));
    await expect(view.sums('totals.all')).toHaveText(sums(stored));
  });

  test('that cannot be loaded say so and can be tried again', async ({ signedIn, page, gateway, guard }) => {
    guard.expectTrouble();
    const { list } = signedIn;
    const view = new ListView(signedIn);
    await page.route('**/caui/v1/activation-keys/manage', (route) => route.fulfill({ status: 403, json: { message: 'no' } }));
    await list.main.getByRole('button', { name: t('totals.load'), exact: true }).click();
    await expect(list.says(t('totals.failed'))).toBeVisible();
    await clean(page, 'sums that failed');
    await page.unroute('**/caui/v1/activation-keys/manage');
    await list.main.getByRole('button', { name: t('error.retry'), exact: true }).click();
    await expect(view.sums('totals.all')).toHaveText(sums(await gateway.keys()));
  });
});

test.describe('what changed behind the console’s back', () => {
  test.use({ keys: 12 });

  test('is marked on its row and summed up, and can be dismissed', async ({ signedIn, page, gateway }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    const stored = (await gateway.keys()).filter((it) => it.title !== '' && it.activeAgents === 0);
    const [switched, limited, gone] = stored;
    await gateway.patchKey(switched.id, { isDisabled: !switched.isDisabled });
    await gateway.patchKey(limited.id, { countPurchased: limited.countPurchased + 7, countUsed: limited.countUsed + 1 });
    await gateway.addKeys({ title: 'Fresh 1' }, { title: 'Fresh 2' });
    await gateway.deleteKey(gone.id);
    await list.refresh.click();
    const words = [t('news.new', { n: 2 }), t('news.changed', { n: 2 }), t('news.gone', { n: 1 })].join(', ');
    await expect(view.news(words)).toBeVisible();
    await expect(view.news(t('news.gone_names', { titles: gone.title }))).toBeVisible();
    await expect(view.mark('Fresh 1', t('news.mark_new'))).toBeVisible();
    await expect(view.mark(switched.title, t('news.mark_changed', { fields: t('key.field_state') }))).toBeVisible();
    const fields = [t('key.field_used'), t('key.field_limit')].join(', ');
    await expect(view.mark(limited.title, t('news.mark_changed', { fields }))).toBeVisible();
    await clean(page, 'marks');
    await page.emulateMedia({ colorScheme: 'dark' });
    await clean(page, 'marks in the dark');
    await page.emulateMedia({ colorScheme: 'light' });

    await view.dismiss.click();
    await expect(view.dismiss).toBeHidden();
    await expect(view.mark('Fresh 1', t('news.mark_new'))).toBeHidden();
    await list.refresh.click();
    await expect(view.news(t('news.nothing', { when: '' }).replace(' .', ''))).toBeVisible();
  });

  test('is told apart from what the reader changed', async ({ signedIn, gateway }) => {
    const { list, enable } = signedIn;
    const view = new ListView(signedIn);
    const [mine, theirs] = (await gateway.keys()).filter((it) => it.title !== '' && !it.isDisabled);
    await gateway.patchKey(theirs.id, { isDisabled: true });
    await list.act(mine.title, 'disable');
    await enable.disable.click();
    await expect(view.mark(theirs.title, t('news.mark_changed', { fields: t('key.field_state') }))).toBeVisible();
    await expect(view.news(t('news.changed', { n: 1 }))).toBeVisible();
    await expect(list.row(mine.title).getByText(t('news.mark_changed', { fields: t('key.field_state') }))).toHaveCount(0);
  });
});

test.describe('a refresh', () => {
  test.use({ keys: 130 });

  for (const mode of ['paged', 'continuous']) {
    test(`moves neither focus, selection nor scroll (${mode})`, async ({ signedIn, page, gateway }) => {
      const { list } = signedIn;
      const view = new ListView(signedIn);
      if (mode === 'continuous') {
        await view.arrange(() => view.mode.selectOption({ label: t('layout.continuous') }));
        await list.shows(1, 130, 130);
      } else {
        for (const from of [26, 51]) {
          await list.next.click();
          await list.shows(from, from + 24, 130);
        }
      }
      const titles = (await list.titles()).filter((it) => !it.startsWith('('));
      const title = titles.at(4);
      await list.row(title).getByRole('checkbox').check();
      await list.row(title).getByRole('rowheader').focus();
      await expect(list.row(title).getByRole('rowheader')).toBeFocused();
      await page.evaluate(() => scrollTo(0, 120));
      const scroll = () => page.evaluate(() => [scrollY, document.querySelector('.grid-scroll').scrollTop]);
      const before = await scroll();
      const changed = (await gateway.keys()).find((it) => it.title === titles.at(3));
      await gateway.patchKey(changed.id, { isDisabled: !changed.isDisabled });
      // Asked for without a pointer: the click of a mouse moves the focus to the button, as it should.
      await list.refresh.evaluate((it) => it.click());
      await expect(view.mark(changed.title, t('news.mark_changed', { fields: t('key.field_state') }))).toBeVisible();
      await expect(list.row(title).getByRole('rowheader')).toBeFocused();
      await expect(list.row(title)).toHaveAttribute('aria-selected', 'true');
      expect((await scroll())[1]).toBe(before[1]);
    });
  }

  test('says how old the rows are, going on by itself, with the moment behind it', async ({ console, page }) => {
    await holdClock(page);
    await console.open();
    await console.signIn();
    await console.list.loaded();
    const age = (text) => console.list.main.getByRole('button', { name: text, exact: true });
    await expect(age(t('age.now'))).toBeVisible();
    await page.clock.runFor(3 * 60_000);
    const later = age(t('age.ago', { when: '3 minutes ago' }));
    await expect(later).toBeVisible();
    await later.click();
    await expect(later).toHaveAttribute('aria-expanded', 'true');
    await expect(console.list.main.getByText(/\d{4}, \d\d:\d\d UTC$/)).toBeVisible();
    await clean(page, 'age');
    await console.list.refresh.click();
    await expect(age(t('age.now'))).toBeVisible();
  });
});

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 700 }, keys: 12 });

  test('the list is arranged, grouped and marked, and nothing hangs over', async ({ signedIn, page, gateway }) => {
    const { list } = signedIn;
    const view = new ListView(signedIn);
    const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await view.open();
    await view.shown(TAGS).check();
    await clean(page, 'the dialog at 320 px');
    expect(await overhang()).toBe(0);
    await view.close();
    const key = (await gateway.keys()).find((it) => it.title !== '');
    await gateway.patchKey(key.id, { isDisabled: !key.isDisabled });
    await list.refresh.click();
    await expect(view.news(t('news.changed', { n: 1 }))).toBeVisible();
    await clean(page, 'marks at 320 px');
    expect(await overhang()).toBe(0);
    await view.arrange(() => view.group.selectOption({ label: t('key.field_state') }));
    await expect.poll(async () => (await view.groups()).length).toBeGreaterThan(0);
    await clean(page, 'groups at 320 px');
    expect(await overhang()).toBe(0);
  });
});
