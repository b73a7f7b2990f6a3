// More tabs of one browser.

import { Console } from './pages.mjs';

/** The console in a new tab of the same browser, signed in. */
export async function anotherTab(context, gateway) {
  const console = new Console(await context.newPage(), gateway);
  await console.open();
  await console.signIn();
  await console.list.loaded();
  return console;
}
