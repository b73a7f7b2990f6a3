// Messages no console and no portal should send.

/** The port of each console's document, taken from its hello: any script of a portal's page could do this. */
const ports = new Map();

addEventListener('message', ({ source, data, ports: [port] }) => {
  if (data?.latchkey === 'hello' && port) ports.set(source, port);
});

/** A row of numbers that is the same each time, so that what one run finds the next finds too. */
function row(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TYPES = ['welcome', 'token', 'token_refused', 'theme', 'locale', 'readonly', 'route', 'view', 'leave', 'sign_out', 'hello', 'x', '__proto__'];
const ODD = [null, -1, 1.5, 1e300, '', [], {}, [[[[]]]], { toString: 1 }, 'y'.repeat(20_000), '/\\elsewhere.example'];

/** One message that is none of the contract, whatever its parts are. */
function random(below) {
  const pick = (list) => list[below(list.length)];
  const fields = () => ({
    id: pick(ODD), token: pick(ODD), expires_in: pick(ODD), reason: pick(ODD), scheme: pick(ODD), tokens: pick(ODD), locale: pick(ODD),
    on: pick(ODD), route: pick(ODD), sign_in: pick(ODD), top: pick(ODD), height: pick(ODD),
  });
  switch (below(5)) {
    case 0:
      return pick(ODD);
    case 1:
      return { v: pick([0, 2, '1', null, undefined, 1.5]), type: pick(TYPES), ...fields() };
    case 2:
      return { v: 1, type: pick([null, 1, {}, [], '', 'x', 'constructor', 'Welcome', ' token']), ...fields() };
    case 3:
      return { type: pick(TYPES), ...fields() };
    default:
      // Known types, with a field of the wrong kind. `sign_out` has no field that could be wrong.
      return { v: 1, ...fields(), type: pick(['welcome', 'token', 'token_refused', 'locale', 'readonly', 'route', 'leave']), on: 'yes', id: {}, locale: 7, route: 7 };
  }
}

/** Sends many such messages, half to the window of the frame and half over its port. */
export function sendRandom(frame, origin, count, seed = 1) {
  const below = row(seed);
  const port = ports.get(frame.contentWindow);
  for (let nth = 0; nth < count; nth += 1) {
    const message = random(below);
    if (nth % 2 === 0 || !port) frame.contentWindow.postMessage(message, origin);
    else port.postMessage(message);
  }
}

/** Lets a frame of another origin speak to this page and to the console. Tells whether anybody answered it. */
export function postFromStranger() {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.title = 'A page of another origin';
  frame.src = 'stranger.html';
  return new Promise((resolve) => {
    let wasHeard = false;
    const listen = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      if (data?.stranger === 'was heard') wasHeard = true;
      if (data?.stranger !== 'is done') return;
      // One more turn through the loop of messages: an answer to it would come now.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        removeEventListener('message', listen);
        frame.remove();
        resolve(wasHeard);
      };
      port2.postMessage('');
    };
    addEventListener('message', listen);
    document.body.append(frame);
  });
}
