// 100,000 keys in the browser: how long they take to come while somebody types, what they weigh, and how long the page is
// busy with an order, a filter and a group of them. Prints
// {"keys": n, "load": {"seconds": s, "frames": [ms, …], "tasks": [ms, …], "letters": [ms, …]},
//  "memory": {"heap": bytes, "process": bytes}, "sorts": {name: {"busy": ms, "shown": ms}, …}, "filters": {…}}.

import { readFileSync } from 'node:fs';

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/browser.mjs';
import { startGateway } from '../support/gateway.mjs';

const KEYS = 100_000;
const SHOWN = KEYS.toLocaleString('en');
const ROUNDS = 3;

/** A query that no service answers, so that all keys are loaded; the rest is typed while they come. */
const LOADS_ALL = 'used >= 0';
const TYPED = ' AND title: hamburg windows';

/** Filters by text, as they are typed: each runs over all keys. */
const FILTERS = ['title: ham', 'title: hamburg', 'title: "hamburg production"', 'creator: lind', 'NOT title: a'];

/** Longer than the pause after which a query runs by itself, so that it runs with every letter. */
const PAUSE_MS = 400;
const LONGEST_MS = 600_000;

const gateway = await startGateway({ keys: KEYS });
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  await page.addInitScript(watch);
  await page.goto(gateway.url);
  await page.getByRole('textbox', { name: /user/i }).fill('demo');
  await page.locator('input[type=password]').first().fill('demo');
  await page.locator('form').getByRole('button', { name: /^sign in/i }).click();
  await page.locator('tbody tr td').first().waitFor();

  const query = page.getByRole('search').getByRole('textbox').first();
  const result = page.locator('.list-result');
  const pause = () => page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), PAUSE_MS);
  const all = () => result.getByText(`${SHOWN} of ${SHOWN}, `, { exact: false }).waitFor({ timeout: LONGEST_MS });

  const before = await memory(page);
  await query.fill(LOADS_ALL);
  await page.evaluate(() => watched.start());
  const began = performance.now();
  await query.press('Enter');
  const letters = [];
  for (const letter of TYPED) {
    await pause();
    const at = performance.now();
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
    letters.push(performance.now() - at);
  }
  await result.getByText(`of ${SHOWN}, all keys searched`, { exact: false }).waitFor({ timeout: LONGEST_MS });
  const seconds = (performance.now() - began) / 1000;
  const load = { seconds, letters, ...(await page.evaluate(() => watched.stop())) };
  await query.fill(LOADS_ALL);
  await query.press('Enter');
  await all();
  const after = await memory(page);

  const sorts = {};
  for (const head of await page.locator('thead th button').all()) {
    const name = (await head.innerText()).trim();
    const times = [];
    for (let round = 0; round < ROUNDS * 2; round += 1) {
      times.push(await measured(page, () => head.evaluate((it) => it.click())));
    }
    sorts[name] = median(times);
  }
  const filters = {};
  for (const text of FILTERS) {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await query.fill('');
      await query.press('Enter');
      await result.getByText(new RegExp(`^${SHOWN} keys`)).waitFor();
      await pause();
      // The last letter runs the query by itself.
      await query.fill(text.slice(0, -1));
      await pause();
      times.push(await measured(page, () => page.keyboard.type(text.slice(-1))));
    }
    filters[text] = median(times);
  }
  const grown = { heap: after.heap - before.heap, process: after.process - before.process };
  process.stdout.write(`${JSON.stringify({ keys: KEYS, load, memory: grown, sorts, filters })}\n`);
} finally {
  await browser.close();
  await gateway.stop();
}

/** In the page: what it is busy with, and for how long. */
function watch() {
  const state = { frames: [], tasks: [], on: false };
  new PerformanceObserver((list) => {
    for (const it of list.getEntries()) state.tasks.push(it.duration);
  }).observe({ type: 'longtask' });
  let before = performance.now();
  const frame = () => {
    const now = performance.now();
    if (state.on) state.frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  // Messages to itself: the longest time between two is the longest that the page did not answer.
  const channel = new MessageChannel();
  const pings = { on: false, last: 0, longest: 0 };
  channel.port1.onmessage = () => {
    const now = performance.now();
    pings.longest = Math.max(pings.longest, now - pings.last);
    pings.last = now;
    if (pings.on) channel.port2.postMessage(null);
  };
  globalThis.watched = {
    start() {
      Object.assign(state, { frames: [], tasks: [], on: true });
    },
    stop() {
      state.on = false;
      return { frames: state.frames, tasks: state.tasks };
    },
    /** From now until the rows have changed and were drawn. */
    async change() {
      Object.assign(pings, { on: true, last: performance.now(), longest: 0 });
      channel.port2.postMessage(null);
      const began = performance.now();
      const body = document.querySelector('tbody');
      await new Promise((done) => {
        const look = new MutationObserver(() => {
          look.disconnect();
          done();
        });
        look.observe(body, { subtree: true, childList: true, characterData: true });
        setTimeout(done, 5_000);
      });
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      pings.on = false;
      return { busy: pings.longest, shown: performance.now() - began };
    },
  };
}

async function measured(page, act) {
  await page.evaluate(() => void (globalThis.changing = watched.change()));
  await act();
  return page.evaluate(() => globalThis.changing);
}

function median(times) {
  const middle = (key) => times.map((it) => it[key]).sort((a, b) => a - b)[Math.floor(times.length / 2)];
  return { busy: middle('busy'), shown: middle('shown') };
}

/** What the page holds: its heaps with the memory of the program, and all of its process. */
async function memory(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await debug.send('Runtime.getHeapUsage');
  await debug.detach();
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const resident = processInfo.filter((it) => it.type === 'renderer').map((it) => residentBytes(it.id));
  return { heap: usedSize + embedderHeapUsedSize + backingStorageSize, process: Math.max(0, ...resident) };
}

/** Linux tells it by process; elsewhere it is not measured. */
function residentBytes(id) {
  try {
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
