// What a portal in TypeScript writes. It must compile.

import { CONTRACT, LatchkeyConsole, mountConsole } from '../../../deploy/embed/latchkey.js';
import type { ConsoleHandle, ConsoleOptions, GetToken, KeyEvent } from '../../../deploy/embed/latchkey.js';

const getToken: GetToken = async ({ connection, reason, signal }) => {
  const answer = await fetch(`/token?connection=${connection}&reason=${reason}`, { signal });
  if (answer.status === 401) return null;
  const { token, expires_in } = (await answer.json()) as { token: string; expires_in: number };
  return { token, expiresIn: expires_in };
};

const options: ConsoleOptions = {
  src: new URL('https://keys.example/'),
  getToken,
  theme: { scheme: 'dark', tokens: { accent: '#0b6e75' } },
  locale: 'de',
  readonly: true,
  trace: (way, message) => console.debug(way, message['type']),
};

const handle: ConsoleHandle = mountConsole(document.body, options);
const off = handle.on('event', (event: KeyEvent) => console.log(event.name, event.count ?? 1));
handle.on('signed-out', ({ connection }) => console.log(connection.length));
handle.on('problem', ({ code, by }) => console.log(by === 'host' ? code : ''));
handle.setTheme('light');
handle.setRoute('/?q=a');
off();

async function leave(): Promise<void> {
  if (await handle.askLeave()) handle.destroy();
}
void leave();

const element = document.createElement('latchkey-console');
element.getToken = () => 'token';
element.readonly = true;
element.tokens = null;
element.addEventListener('latchkey-dirty', ({ detail }) => console.log(detail.dirty ? 'unsaved' : ''));
element.addEventListener('click', (event) => console.log(event.clientX));
const isOurs: boolean = element instanceof LatchkeyConsole && CONTRACT === 1;
console.log(isOurs, element.handle?.route);
