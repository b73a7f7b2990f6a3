// Playwright's clock for a WebAssembly page.

/**
 * Puts the page's time into the journey's hands. Call it before the page opens.
 *
 * The clock numbers its timers from 1e12. Rust reads a timer's handle as 32 bits, as browsers give it, and could not call
 * such a timer off; so the page is given small numbers.
 * @param {import('@playwright/test').Page} page
 */
export async function holdClock(page) {
  await page.clock.install();
  await page.context().addInitScript(() => {
    for (const [set, clear] of [
      ['setTimeout', 'clearTimeout'],
      ['setInterval', 'clearInterval'],
      ['requestAnimationFrame', 'cancelAnimationFrame'],
    ]) {
      const [held, dropped] = [globalThis[set].bind(globalThis), globalThis[clear].bind(globalThis)];
      const handles = new Map();
      let next = 1;
      globalThis[set] = (...args) => {
        handles.set(next, held(...args));
        return next++;
      };
      globalThis[clear] = (handle) => dropped(handles.get(handle));
    }
  });
}
