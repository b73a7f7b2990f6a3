// Certificates for one test run: authorities that nobody trusts, made with OpenSSL in a folder of the test's own.

import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = process.env.OPENSSL ?? '/usr/bin/openssl';

/**
 * A certificate and its key, as paths of PEM files.
 * @typedef {object} Pair
 * @property {string} certificate
 * @property {string} key
 */

/** An authority that signs certificates for names. */
export class Authority {
  #dir;
  #name;

  /**
   * @param {string} dir   a folder that exists
   * @param {string} name  of the authority, and of its files
   */
  constructor(dir, name) {
    this.#dir = dir;
    this.#name = name;
    /** The certificate to trust, as the path of a PEM file. */
    this.certificate = join(dir, `${name}.pem`);
    const more = ['-subj', `/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign'];
    openssl(['req', '-x509', ...KEY, '-keyout', this.#file('key'), '-out', this.certificate, '-days', '2', ...more]);
  }

  /**
   * A certificate of this authority.
   * @param {string} name  of the files
   * @param {string[]} hosts  the names it holds for
   * @returns {Pair}
   */
  issue(name, hosts) {
    const [key, request, certificate, extensions] = ['key', 'csr', 'pem', 'ext'].map((it) => join(this.#dir, `${name}.${it}`));
    openssl(['req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${hosts[0]}`]);
    writeFileSync(extensions, `subjectAltName=${hosts.map((it) => `DNS:${it}`).join(',')}\nextendedKeyUsage=serverAuth\n`);
    const signer = ['-CA', this.certificate, '-CAkey', this.#file('key'), '-CAcreateserial'];
    openssl(['x509', '-req', '-in', request, ...signer, '-days', '2', '-extfile', extensions, '-out', certificate]);
    return { certificate, key };
  }

  #file(extension) {
    return join(this.#dir, `${this.#name}.${extension}`);
  }
}

/** The hash by which Chromium is told to take one certificate that no authority it trusts has signed. */
export function publicKeyHash(certificate) {
  const key = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(args) {
  execFileSync(PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
