// A platform behind a web server: TLS in front of the local gateway, which writes down what arrived before it passes it on.

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';

/** Headers of one connection, which end here. */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-connection'];

/**
 * @typedef {object} Arrival  a request as the web server sent it
 * @property {string} method
 * @property {string} path  with its query
 * @property {string | false} name  the name asked for in the TLS handshake
 * @property {Record<string, string>} headers
 * @property {Buffer} body
 */

/** Instead of an answer: the call is taken, and its connection breaks. */
export const BROKEN = Symbol('broken');

export class Upstream {
  /** Every request since the last {@link forget}. */
  arrivals = [];
  /** Answers of its own, by path: `{ status, headers, body }`, or {@link BROKEN}; everything else goes to the gateway. */
  own = new Map();
  /** Added to the headers of every answer. */
  more = {};
  #target;
  #server;

  /**
   * @param {string} target  the gateway's origin
   * @param {import('./certificates.mjs').Pair} pair
   */
  constructor(target, pair) {
    this.#target = new URL(target);
    this.#server = createServer({ cert: readFileSync(pair.certificate), key: readFileSync(pair.key) }, (asked, answer) => {
      this.#take(asked, answer).catch((error) => answer.destroy(error));
    });
  }

  /** Listens, on a free port unless one is named. */
  async start(port = 0) {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return this;
  }

  /** Is not there while something happens. */
  async rest(act) {
    const port = this.port;
    await this.stop();
    try {
      await act();
    } finally {
      await this.start(port);
    }
  }

  get port() {
    return this.#server.address().port;
  }

  /** Shows another certificate from the next connection on. */
  show(pair) {
    this.#server.setSecureContext({ cert: readFileSync(pair.certificate), key: readFileSync(pair.key) });
    this.#server.closeAllConnections();
  }

  /** As at the start. */
  forget() {
    this.arrivals = [];
    this.own.clear();
    this.more = {};
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(asked, answer) {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const body = Buffer.concat(parts);
    const { method, url: path, headers } = asked;
    this.arrivals.push({ method, path, name: asked.socket.servername, headers, body });

    const own = this.own.get(path.split('?')[0]);
    if (own === BROKEN) return asked.socket.destroy();
    const { status, headers: answered, body: text } = own ?? (await this.#pass({ method, path, headers, body }));
    answer.writeHead(status, { ...answered, ...this.more });
    answer.end(text);
  }

  #pass({ method, path, headers, body }) {
    const { hostname: host, port } = this.#target;
    const sent = { ...without(headers, HOP), host: `${host}:${port}` };
    return new Promise((resolve, reject) => {
      const call = request({ host, port, method, path, headers: sent, agent: false }, (reply) => {
        const parts = [];
        reply.on('data', (part) => parts.push(part));
        reply.on('end', () => {
          resolve({ status: reply.statusCode, headers: without(reply.headers, HOP), body: Buffer.concat(parts) });
        });
        reply.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}

function without(headers, names) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
