// A spreadsheet as a spreadsheet program sees it: LibreOffice without its windows, in a profile of its own.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROGRAM = process.env.SOFFICE ?? '/usr/bin/soffice';

/** Comma, double quote, UTF-8, from line 1, cells as they are shown, texts in quotes, formulas as their results. */
const CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false';
/** The same with formulas as formulas. */
const FORMULAS = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,true';

/**
 * What LibreOffice makes of a file, as CSV in a temporary folder that `use` may read.
 * @param {string} path
 * @param {string} extension  of the file; its name on the disk has none
 * @param {(csv: string) => any} use
 * @param {boolean} formulas  whether a formula is written as such
 */
export function withOffice(path, extension, use, formulas = false) {
  if (!existsSync(PROGRAM)) {
    throw new Error(`${PROGRAM} is missing: \`cargo xtask test journeys\` installs it (Debian: libreoffice-calc-nogui)`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-office-'));
  try {
    copyFileSync(path, join(folder, `in.${extension}`));
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`;
    const args = [profile, '--headless', '--norestore', '--convert-to', formulas ? FORMULAS : CSV, '--outdir', join(folder, 'out'), join(folder, `in.${extension}`)];
    execFileSync(PROGRAM, args, { timeout: 120_000, stdio: 'pipe' });
    const out = join(folder, 'out', 'in.csv');
    if (!existsSync(out)) throw new Error('LibreOffice could not open the file');
    return use(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of a file as one text, to look for what must not be in it. A spreadsheet is unpacked first. */
export function bytesOf(path) {
  return readFileSync(path, 'latin1');
}
