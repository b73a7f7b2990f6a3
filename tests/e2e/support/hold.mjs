// Calls that wait on their way until a journey lets them go: a delay in milliseconds is too short on a busy machine, and
// too long on an idle one.

/**
 * Holds the calls that match, the first `skip` of them aside, until the function it gives is called.
 * @param {import('@playwright/test').Page} page
 * @param {{method: string, path: string}} call  one of `CALLS` without a pattern
 * @param {{skip?: number}} [options]
 * @returns {Promise<() => void>}
 */
export async function held(page, { method, path }, { skip = 0 } = {}) {
  let letGo;
  const released = new Promise((resolve) => (letGo = resolve));
  let left = skip;
  await page.route(
    (url) => url.pathname.endsWith(path),
    async (route) => {
      if (route.request().method() === method && (left -= 1) < 0) await released;
      await route.fallback();
    },
  );
  return letGo;
}
