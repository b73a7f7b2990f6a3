// 100,000 keys in the browser: how long they take to come while somebody types, what they weigh, and what an order, a filter
// and scrolling over all of them cost. Prints
// {"keys": n, "load": {"seconds": s, "frames": [ms, …], "tasks": [ms, …]}, "memory": {"heap": bytes, "process": bytes},
//  "sorts": {name: ms, …}, "filters": {query: ms, …}, "scroll": {"frames": [ms, …], "tasks": [ms, …]}}.
// Frames are by the clock on the wall; tasks, orders and filters are time of the processor.

import { readFileSync } from 'node:fs';

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/browser.mjs';
import { startGateway } from '../support/gateway.mjs';
import { tasksOf } from '../support/tasks.mjs';
import { t } from '../support/texts.mjs';

const KEYS = 100_000;
const SHOWN = KEYS.toLocaleString('en');
const ROUNDS = 3;

/** A query that no service answers, so that all keys are loaded; the rest is typed while they come. */
const LOADS_ALL = 'used >= 0';
const TYPED = ' AND title: hamburg windows';

/** Filters as they are typed: each runs over all keys. */
const FILTERS = ['title: ham', 'title: hamburg', 'title: "hamburg production"', 'NOT title: a', 'creator: lind', 'expires < now', 'state: expired'];

/** Longer than the pause after which a query runs by itself, so that it runs with every letter. */
const PAUSE_MS = 400;
/** In which the page has done what it was asked for, on a busy machine too. */
const REST_MS = 1_500;
const LONGEST_MS = 600_000;

/** Pixels a frame, and frames. */
const STEP = 700;
const STEPS = 240;

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
  const pause = (ms) => page.evaluate((it) => new Promise((done) => setTimeout(done, it)), ms);
  const run = async (text) => {
    await query.fill(text);
    await query.press('Enter');
    await pause(REST_MS);
  };
  const frames = async (act) => {
    await page.evaluate(() => void (globalThis.frames = []));
    const tasks = await tasksOf(browser, act);
    return { frames: await page.evaluate(() => globalThis.frames), tasks: tasks.slice(0, 100) };
  };

  const before = await memory(page);
  let seconds = 0;
  const loading = await frames(async () => {
    const began = performance.now();
    await query.fill(LOADS_ALL);
    await query.press('Enter');
    for (const letter of TYPED) {
      await pause(PAUSE_MS);
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    }
    await result.getByText(`of ${SHOWN}, all keys searched`).waitFor({ timeout: LONGEST_MS });
    seconds = (performance.now() - began) / 1000;
    // Orders are worked out ahead.
    await pause(REST_MS);
  });
  await run(LOADS_ALL);
  await result.getByText(`${SHOWN} of ${SHOWN}, `).waitFor();
  const after = await memory(page);

  const sorts = {};
  for (const head of await page.locator('thead th button').all()) {
    const times = [];
    const name = (await head.innerText()).trim();
    for (let round = 0; round < ROUNDS; round += 1) {
      const [longest] = await tasksOf(browser, async () => {
        await head.evaluate((it) => it.click());
        await pause(REST_MS);
      });
      times.push(longest);
    }
    sorts[name] = median(times);
  }

  const filters = {};
  const answers = new Set();
  for (const text of FILTERS) {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await run('');
      // The last letter runs the query by itself.
      await query.fill(text.slice(0, -1));
      await pause(REST_MS);
      const [longest] = await tasksOf(browser, async () => {
        await page.keyboard.type(text.slice(-1));
        await pause(REST_MS);
      });
      answers.add(await result.innerText());
      times.push(longest);
    }
    filters[text] = median(times);
  }

  // Without an answer of its own for most of them, nothing was measured.
  if (answers.size < FILTERS.length - 2) throw new Error(`the queries did not run: ${[...answers]}`);
  await run('');
  await page.getByRole('checkbox', { name: t('ui.page_whole'), exact: true }).check();
  await pause(REST_MS);
  const scroll = await frames(() =>
    page.evaluate(
      async ({ step, steps }) => {
        const frame = document.querySelector('tbody').closest('table, [role=grid]').parentElement;
        for (let at = 0; at < steps; at += 1) {
          frame.scrollTop += step;
          await new Promise((done) => requestAnimationFrame(done));
        }
        if (frame.scrollTop < step * 10) throw new Error('nothing was scrolled');
      },
      { step: STEP, steps: STEPS },
    ),
  );
  const grown = { heap: after.heap - before.heap, process: after.process - before.process };
  const load = { seconds, ...loading };
  process.stdout.write(`${JSON.stringify({ keys: KEYS, load, memory: grown, sorts, filters, scroll })}\n`);
} finally {
  await browser.close();
  await gateway.stop();
}

/** In the page: the time between each two frames. */
function watch() {
  globalThis.frames = [];
  let before = performance.now();
  const frame = () => {
    const now = performance.now();
    globalThis.frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
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
