// The self-check page.

import { expect } from '@playwright/test';

import { t } from '../texts.mjs';

export class SelfCheck {
  constructor(page) {
    this.page = page;
    this.link = page.getByRole('contentinfo').getByRole('link', { name: t('check.open'), exact: true });
    this.heading = page.getByRole('heading', { name: t('check.title'), level: 1 });
    const button = (id) => page.getByRole('main').getByRole('button', { name: t(id), exact: true });
    this.again = button('check.again');
    this.back = button('check.back');
    this.copy = button('check.copy');
    this.server = page.getByRole('combobox', { name: t('check.server'), exact: true });
    this.said = page.getByRole('status');
  }

  /** A part of the page, by the id of its title. */
  section(id) {
    return this.page.getByRole('region', { name: t(id), exact: true });
  }

  /** What is said about one thing. */
  finding(name) {
    return this.page.getByRole('article', { name, exact: true });
  }

  /** The lines for a server that are offered under a finding. */
  async lines(name) {
    return this.finding(name).getByRole('region').allInnerTexts();
  }

  /** Waits for the end of a check. */
  async done() {
    await expect(this.heading).toBeVisible();
    await expect(this.copy).toBeVisible();
    await expect(this.again).not.toHaveAttribute('aria-busy', 'true');
  }

  /** What was found, by verdict: the names in the order of the page. */
  async found() {
    const names = async (id) => {
      const all = await this.section(id).getByRole('article').all();
      return Promise.all(all.map((it) => it.getAttribute('aria-label')));
    };
    const [wrong, unknown, right] = await Promise.all(['wrong', 'unknown', 'right'].map((it) => names(`check.section_${it}`)));
    return { wrong, unknown, right };
  }
}
