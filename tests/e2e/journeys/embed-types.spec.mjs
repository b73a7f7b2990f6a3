// The hand-written types against the module and against what portals write.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { expect, test } from '../support/rig.mjs';

const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const TYPES = fileURLToPath(new URL('../../../deploy/embed/latchkey.d.ts', import.meta.url));
const OPTIONS = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2023,dom'];

/** What the compiler says; nothing if all is well. */
function compile(...files) {
  try {
    execFileSync(process.execPath, [TSC, ...OPTIONS, ...files], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String(error.stdout);
  }
}

test('right code compiles, and each mistake is found', () => {
  const samples = ['right.ts', 'wrong.ts'].map((it) => fileURLToPath(new URL(`../types/${it}`, import.meta.url)));
  expect(compile(TYPES, ...samples)).toBe('');
});

test('the types name what the module has, and nothing else', async ({ stage }) => {
  const types = readFileSync(TYPES, 'utf8');
  const exported = [...types.matchAll(/^export (?:const|function|class) (\w+)/gm)].map((it) => it[1]).sort();
  const handle = types.slice(types.indexOf('export interface ConsoleHandle'), types.indexOf('export function mountConsole'));
  const members = [...handle.matchAll(/^ {2}(?:readonly )?(\w+)[(<:]/gm)].map((it) => it[1]).sort();
  const events = [...types.slice(types.indexOf('interface ConsoleEvents'), types.indexOf('/** A console in the page')).matchAll(/^ {2}'?([\w-]+)'?: /gm)].map((it) => it[1]).sort();
  const element = types.slice(types.indexOf('export class LatchkeyConsole'), types.indexOf('  addEventListener'));
  const properties = [...new Set([...element.matchAll(/^ {2}(?:readonly (?=\w)|get |set )?(\w+)[(:]/gm)].map((it) => it[1]))].sort();

  await stage.mount();
  const found = await stage.page.evaluate(() => {
    const publics = (type) => Object.getOwnPropertyNames(type.prototype).filter((it) => it !== 'constructor').sort();
    const internals = ['owns', 'greet', 'ignore'];
    const lifecycle = /Callback$/;
    return {
      exported: Object.keys(sdk).sort(),
      members: publics(handle.constructor).filter((it) => !internals.includes(it)),
      properties: publics(sdk.LatchkeyConsole).filter((it) => !lifecycle.test(it)),
    };
  });
  expect(found).toEqual({ exported, members, properties });
  const source = readFileSync(TYPES.replace('.d.ts', '.js'), 'utf8');
  const emitted = [...new Set([...source.matchAll(/#emit\('([\w-]+)'/g)].map((it) => it[1]))].concat('problem').sort();
  expect([...new Set(emitted)].sort()).toEqual(events);
});
