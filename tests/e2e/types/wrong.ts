// Mistakes a portal makes. Each line after a mark must be refused; without an error there the mark itself is one.

import { mountConsole } from '../../../deploy/embed/latchkey.js';

// @ts-expect-error the console needs an address
mountConsole(document.body, {});
// @ts-expect-error an element is needed, no selector
const handle = mountConsole('#here', { src: '/' });
// @ts-expect-error no such scheme
mountConsole(document.body, { src: '/', theme: 'blue' });
// @ts-expect-error a number is no token
mountConsole(document.body, { src: '/', getToken: () => 7 });
// @ts-expect-error `null` says signed out, `undefined` says nothing
mountConsole(document.body, { src: '/', getToken: () => undefined });
// @ts-expect-error no such option
mountConsole(document.body, { src: '/', token: 'a' });
// @ts-expect-error no such event
handle.on('token', () => {});
// @ts-expect-error an event has no title
handle.on('event', ({ title }) => title);
// @ts-expect-error what the console told cannot be set
handle.dirty = true;
// @ts-expect-error an answer to wait for
const may: boolean = handle.askLeave();
// @ts-expect-error tokens are texts
document.createElement('latchkey-console').tokens = { radius: 4 };
console.log(may);
