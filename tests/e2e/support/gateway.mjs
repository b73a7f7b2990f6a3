// Starts the built gateway for one test file or benchmark, and stops it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`;

/** The gateway's program and the built app; `cargo xtask test` names both, else the usual places. */
const PROGRAM = process.env.LATCHKEY_GATEWAY ?? `${TARGET}/debug/latchkey-gateway`;
export const APP = process.env.LATCHKEY_APP ?? `${TARGET}/app`;

/**
 * A running gateway.
 * @typedef {object} Gateway
 * @property {string} url      its origin, without a slash at the end
 * @property {string} control  the address of its control interface
 * @property {() => string} words  what it printed so far, for the report of a failed test
 * @property {() => Promise<void>} stop  ends it; resolves when it has ended
 * @property {() => Promise<void>} kill  ends it at once, as a crash would
 */

/**
 * Starts a gateway on a free port of this machine and waits until it listens.
 * @param {object} options
 * @param {number} [options.keys]   demo keys in the store
 * @param {string} [options.store]  `memory` or the path of a file
 * @param {string} [options.listen]  where to listen, to come back on the port of a stopped one
 * @param {string[]} [options.args]  more start options, such as a switch
 * @param {string} [options.app]  the folder with the app, if it is not the usual one
 * @returns {Promise<Gateway>}
 */
export async function startGateway({ keys = 745, store = 'memory', listen = '127.0.0.1:0', args = [], app = APP } = {}) {
  for (const path of [PROGRAM, `${app}/index.html`]) {
    if (!existsSync(path)) throw new Error(`${path} is missing; \`cargo xtask test journeys\` builds it`);
  }
  const options = ['--listen', listen, '--store', store, '--keys', String(keys), '--control', '--serve', app, ...args];
  const child = spawn(PROGRAM, options, { stdio: ['ignore', 'pipe', 'pipe'] });

  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (words += text));
  const ended = new Promise((resolve) => child.once('close', resolve));

  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };

  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise((resolve, reject) => {
      lines.once('line', resolve);
      child.once('error', reject);
    }),
    ended.then((code) => Promise.reject(new Error(`the gateway ended with ${code} before it listened\n${words}`))),
  ]);
  const url = /^listening on (http:\/\/\S+)$/.exec(first)?.[1];
  if (!url) {
    await end('SIGKILL');
    throw new Error(`the gateway's first line is not its address: ${first}`);
  }
  // Whatever it prints later must not fill the pipe and stop it; it is part of its words.
  lines.on('line', (line) => (words += `${line}\n`));

  return { url, control: `${url}/_control`, words: () => words, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
