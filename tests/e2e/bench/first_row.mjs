// Time from the start of a navigation to the first row of the list on the screen, as a signed-in administrator sees it on a
// reload: plain, and on a slow machine behind a slow line. Prints {"plain": [s, …], "slow": [s, …]}.

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/browser.mjs';
import { startGateway } from '../support/gateway.mjs';

const ROUNDS = 5;
const KEYS = 745;

/** 1.6 Mbit/s down, 750 kbit/s up, 150 ms. */
const SLOW_LINE = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const SLOWER_CPU = 4;

const gateway = await startGateway({ keys: KEYS });
const browser = await chromium.launch(launchOptions());
try {
  const context = await browser.newContext();
  // Runs before every page: notes the frame in which the first row of a table body has a height.
  await context.addInitScript(() => {
    const look = () => {
      const row = document.querySelector('tbody tr th');
      const shown = row && row.getBoundingClientRect().height > 0 && row.textContent.trim() !== '';
      if (shown) requestAnimationFrame(() => (globalThis.firstRowAt = performance.now()));
      else requestAnimationFrame(look);
    };
    look();
  });
  const page = await context.newPage();
  await page.goto(gateway.url);
  await signIn(page);
  await firstRow(page);

  const plain = await rounds(page);
  const debug = await context.newCDPSession(page);
  await debug.send('Network.enable');
  await debug.send('Network.emulateNetworkConditions', SLOW_LINE);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_CPU });
  const slow = await rounds(page);
  process.stdout.write(`${JSON.stringify({ plain, slow })}\n`);
} finally {
  await browser.close();
  await gateway.stop();
}

async function signIn(page) {
  await page.getByRole('textbox', { name: /user/i }).fill('demo');
  await page.locator('input[type=password]').first().fill('demo');
  await page.locator('form').getByRole('button', { name: /^sign in/i }).click();
}

async function firstRow(page) {
  await page.waitForFunction(() => globalThis.firstRowAt > 0, undefined, { timeout: 60_000 });
  return page.evaluate(() => globalThis.firstRowAt / 1000);
}

/** Every round is a first visit: nothing comes from the browser's cache. */
async function rounds(page) {
  const debug = await page.context().newCDPSession(page);
  const res = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await debug.send('Network.clearBrowserCache');
    await page.reload({ waitUntil: 'commit' });
    res.push(await firstRow(page));
  }
  await debug.detach();
  return res;
}
