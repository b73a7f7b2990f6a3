// The files inside a ZIP archive, such as a spreadsheet, as texts.

import { inflateRawSync } from 'node:zlib';

const [END, ENTRY] = [0x06054b50, 0x02014b50];
const LONGEST = 256 * 1024 * 1024;

/**
 * Names and contents of all files of an archive, one after the other; nothing where the bytes are none.
 * @param {Buffer} bytes
 * @returns {string[]}
 */
export function unzipped(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || bytes.readUInt32LE(end) !== END || bytes.readUInt16LE(0) !== 0x4b50) return [];
  const res = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0 && bytes.readUInt32LE(at) === ENTRY; left--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((it) => bytes.readUInt16LE(at + it));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(start, start + packed);
    res.push(bytes.toString('utf8', at + 46, at + 46 + name));
    res.push((method === 0 ? body : inflateRawSync(body, { maxOutputLength: LONGEST })).toString('latin1'));
    at += 46 + name + extra + comment;
  }
  return res;
}
