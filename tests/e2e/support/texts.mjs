// The console's own message catalogue: every name a journey looks for is a text of the catalogue, looked up by its id,
// so that a new wording breaks no journey and a missing text breaks all that need it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';

const SOURCES = new URL('../../../src/', import.meta.url);

/** The common catalogue, and the words of each key system in its own folder. */
function catalogues() {
  const systems = readdirSync(new URL('systems/', SOURCES)).map((it) => new URL(`systems/${it}/en.txt`, SOURCES));
  return [new URL('i18n/en.txt', SOURCES), ...systems.filter((it) => existsSync(it))];
}

const CATALOGUE = new Map(
  catalogues()
    .flatMap((it) => readFileSync(it, 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, id, text] = /^(\S+) = (.*)$/.exec(line) ?? [];
      if (!id) throw new Error(`not a line of the catalogue: ${line}`);
      return [id, text];
    }),
);

/**
 * A text of the catalogue.
 * @param {string} id
 * @param {Record<string, string | number>} [values]  what stands in its braces; a value named `n` also chooses the plural
 */
export function t(id, values = {}) {
  const plural = 'n' in values ? `${id}.${Number(values.n) === 1 ? 'one' : 'other'}` : id;
  const text = CATALOGUE.get(plural) ?? CATALOGUE.get(id);
  if (text === undefined) throw new Error(`the catalogue has no text ${id}`);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => {
    if (!(name in values)) throw new Error(`${id} needs a value for ${whole}`);
    const value = values[name];
    return typeof value === 'number' ? number(value) : value;
  });
}

/** A whole number as the console writes it in the journeys' locale. */
export function number(value) {
  return new Intl.NumberFormat('en-GB').format(value);
}

/** A day (`YYYY-MM-DD`) as the console writes it in the journeys' locale. */
export function day(text) {
  const options = { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(`${text}T00:00:00Z`));
}

/** A day so many days from today in UTC, as `YYYY-MM-DD`. */
export function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A regular expression that finds the text wherever it stands. */
export function holding(text) {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
