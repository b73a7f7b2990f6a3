// A console in a portal breaks off: the portal hears of it and may leave, the broken program hears of nobody any more, and
// after the restart the portal signs in again.

import { expect, test } from '../support/embedded.mjs';
import { Boot, breakElements } from '../support/pages/boot.mjs';

test.beforeEach(({ guard }) => guard.expectBreak());

/** Breaks the program in a frame: the query that the address gets builds parts of the screen. */
async function crash(frame) {
  await breakElements(frame, 'canary-9b1e07');
  await frame.evaluate(() => {
    history.replaceState(null, '', '?q=activationKey.isDisabled%3A%20true');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  const boot = new Boot(frame);
  await expect(boot.stopped).toBeVisible();
  return boot;
}

/** Lets the messages come that are on their way to a frame; timers of a broken program are gone. */
function settle(frame) {
  return frame.evaluate(async () => {
    for (let nth = 0; nth < 10; nth += 1) {
      const { port1, port2 } = new MessageChannel();
      const came = new Promise((resolve) => (port1.onmessage = resolve));
      port2.postMessage('');
      await came;
    }
  });
}

test('the portal is told, may leave, and hands out its token anew after the restart', async ({ portal, office, page }) => {
  const console = await portal.enter();
  await console.list.newKey.click();
  await console.create.form.title.fill('Branch offices, spring');
  await portal.state('Unsaved', 'yes');
  // The reader is being asked when it breaks off.
  await portal.leave.click();
  await expect(console.leaving).toBeVisible();
  const boot = await crash(console.page);
  const told = await portal.said('problem');
  expect(told.map((it) => it.code)).toEqual(['crashed']);
  await expect(boot.report).toHaveValue(/^frame: inside a portal$/m);
  await expect(portal.says('The portal may leave')).toBeVisible();
  await portal.state('Unsaved', 'no');
  expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(true);

  // And whoever asks afterwards is answered.
  await portal.signOut.click();
  await portal.leave.click();
  await expect(portal.says('The portal may leave')).toBeVisible();
  expect(await portal.messages('leave')).toHaveLength(1);
  expect(await portal.messages('sign_out')).toEqual([]);

  await boot.restart.click();
  await portal.said('ready', 2);
});

test('what stood in the form comes back after the restart, unsaved as before', async ({ portal, office }) => {
  const console = await portal.enter();
  await console.list.newKey.click();
  await console.create.form.title.fill('Branch offices, spring');
  const boot = await crash(console.page);
  await boot.restart.click();
  await expect(console.create.form.title).toHaveValue('Branch offices, spring');
  await portal.state('Unsaved', 'yes');
  expect(office.tokens.map((it) => it.reason)).toEqual(['start', 'start']);
});

test('who signed out at the portal meanwhile is signed out after the restart', async ({ portal, gateway }) => {
  await portal.source.selectOption('own');
  const console = await portal.start();
  await console.door.withPassword(gateway.account.user, gateway.account.password);
  await console.list.loaded();
  const boot = await crash(console.page);
  await portal.said('problem');
  await portal.signOut.click();
  await boot.restart.click();
  await portal.said('ready', 2);
  await expect(console.door.user).toBeVisible();
  expect((await portal.messages('sign_out')).map((it) => it.way)).toEqual(['out']);
});

/** A portal that speaks the contract by hand, and goes on when the console broke off. `say` goes to the newest port. */
function stubborn(office, src, token) {
  const speak = ({ src, token }) => {
    globalThis.heard = [];
    const frame = document.createElement('iframe');
    frame.title = 'Keys';
    Object.assign(frame.style, { width: '100%', height: '700px', border: '0' });
    addEventListener('message', ({ source, data, ports: [port] }) => {
      if (source !== frame.contentWindow || data?.latchkey !== 'hello') return;
      heard.push('hello');
      globalThis.say = (message) => port.postMessage({ v: 1, ...message });
      port.onmessage = ({ data }) => {
        heard.push(data.type === 'problem' ? data.code : data.type);
        if (data.type === 'token_request') say({ type: 'token', id: data.id, token });
      };
      if (!location.search) say({ type: 'welcome', sign_in: 'host' });
    });
    frame.src = src;
    document.querySelector('main').append(frame);
  };
  office.pages['/stubborn.html'] = { type: 'text/html', body: '<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,"><body><main></main><script type="module" src="/stubborn.js"></script></body></html>' };
  office.pages['/stubborn.js'] = { type: 'text/javascript', body: `(${speak})(${JSON.stringify({ src, token })})` };
  return `${office.url}/stubborn.html`;
}

/** What a console that hears it answers at once, asking for a token or refusing the theme. */
const PRODS = [
  { type: 'theme', tokens: { elsewhere: 'red' } },
  { type: 'view', top: 0, height: 400 },
  { type: 'leave', id: 'l1' },
  { type: 'theme', tokens: { elsewhere: 'red' } },
];

test('the broken program hears no portal, whatever that says', async ({ portal, office, gateway, page }) => {
  void portal;
  await page.goto(stubborn(office, `${gateway.url}/`, await gateway.token()));
  await page.waitForFunction(() => heard.includes('ready'));
  const frame = page.frames().find((it) => it.url().startsWith(gateway.url));
  await page.evaluate((all) => all.forEach((it) => say(it)), PRODS);
  // As long as it runs it answers.
  await page.waitForFunction(() => heard.filter((it) => it === 'theme_refused').length === 2);
  const boot = await crash(frame);
  // What was said before the port was closed arrives.
  await page.waitForFunction(() => heard.includes('crashed'));
  await page.evaluate((all) => all.forEach((it) => say(it)), PRODS);
  await settle(frame);
  await boot.restart.click();
  await page.waitForFunction(() => heard.filter((it) => it === 'ready').length === 2);
  const all = await page.evaluate(() => heard);
  expect(all[all.indexOf('crashed') + 1]).toBe('hello');
  // Its successor is heard over a port of its own.
  await page.evaluate((all) => all.forEach((it) => say(it)), PRODS);
  await page.waitForFunction(() => heard.filter((it) => it === 'theme_refused').length === 4);
});

test('a program that broke off before it was welcomed asks for nothing either', async ({ portal, office, gateway, page }) => {
  void portal;
  await page.goto(`${stubborn(office, `${gateway.url}/`, await gateway.token())}?late`);
  await page.waitForFunction(() => heard.includes('hello'));
  const frame = page.frames().find((it) => it.url().startsWith(gateway.url));
  await frame.evaluate(() => dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') })));
  await expect(new Boot(frame).stopped).toBeVisible();
  await settle(frame);
  // A timer that ran before may make it say hello once more, with another port.
  await expect(async () => {
    await page.evaluate((all) => [{ type: 'welcome', sign_in: 'host' }, ...all].forEach((it) => say(it)), PRODS);
    await page.waitForFunction(() => heard.includes('crashed'), undefined, { timeout: 2_000 });
  }).toPass();
  await settle(frame);
  expect((await page.evaluate(() => heard)).filter((it) => it !== 'hello')).toEqual(['crashed']);
});
