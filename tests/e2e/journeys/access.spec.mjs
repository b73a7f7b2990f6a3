// For everybody: axe on every screen and dialog in both themes, small screens, zoom, the keyboard alone, forced colours.

import { violations } from '../support/axe.mjs';
import { CALLS } from '../support/control.mjs';
import { held } from '../support/hold.mjs';
import { expect, test } from '../support/test.mjs';
import { inDays, t } from '../support/texts.mjs';

test.use({ keys: 30 });
test.beforeEach(({ guard }) => guard.expectTrouble());

/** No rule of axe is broken. Soft, so that one run names every screen that has a fault. */
async function clean(page, name) {
  // A dialog or toast that is fading in has no final colours yet.
  await page.evaluate(() => {
    const ends = (it) => Number.isFinite(it.effect?.getComputedTiming().endTime);
    const finished = document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {}));
    return Promise.all(finished).then(() => {});
  });
  expect.soft(await violations(page), name).toEqual([]);
}

for (const colorScheme of ['light', 'dark']) {
  test.describe(`axe finds nothing in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('on the sign-in', async ({ console, page }) => {
      const { door } = console;
      await console.open();
      await expect(door.heading).toBeVisible();
      await clean(page, 'sign-in');
      await door.submit.click();
      await clean(page, 'sign-in with missing fields');
      await door.withPassword('somebody', 'wrong');
      await expect(door.alert).toContainText(t('sign_in.refused'));
      await clean(page, 'sign-in refused');
      await door.byToken.click();
      await door.scope.getByText(t('sign_in.platforms'), { exact: true }).click();
      await clean(page, 'token and platforms');
    });

    test('on the list and all its states', async ({ signedIn, page, context, gateway }) => {
      const { list, query } = signedIn;
      await clean(page, 'list');
      const title = (await list.titles()).find((it) => !it.startsWith(t('key.no_title')));
      await list.reveal(title).click();
      await list.row(title).getByRole('button', { name: t('list.actions', { title }), exact: true }).click();
      await expect(page.getByRole('menuitem').first()).toBeFocused();
      await clean(page, 'revealed key and open menu');
      await page.keyboard.press('Escape');
      await query.openBuilder();
      await query.add.click();
      await query.add.click();
      await expect(query.clause(2).group).toBeVisible();
      await clean(page, 'builder');
      await query.run('(activationKey.id: 7 title: x');
      await expect(query.text).toHaveAttribute('aria-invalid', 'true');
      await clean(page, 'query with an error');
      await query.run('activationKey.id: 7');
      await expect(list.screen('list.no_match_title')).toBeVisible();
      await clean(page, 'no match');
      await query.run('');
      await list.loaded();
      await gateway.fault(CALLS.search, 'status', { status: 403, body: '{"message":"no permission"}' });
      await list.refresh.click();
      await expect(list.says(t('list.stale'))).toBeVisible();
      await clean(page, 'old rows');
      await context.setOffline(true);
      await expect(list.says(t('connection.offline_text'))).toBeVisible();
      await clean(page, 'offline');
      await context.setOffline(false);
      await gateway.fault(CALLS.search, 'status', { status: 403, body: '{"message":"no permission"}', times: 9 });
      await page.reload();
      await expect(list.screen('list.failed_title')).toBeVisible();
      await clean(page, 'failed');
    });

    test('on creating', async ({ signedIn, page }) => {
      const { list, create } = signedIn;
      await list.newKey.click();
      await expect(create.form.title).toBeVisible();
      await clean(page, 'create');
      await create.form.limit.fill('0');
      await create.form.tags.fill('red');
      await create.form.licence('SCA').check();
      await create.form.licence('PC').check();
      await create.send.click();
      await expect(create.form.problems.first()).toBeVisible();
      await create.scope.getByText(t('curl.show'), { exact: true }).click();
      await clean(page, 'create with errors and warnings');
      await page.keyboard.press('Escape');
      await expect(create.question).toBeVisible();
      await clean(page, 'the question before leaving');
      await create.question.getByRole('button', { name: t('ui.cancel'), exact: true }).click();
      await create.form.limit.fill('10');
      await create.form.tags.fill('7340001');
      await create.form.title.fill('Clean');
      await create.send.or(create.again).click();
      await expect(create.done).toBeVisible();
      await clean(page, 'created');
    });

    test('on one key, editing, switching and deleting it', async ({ signedIn, page, gateway }) => {
      const { list, key, enable, remove } = signedIn;
      const title = 'Everything at once';
      const made = await gateway.addKey({
        title,
        countUsed: 5,
        activeAgents: 5,
        countPurchased: 5,
        expireDate: inDays(3),
        licenses: ['VM', 'GAV'],
        tags: [7340001],
      });
      await list.refresh.click();
      await list.opener(title).click();
      await expect(key.named(title)).toBeVisible();
      await key.scope.getByText(t('install.title'), { exact: true }).click();
      await clean(page, 'details');
      await key.startEdit(title);
      await key.form.title.fill('Everything and more');
      await clean(page, 'edit with preview');
      await gateway.patchKey(made.id, { networkId: 64004 });
      await key.save.click();
      await expect(key.says(t('moved.title'))).toBeVisible();
      await clean(page, 'both versions');
      await key.backToMine.click();
      await gateway.fault(CALLS.update, 'status', { status: 403, body: '{"message":"no permission"}' });
      await gateway.patchKey(made.id, { networkId: 0 });
      await key.save.or(key.again).first().click();
      await expect(key.scope).toContainText('403');
      await clean(page, 'refused edit');
      await key.back.click();
      await key.question.getByRole('button', { name: t('leave.confirm'), exact: true }).click();
      await key.cross.first().click();

      await list.act(title, 'disable');
      await expect(enable.disable).toBeVisible();
      await clean(page, 'disable');
      await enable.disable.click();
      await expect(signedIn.toast(t('write.disabled', { title }))).toBeVisible();
      await clean(page, 'toast');
      await list.act(title, 'delete');
      await remove.typed(title).fill(title);
      await clean(page, 'delete');
      await remove.confirm.click();
      await expect(remove.of(title)).toContainText('409');
      await clean(page, 'delete refused');
      await remove.cross.first().click();

      await gateway.expireTokens();
      await list.refresh.click();
      await expect(signedIn.renewal).toBeVisible();
      await clean(page, 'sign in again');
    });
  });
}

test.describe('an account without keys', () => {
  test.use({ keys: 0 });

  test('has a clean screen', async ({ console, page }) => {
    await console.open();
    await console.signIn();
    await expect(console.list.screen('list.empty_title')).toBeVisible();
    await clean(page, 'empty');
  });
});

/** The page does not scroll sideways. */
async function fits(page, name) {
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect.soft(width[0], name).toBeLessThanOrEqual(width[1]);
}

for (const [name, viewport] of [
  ['320 px', { width: 320, height: 640 }],
  // 1280 × 1024 at 400 %.
  ['400 % zoom', { width: 320, height: 256 }],
]) {
  test.describe(`at ${name}`, () => {
    test.use({ viewport });

    test('every screen fits and can be used', async ({ console, page, gateway }) => {
      const { list, create, key, query } = console;
      await console.open();
      await expect(console.door.heading).toBeVisible();
      await fits(page, 'sign-in');
      await console.door.scope.getByText(t('sign_in.platforms'), { exact: true }).click();
      await fits(page, 'platforms');
      await console.signIn();
      await list.loaded();
      await fits(page, 'list');
      await clean(page, `list at ${name}`);
      await list.next.click();
      await list.shows(26, 30, 30);
      await list.previous.click();
      await query.openBuilder();
      await query.add.click();
      await fits(page, 'builder');

      await list.newKey.click();
      await fits(page, 'create');
      await create.form.title.fill('Small screen');
      await create.form.licence('PAF').check();
      await create.send.click();
      await expect(create.done).toBeVisible();
      await fits(page, 'created');
      await clean(page, `created at ${name}`);
      await create.cross.last().click();

      await query.run('');
      await list.sortBy('list.column_created').catch(() => {});
      const title = (await list.titles()).find((it) => !it.startsWith(t('key.no_title')));
      await list.opener(title).click();
      await expect(key.named(title)).toBeVisible();
      await fits(page, 'details');
      await key.startEdit(title);
      await fits(page, 'edit');
      await clean(page, `edit at ${name}`);
      expect((await gateway.keys()).some((it) => it.title === 'Small screen')).toBe(true);
    });
  });
}

/** Presses Tab until something has the focus. */
async function tabTo(page, target, key = 'Tab') {
  for (let n = 0; n < 150; n += 1) {
    if ((await target.count()) === 1 && (await target.evaluate((it) => it === document.activeElement))) return;
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

/** Tabs to the grid, whose one stop is its current cell, and from there by arrows to a row and along it. */
async function cellOf(page, list, title, ...along) {
  await tabTo(page, list.table.locator('[tabindex="0"]'));
  await page.keyboard.press('Control+Home');
  const row = Number(await list.row(title).getAttribute('aria-rowindex'));
  for (let at = 2; at < row; at += 1) await page.keyboard.press('ArrowDown');
  for (const key of along) await page.keyboard.press(key);
  await expect(list.row(title).locator('[aria-colindex]:focus')).toBeVisible();
}

test.describe('with the keyboard alone', () => {
  test.use({ keys: 4 });

  test('sign in, search, open, edit, create, disable, delete, sign out', async ({ console, page, gateway }) => {
    const { list, query, create, key, enable, remove } = console;
    const press = (it) => page.keyboard.press(it);
    await gateway.addKey({ title: 'By hand' });
    await console.open();
    await expect(console.door.user).toBeFocused();
    await page.keyboard.type(console.account.user);
    await press('Tab');
    await expect(console.door.password).toBeFocused();
    await page.keyboard.type(console.account.password);
    await press('Enter');
    await list.shows(1, 5, 5);

    // The skip link is the first stop and leads into the main part.
    await page.evaluate(() => document.activeElement?.blur?.());
    await press('Tab');
    await expect(page.getByRole('link', { name: t('ui.skip'), exact: true })).toBeFocused();
    await press('Enter');
    await expect(list.main).toBeFocused();

    await tabTo(page, query.text);
    await page.keyboard.type('activationKey.isDisabled: false');
    await press('Enter');
    await expect(page).toHaveURL(/q=/);
    await list.loaded();

    await cellOf(page, list, 'By hand', 'Home', 'ArrowRight');
    await press('Enter');
    await expect(key.named('By hand')).toBeVisible();
    await tabTo(page, key.edit);
    await press('Enter');
    await expect(key.form.title).toBeFocused();
    await press('End');
    await page.keyboard.type(', edited');
    await press('Enter');
    await expect(key.says(t('write.as_asked'))).toBeVisible();
    await press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(list.opener('By hand, edited')).toBeVisible();

    await tabTo(page, list.newKey);
    await press('Enter');
    await expect(create.form.title).toBeFocused();
    await page.keyboard.type('Typed');
    await press('Enter');
    await expect(create.done).toBeVisible();
    await press('Escape');
    await expect(create.scope).toBeHidden();
    await expect(list.newKey).toBeFocused();

    await cellOf(page, list, 'Typed', 'End');
    await press('Enter');
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: t('list.action_disable'), exact: true })).toBeFocused();
    await press('Enter');
    await tabTo(page, enable.disable);
    await press('Enter');
    await expect(console.toast(t('write.disabled', { title: 'Typed' }))).toBeVisible();

    await tabTo(page, query.clear);
    await press('Enter');
    await expect(list.opener('Typed')).toBeVisible();
    await cellOf(page, list, 'Typed', 'End');
    await press('Enter');
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await press('End');
    await press('Enter');
    await tabTo(page, remove.confirm);
    await press('Enter');
    await expect(console.toast(t('write.deleted', { title: 'Typed' }))).toBeVisible();
    expect((await gateway.keys()).map((it) => it.title)).not.toContain('Typed');

    await tabTo(page, console.signOut, 'Shift+Tab');
    await press('Enter');
    await expect(console.door.heading).toBeVisible();
  });
});

test('forced colours keep the focus visible and states told by more than colour', async ({ signedIn, page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signedIn.list.newKey.focus();
  await page.keyboard.press('Shift+Tab');
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return { style: style.outlineStyle, width: Number.parseFloat(style.outlineWidth) };
  });
  expect(outline.style).not.toBe('none');
  expect(outline.width).toBeGreaterThanOrEqual(2);
  await clean(page, 'list in forced colours');
  await signedIn.list.newKey.click();
  await clean(page, 'create in forced colours');
});

test('reduced motion leaves nothing but a slow ring', async ({ signedIn, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const letGo = await held(page, CALLS.search);
  await signedIn.list.refresh.click();
  await expect(signedIn.list.refresh).toHaveAttribute('aria-busy', 'true');
  await signedIn.list.newKey.click();
  await expect(signedIn.create.form.title).toBeVisible();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((it) => it.playState === 'running')
      // The ring that says "working" stays, at a quarter of a turn a second.
      .filter((it) => it.effect.getComputedTiming().duration > 10 && it.effect.getComputedTiming().duration < 4000)
      .map((it) => `${it.animationName ?? it.transitionProperty} ${it.effect.target.className}`),
  );
  expect(moving).toEqual([]);
  letGo();
});

test('the theme that is chosen wins over the system’s, and stays after a reload', async ({ signedIn, page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background();
  const menu = (theme) => page.getByRole('banner').getByRole('button', { name: t('shell.theme', { theme: t(`shell.theme_${theme}`) }), exact: true });
  await menu('system').click();
  await page.getByRole('menuitem', { name: t('shell.theme_dark'), exact: true }).click();
  await expect.poll(background).not.toBe(light);
  await page.reload();
  await expect(menu('dark')).toBeVisible();
  expect(await background()).not.toBe(light);
});
