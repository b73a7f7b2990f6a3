// Starting: only the bytes that were released run, each reason for not starting has a screen that says it, and nothing
// that somebody plants in the page becomes code.

import { violations } from '../support/axe.mjs';
import { FILES, flip, servePage, serveAs, startHolding, withhold } from '../support/files.mjs';
import { Boot } from '../support/pages/boot.mjs';
import { expect, test } from '../support/test.mjs';

test.use({ keys: 5 });
test.beforeEach(({ guard }) => guard.expectBreak());

test.describe('one flipped bit', () => {
  for (const name of ['wasm', 'glue', 'css']) {
    test(`in the ${name} and nothing starts; with the right bytes it does`, async ({ console, page, gateway }) => {
      const boot = new Boot(page);
      await gateway.clearLog();
      const right = await flip(page, FILES[name]);
      await console.open();
      await expect(boot.changed).toBeVisible();
      await expect(boot.scope).toContainText(/latchkey-[0-9a-f]+(_bg)?\.(wasm|js|css)/);
      await expect(console.door.heading).toBeHidden();
      expect(await gateway.log()).toEqual([]);

      await right();
      await boot.again.click();
      await expect(console.door.heading).toBeVisible();
    });
  }

  test('in the boot module itself: the page says so without a script', async ({ console, page }) => {
    await flip(page, FILES.boot);
    await console.open();
    const late = page.getByText('a script of this page was blocked, or is not the one that was released');
    await expect(late).toBeHidden();
    await page.evaluate(() => document.getAnimations().forEach((it) => it.finish()));
    await expect(late).toBeVisible();
    await expect(console.door.heading).toBeHidden();
  });
});

test.describe('each reason for not starting has its screen', () => {
  for (const [how, file] of [['failed', 'wasm'], ['missing', 'wasm'], ['failed', 'glue'], ['missing', 'glue'], ['failed', 'css']]) {
    test(`the ${file} is ${how}`, async ({ console, page }) => {
      const boot = new Boot(page);
      await withhold(page, FILES[file], how);
      await console.open();
      await expect(boot.title('A part of the console did not arrive')).toBeVisible();
      await expect(boot.scope).toContainText('latchkey-');
      await page.unrouteAll();
      await boot.again.click();
      await expect(console.door.heading).toBeVisible();
    });
  }

  test('the download stops', async ({ console, page }) => {
    const boot = new Boot(page);
    await page.clock.install();
    await withhold(page, FILES.wasm, 'silent');
    await page.goto('/', { waitUntil: 'commit' });
    await expect(boot.progress).toBeHidden();
    await expect.poll(() => page.clock.runFor(1_000).then(() => boot.progress.isVisible())).toBe(true);
    await page.clock.runFor(30_000);
    await expect(boot.title('The download of the console has stopped')).toBeVisible();
    await expect(console.door.heading).toBeHidden();
  });

  test('the policy of the server forbids WebAssembly', async ({ browser, baseURL }) => {
    // A page that the guard does not watch: it is meant to violate a policy.
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await servePage(page, (it) => it, { 'content-security-policy': "script-src 'self'" });
    await page.goto('/');
    await expect(new Boot(page).title('The server does not allow the console to start')).toBeVisible();
    await expect(page.getByRole('main')).toContainText('Refused by: script-src');
    await context.close();
  });

  for (const [lacks, remove] of [
    ['WebAssembly', () => delete globalThis.WebAssembly],
    ['dialog elements', () => delete HTMLDialogElement.prototype.showModal],
    ['popovers, nested style rules', () => {
      delete HTMLElement.prototype.popover;
      const { supports } = CSS;
      CSS.supports = (text) => text !== 'selector(&)' && supports.call(CSS, text);
    }],
  ]) {
    test(`the browser lacks ${lacks}`, async ({ console, page }) => {
      await page.addInitScript(remove);
      await console.open();
      await expect(new Boot(page).title('This browser is too old for the console')).toBeVisible();
      await expect(page.getByRole('main')).toContainText(`It lacks: ${lacks}.`);
    });
  }

  test('a start that fails', async ({ console, page }) => {
    // Without a body the program cannot mount.
    await page.addInitScript(() => {
      Document.prototype.createElement = new Proxy(Document.prototype.createElement, {
        apply(target, document, [name]) {
          if (/^(div|main|section)$/.test(name)) throw new Error('refused: 7f1c');
          return Reflect.apply(target, document, [name]);
        },
      });
    });
    await console.open();
    const boot = new Boot(page);
    await expect(boot.stopped.or(boot.title('The console could not start'))).toBeVisible();
    expect(await console.dom()).not.toContain('7f1c');
  });
});

test('a server that calls the program something else does not keep it from starting', async ({ console, page }) => {
  await serveAs(page, FILES.wasm, { 'content-type': 'application/octet-stream' });
  await console.open();
  await expect(console.door.heading).toBeVisible();
});

test('a slow download shows how far it is', async ({ browser, gateway, baseURL }) => {
  const holding = await startHolding(baseURL);
  const context = await browser.newContext({ baseURL: holding.url });
  const page = await context.newPage();
  await page.goto('/', { waitUntil: 'commit' });
  const { progress } = new Boot(page);
  await expect(progress).toBeVisible();
  await expect.poll(() => progress.evaluate((it) => it.value)).toBeCloseTo(0.5, 1);
  expect(await violations(page)).toEqual([]);
  holding.letGo();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await context.close();
  await holding.stop();
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on a screen in the ${colorScheme} theme, which fits a small one`, async ({ console, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    await flip(page, FILES.glue);
    await console.open();
    const boot = new Boot(page);
    await expect(boot.changed).toBeFocused();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.keyboard.press('Tab');
    await expect(boot.again).toBeFocused();
  });
}

test.describe('nothing that is planted becomes code', () => {
  test('an inline script in the page does not run, and the console starts', async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await page.addInitScript(() => {
      globalThis.refused = [];
      addEventListener('securitypolicyviolation', (ev) => globalThis.refused.push(ev.effectiveDirective));
    });
    const planted = '<script>globalThis.planted = true</script><img src="data:," onerror="globalThis.planted = true">';
    await servePage(page, (it) => {
      const changed = it.replace(/<body[^>]*>/, `$&${planted}`);
      expect(changed).not.toBe(it);
      return changed;
    });
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    expect(await page.evaluate(() => globalThis.planted)).toBeUndefined();
    expect(await page.evaluate(() => [...new Set(globalThis.refused)].toSorted())).toEqual(['script-src-attr', 'script-src-elem']);
    await context.close();
  });

  test('no text becomes markup, a script or a worker', async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    const refused = await page.evaluate(() => {
      const tries = {
        markup: () => document.createElement('template').setHTMLUnsafe('<b>x</b>'),
        inner: () => (document.createElement('div').innerHTML = '<b>x</b>'),
        script: () => (document.createElement('script').src = '/x.js'),
        worker: () => new Worker('/x.js'),
        other: () => globalThis.trustedTypes.createPolicy('other', {}),
        parsed: () => new DOMParser().parseFromString('<b>x</b>', 'text/html'),
      };
      return Object.entries(tries).filter(([, it]) => {
        try {
          it();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      }).map(([name]) => name);
    });
    expect(refused).toEqual(['markup', 'inner', 'script', 'worker', 'other', 'parsed']);
    await context.close();
  });
});
