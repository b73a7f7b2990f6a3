// Files of the built app as a journey meddles with them: changed by one bit, slow, of another type, or missing.

import { createServer, request } from 'node:http';

/** The files that together are the app, by what their names end with. */
export const FILES = { wasm: /_bg\.wasm$/, glue: /\/latchkey-[0-9a-f]+\.js$/, css: /\/latchkey-[0-9a-f]+\.css$/, boot: /\/boot-[0-9a-f]+\.js$/ };

const matches = (file) => (url) => file.test(url.pathname);

/** An answer of the server, changed by `change`; the browser gets it unpacked. */
async function changed(route, change) {
  const response = await route.fetch();
  const { 'content-encoding': _, 'content-length': __, ...headers } = response.headers();
  const answer = { status: response.status(), headers, body: await response.body() };
  await route.fulfill({ ...answer, ...(await change(answer)) });
}

/** One bit in the middle of a file is another one; the function it gives puts it right. */
export async function flip(page, file) {
  const isFile = matches(file);
  await page.route(isFile, (route) =>
    changed(route, ({ body }) => {
      body[body.length >> 1] ^= 1;
      return { body };
    }),
  );
  return () => page.unroute(isFile);
}

/** A file with other headers. */
export async function serveAs(page, file, more) {
  await page.route(matches(file), (route) => changed(route, ({ headers }) => ({ headers: { ...headers, ...more } })));
}

/** The page itself with another text, other headers, or both. */
export async function servePage(page, change, more = {}) {
  await page.route(
    (url) => url.pathname === '/',
    (route) => changed(route, ({ headers, body }) => ({ headers: { ...headers, ...more }, body: change(body.toString()) })),
  );
}

/** A file that never arrives, or not at all. */
export async function withhold(page, file, how) {
  await page.route(matches(file), (route) => {
    if (how === 'failed') return route.abort('connectionreset');
    if (how === 'missing') return route.fulfill({ status: 404, body: 'not here' });
    // Neither answered nor refused.
    return undefined;
  });
}

/**
 * A server before the gateway that sends the first half of the program and holds back the rest.
 * @param {string} target  the gateway's origin
 */
export async function startHolding(target) {
  let letGo;
  const released = new Promise((resolve) => {
    letGo = resolve;
  });
  const server = createServer((incoming, outgoing) => {
    // Unpacked, so that half of what is sent is half of the file.
    const headers = { ...incoming.headers, 'accept-encoding': 'identity', host: new URL(target).host };
    const call = request(`${target}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      if (!FILES.wasm.test(incoming.url)) return answer.pipe(outgoing);
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', async () => {
        const bytes = Buffer.concat(chunks);
        outgoing.write(bytes.subarray(0, bytes.length >> 1));
        await released;
        outgoing.end(bytes.subarray(bytes.length >> 1));
      });
      return undefined;
    });
    call.on('error', () => outgoing.destroy());
    incoming.pipe(call);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    letGo();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, letGo, stop };
}
