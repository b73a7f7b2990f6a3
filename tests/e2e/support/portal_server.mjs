// A portal on a port of this machine: the files of `deploy/embed` and whatever a test adds, under a policy as strict as a
// careful portal's.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const FILES = new URL('../../../deploy/embed/', import.meta.url);
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What such a portal allows: its own files, the console in a frame, no inline code, no string that becomes code. */
export function policy(frames) {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    `frame-src 'self' ${frames.join(' ')}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`
  );
}

/** Policy by default for the pages of the folder. */
async function answer(server, path) {
  const own = server.pages[path];
  if (own) return own;
  const name = path.slice(1);
  if (!/^[\w-]+\.(html|js|css)$/.test(name)) return { status: 404 };
  try {
    return { body: await readFile(new URL(name, server.folder)) };
  } catch {
    return { status: 404 };
  }
}

/**
 * Starts a server.
 * @param {object} [options]
 * @param {URL} [options.folder]  where the files are
 * @param {string[]} [options.frames]  origins that may be framed; can be set later, before the page opens
 * @param {(url: URL) => Promise<{status?: number, body?: string}>} [options.token]  answers `/token`
 * @param {(server: object) => Record<string, string>} [options.headers]  more headers, or others
 */
export async function startPortal({ folder = FILES, frames = [], token, headers = () => ({}) } = {}) {
  const res = { folder, frames, token, pages: {}, calls: [] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, res.url);
    res.calls.push(`${request.method} ${url.pathname}`);
    try {
      const isToken = url.pathname === '/token' && res.token;
      const { status = 200, body = '', type } = isToken ? { type: 'application/json', ...(await res.token(url)) } : await answer(res, url.pathname);
      response.writeHead(status, {
        'Content-Type': type ?? TYPES[extname(url.pathname)] ?? 'text/plain',
        'Content-Security-Policy': policy(res.frames),
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        ...headers(res),
      });
      response.end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  res.url = `http://127.0.0.1:${server.address().port}`;
  res.stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return res;
}
