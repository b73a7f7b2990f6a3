// A portal that speaks the contract by hand, in a page of its own, with whatever frame a test wants: for frames that the
// project's module never makes.

/**
 * Adds such a page to the portal's server.
 * @param {object} office  the server
 * @param {object} options
 * @param {string} options.src  the console's address
 * @param {string} [options.sandbox]  the frame's sandbox; none without it
 * @param {string} [options.allow]  what the frame may use
 * @param {object} [options.welcome]  fields of the welcome; without it the console's hello is not answered
 * @param {string} [options.token]  for every request
 * @param {number} [options.height]  of the frame, in pixels
 * @returns {string} the address of the page
 */
export function plainPortal(office, options) {
  office.pages['/plain.html'] = { type: 'text/html', body: '<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,"><body><main></main><script type="module" src="/plain.js"></script></body></html>' };
  office.pages['/plain.js'] = { type: 'text/javascript', body: `(${speak})(${JSON.stringify(options)})` };
  return `${office.url}/plain.html`;
}

/** Runs in the portal's page. Everything the console says ends up in `heard`. */
function speak({ src, sandbox, allow, welcome, token, height = 700 }) {
  globalThis.heard = [];
  const frame = document.createElement('iframe');
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox);
  if (allow !== undefined) frame.setAttribute('allow', allow);
  Object.assign(frame.style, { width: '100%', height: `${height}px`, border: '0' });
  frame.title = 'Keys';
  frame.src = src;
  const origin = sandbox !== undefined && !sandbox.includes('allow-same-origin') ? 'null' : new URL(src).origin;
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || event.data?.latchkey !== 'hello') return;
    heard.push({ ...event.data, type: 'hello' });
    if (!welcome) return;
    const [port] = event.ports;
    globalThis.say = (message) => port.postMessage({ v: 1, ...message });
    port.onmessage = ({ data }) => {
      heard.push(data);
      if (data.type === 'token_request') say({ type: 'token', id: data.id, token });
    };
    say({ type: 'welcome', sign_in: 'host', ...welcome });
  });
  document.querySelector('main').append(frame);
}
