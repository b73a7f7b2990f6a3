// Where this portal's tokens come from, and everything that can be wrong with that.

import { log } from './host-log.js';

const $ = (id) => document.querySelector(`#${id}`);
let asked = 0;
let pending = [];

/** Called once at the next request for a token. */
export function atNextRequest(act) {
  pending.push(act);
}

/** The callback that the console's module is given. */
export async function getToken({ connection, system, reason, signal }) {
  asked += 1;
  $('is-asked').textContent = String(asked);
  for (const act of pending.splice(0)) act();
  const callback = $('callback');
  switch (callback.value) {
    case 'offline':
      throw new TypeError('the portal cannot be reached');
    case 'signed-out':
      return null;
    case 'hangs':
      return new Promise(() => {});
    case 'fails-once':
      callback.value = 'answers';
      throw new Error('the portal failed once');
  }
  if ($('source').value === 'pasted') return $('pasted').value;
  const url = new URL($('endpoint').value, location.href);
  url.search = new URLSearchParams({ connection, system, reason });
  const answer = await fetch(url, { signal, cache: 'no-store', headers: { Accept: 'application/json' } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`the portal answers ${answer.status}`);
  const { token, expires_in: life } = await answer.json();
  const skew = Number($('clock').value);
  if (skew === 0) return { token, expiresIn: life };
  // A portal that reckons with a clock of its own tells a life that is wrong by as much.
  const told = Math.max(1, (life ?? 300) - skew);
  log('here', { type: 'clock', skew, life, told });
  return { token, expiresIn: told };
}
