// How the system's Chromium is started, for the journeys and the benchmark alike.

import { existsSync } from 'node:fs';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome'];

/** Playwright's launch options. `cargo xtask test` sets CHROMIUM; without it the usual places are tried. */
export function launchOptions() {
  return {
    executablePath: process.env.CHROMIUM ?? USUAL.find((it) => existsSync(it)),
    args: [
      // Tests may run as root, where Chromium's sandbox cannot; the pages are our own.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
