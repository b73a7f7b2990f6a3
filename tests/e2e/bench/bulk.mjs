// How long a change of 745 keys takes over a gateway that answers each call after 50 ms, with two calls in flight, against
// the time its calls alone take: calls × 50 ms / 2. Prints {"calls": n, "ms": n, "ideal": n}, from the gateway's own log.

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/browser.mjs';
import { Control } from '../support/control.mjs';
import { startGateway } from '../support/gateway.mjs';
import { t } from '../support/texts.mjs';

const KEYS = 745;
const LATENCY_MS = 50;
const IN_FLIGHT = 2;

const server = await startGateway({ keys: KEYS });
const gateway = new Control(server, { user: 'demo', password: 'demo' });
const browser = await chromium.launch(launchOptions());
try {
  for (const { id, isDisabled } of await gateway.keys()) {
    if (isDisabled) await gateway.patchKey(id, { isDisabled: false });
  }
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByRole('textbox', { name: /user/i }).fill('demo');
  await page.locator('input[type=password]').first().fill('demo');
  await page.locator('form').getByRole('button', { name: /^sign in/i }).click();
  const button = (name) => page.getByRole('button', { name, exact: true });
  await page.getByRole('checkbox', { name: t('grid.pick_all'), exact: true }).click();
  await button(t('bulk.select_every', { n: KEYS })).click();
  await button(t('bulk.disable')).click();
  const go = button(t('bulk.go_disable', { n: KEYS }));
  await go.waitFor({ timeout: 120_000 });
  await gateway.switches({ latency: LATENCY_MS });
  await gateway.clearLog();
  const start = Date.now();
  await go.click();
  await button(t('bulk.receipt')).waitFor({ timeout: 300_000 });
  const ms = Date.now() - start;
  const log = await gateway.log();
  const isOfOneKey = (it) => /\/manage\/\d+$/.test(it.path);
  const calls = log.filter(isOfOneKey).length;
  const done = log.filter((it) => it.committed).length;
  if (done !== KEYS) throw new Error(`${done} of ${KEYS} keys were changed`);
  process.stdout.write(`${JSON.stringify({ calls, ms, ideal: (calls * LATENCY_MS) / IN_FLIGHT })}\n`);
} finally {
  await browser.close();
  await server.stop();
}
