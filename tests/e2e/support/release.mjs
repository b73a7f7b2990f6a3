// A page of one release, and a server that has another: the built page is given a release of its own on its way.

import { t } from './texts.mjs';

const META = /<meta[^>]*latchkey-release[^>]*>/;

export class Releases {
  /** The release of the page that is loaded next, and the one that the server says is the newest. */
  own = 'r1';
  newest = 'r1';
  /** How often the newest one was asked for. */
  asked = 0;

  /** @param {import('@playwright/test').Page} page */
  constructor(page) {
    this.page = page;
    this.bar = page.getByRole('status').filter({ hasText: t('release.new') }).or(page.getByRole('status').filter({ hasText: t('release.missing') }));
    const button = (id) => this.bar.getByRole('button', { name: t(id), exact: true });
    this.reload = button('release.reload');
    this.after = button('release.reload_after');
    this.later = button('release.later');
    this.stop = button('release.stop');
  }

  /** Call it before the page opens. */
  async pretend() {
    await this.page.route(
      (url) => url.pathname === '/',
      async (route) => {
        if (route.request().resourceType() !== 'document') return route.fallback();
        const response = await route.fetch();
        // A release says one, and may have lost its head tag to the minifier; a debug build says none.
        const html = (await response.text()).replace(META, '').replace(/<title/, `<meta name="latchkey-release" content="${this.own}">$&`);
        const { 'content-encoding': _, 'content-length': __, ...headers } = response.headers();
        await route.fulfill({ response, headers, body: html });
      },
    );
    await this.page.route('**/release.json', async (route) => {
      this.asked += 1;
      await route.fulfill({ contentType: 'application/json', body: JSON.stringify({ release: this.newest, files: [] }) });
    });
  }

  /** The tab comes back on the screen, a while after it was there last. The page's time is in the journey's hands. */
  async comeBack() {
    await this.page.clock.fastForward('02:00');
    await this.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  }
}
