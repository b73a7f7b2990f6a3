// One request as it is written, and its answer as it came: no path is tidied, no header merged, nothing unpacked or followed.

import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Map<string, string[]>} headers  every value of every header, by its name in small letters
 * @property {Buffer} body  as it came
 * @property {(name: string) => string | undefined} header  its values, joined
 * @property {() => Buffer} unpacked  the body without its content encoding
 */

/**
 * Asks a site on this machine by its own name, whatever that resolves to elsewhere.
 * @param {object} site
 * @param {string} site.host  the name, for the `Host` header, for SNI and for the check of the certificate
 * @param {number} site.port
 * @param {string} [site.ca]  the certificate to trust, as PEM; without it the request is not encrypted
 * @param {object} what
 * @param {string} what.path
 * @param {string} [what.method]
 * @param {Record<string, string>} [what.headers]
 * @param {string | Buffer} [what.body]
 * @param {import('node:http').Agent} [what.agent]  keeps the connection for the next request; without it each has one of its own
 * @returns {Promise<Answer>}
 */
export function ask({ host, port, ca }, { path, method = 'GET', headers = {}, body, agent = false }) {
  const request = ca ? encrypted : plain;
  const options = { host: '127.0.0.1', port, servername: host, ca, path, method, agent };
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const call = request({ ...options, headers: { Host: `${host}:${port}`, ...length, ...headers } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve(read(answer, Buffer.concat(parts))));
      answer.on('error', reject);
    });
    // A server that refuses a body by its length may end the connection before it has all of it.
    call.on('error', reject);
    call.end(body);
  });
}

function read(answer, body) {
  const headers = new Map();
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at].toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), answer.rawHeaders[at + 1]]);
  }
  const header = (name) => headers.get(name.toLowerCase())?.join(', ');
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[header('content-encoding')] ?? ((it) => it);
  return { status: answer.statusCode, headers, body, header, unpacked: () => unpack(body) };
}
