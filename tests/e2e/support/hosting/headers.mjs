// What an answer must say: the headers of `crates/hosting`, each once, and none that tells more.

import { expect } from '@playwright/test';

/** What a server may say besides: about the file, the connection and itself. */
const PLAIN = [
  'accept-ranges',
  'allow',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'location',
  'server',
  'transfer-encoding',
];

/**
 * @param {import('./site.mjs').Site} site
 * @param {string} part  `page`, `config`, `asset`, `api` or `notice`
 * @param {import('./ask.mjs').Answer} answer
 * @param {string} what  for the report
 */
export function checkHeaders(site, part, answer, what) {
  const wanted = Object.fromEntries(Object.entries(site.headers[part]).map(([name, value]) => [name.toLowerCase(), [value]]));
  const said = Object.fromEntries([...answer.headers].filter(([name]) => !PLAIN.includes(name)));
  expect(said, `headers of ${what}`).toEqual(wanted);
  // Which version of a server somebody could look up the holes of.
  expect(answer.header('server') ?? '', `the server's name with ${what}`).not.toMatch(/\d/);
  if (answer.body.length > 0) expect(answer.header('content-type'), `the type of ${what}`).toBeTruthy();
}
