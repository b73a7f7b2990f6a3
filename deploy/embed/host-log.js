// The list of messages, newest first.

/** How many are kept on the page. */
const MOST = 400;

const list = document.querySelector('#log');
const WAYS = { in: '← console', out: '→ console', here: '· portal' };

/**
 * Adds a line.
 * @param {'in' | 'out' | 'here'} way
 * @param {object} message  without tokens: the module leaves them out before it tells
 */
export function log(way, message) {
  const { v, type, latchkey, ...fields } = message;
  const line = document.createElement('li');
  line.className = way;
  const parts = [
    ['time', new Date().toISOString().slice(11, 23)],
    ['span', WAYS[way]],
    ['strong', type ?? latchkey ?? ''],
    ['code', Object.keys(fields).length === 0 ? '' : JSON.stringify(fields)],
  ];
  for (const [tag, text] of parts) {
    const part = document.createElement(tag);
    part.textContent = text;
    line.append(part);
  }
  list.prepend(line);
  while (list.children.length > MOST) list.lastElementChild.remove();
}

document.querySelector('#clear').addEventListener('click', () => list.replaceChildren());
