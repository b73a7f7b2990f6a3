// How long the page is busy at a time while a query is typed over 10,000 loaded keys, which runs with every letter. Prints
// {"rounds": [{"frames": [ms, …], "tasks": [ms, …]}, …]}: per letter the longest gap between two frames, and every task that
// the browser calls long (50 ms and more).

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/browser.mjs';
import { startGateway } from '../support/gateway.mjs';

const ROUNDS = 3;
const KEYS = 10_000;

/** A query that no service answers, so that all keys are loaded. */
const LOADS_ALL = 'used >= 0';

/** 20 letters behind the name of the field. */
const TYPED = 'title: hamburg windows serv';

/** Longer than the pause after which a query runs by itself, so that it runs with every letter. */
const PAUSE_MS = 400;

const gateway = await startGateway({ keys: KEYS });
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  await page.goto(gateway.url);
  await page.getByRole('textbox', { name: /user/i }).fill('demo');
  await page.locator('input[type=password]').first().fill('demo');
  await page.locator('form').getByRole('button', { name: /^sign in/i }).click();
  const query = page.getByRole('search').getByRole('textbox').first();
  const result = page.locator('.list-result');
  await query.fill(LOADS_ALL);
  await query.press('Enter');
  await result.getByText(/^10,000 of 10,000, /).waitFor({ timeout: 120_000 });

  await page.evaluate(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) globalThis.tasks.push(it.duration);
    }).observe({ type: 'longtask' });
    globalThis.longest = 0;
    let before = performance.now();
    const frame = () => {
      const now = performance.now();
      globalThis.longest = Math.max(globalThis.longest, now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

  /** The pace of the typist, by the page's own clock. */
  const pause = () => page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), PAUSE_MS);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await query.fill('');
    await query.press('Enter');
    await pause();
    await page.evaluate(() => (globalThis.tasks = []));
    const frames = [];
    const answers = new Set();
    for (const letter of TYPED) {
      await page.evaluate(() => (globalThis.longest = 0));
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await pause();
      frames.push(await page.evaluate(() => globalThis.longest));
      answers.add(await result.innerText());
    }
    // Without an answer of its own for most of the letters, nothing was measured.
    if (answers.size < 3) throw new Error(`the query did not run as it was typed: ${[...answers]}`);
    rounds.push({ frames, tasks: await page.evaluate(() => globalThis.tasks) });
  }
  process.stdout.write(`${JSON.stringify({ rounds })}\n`);
} finally {
  await browser.close();
  await gateway.stop();
}
