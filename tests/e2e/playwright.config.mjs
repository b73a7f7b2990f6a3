import { defineConfig } from '@playwright/test';

import { launchOptions } from './support/browser.mjs';

export default defineConfig({
  outputDir: 'results',
  // Each worker has a gateway and a store of its own.
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found something.
  retries: 0,
  failOnFlakyTests: true,
  forbidOnly: true,
  // How long a state may take to come on a machine that is busy with something else; a test that passes waits for none.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'line',
  use: {
    browserName: 'chromium',
    launchOptions: launchOptions(),
    // A record of every step and screen, to look at what fails: LATCHKEY_TRACE=retain-on-failure. It makes a run half as
    // long again, and so itself slows down what the tests wait for.
    trace: process.env.LATCHKEY_TRACE ?? 'off',
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
  projects: [
    { name: 'journeys', testDir: 'journeys' },
    // Web servers with the generated configurations. Tests of one file share their servers, so they stay in one worker.
    { name: 'hosting', testDir: 'hosting', fullyParallel: false },
  ],
});
