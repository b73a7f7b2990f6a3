// The workbench of `deploy/embed/host.html` and the console in its frame.

import { expect } from '@playwright/test';

import { Console } from '../pages.mjs';
import { t } from '../texts.mjs';

export class Portal {
  /**
   * @param {import('@playwright/test').Page} page
   * @param {import('../control.mjs').Control} gateway
   * @param {object} office  the server of the portal
   */
  constructor(page, gateway, office) {
    const button = (name) => page.getByRole('button', { name, exact: true });
    this.page = page;
    this.gateway = gateway;
    this.office = office;
    this.as = page.getByRole('combobox', { name: 'As', exact: true });
    this.height = page.getByRole('combobox', { name: 'Height' });
    this.source = page.getByRole('combobox', { name: 'Token', exact: true });
    this.connection = page.getByRole('textbox', { name: /^Connection/ });
    this.pasted = page.getByLabel('Token to hand over');
    this.scheme = page.getByRole('combobox', { name: 'Scheme' });
    this.tokens = page.getByRole('combobox', { name: 'Tokens' });
    this.locale = page.getByRole('combobox', { name: 'Locale' });
    this.readonly = page.getByRole('checkbox', { name: 'Read-only' });
    this.route = page.getByRole('textbox', { name: 'Route' });
    this.callback = page.getByRole('combobox', { name: 'The token callback' });
    this.clock = page.getByRole('combobox', { name: /portal's clock/ });
    this.putIn = button('Put in');
    this.putInTwice = button('Put in twice');
    this.takeAway = button('Take away');
    this.show = button('Show');
    this.leave = button('Ask to leave');
    this.signOut = button('Sign out');
    this.pending = button('Take away at the next token request');
    this.swing = button('Let the content grow, then shrink');
    this.reload = button('Load the frame again');
    this.stranger = button('Post from a wrong origin');
    this.random = button('Send 1,000 random messages');
    this.frames = page.locator('iframe:not([hidden])');
    this.log = page.getByRole('list', { name: 'Messages' });
  }

  async open() {
    await this.page.goto(`/host.html?console=${encodeURIComponent(`${this.gateway.url}/`)}`);
  }

  /** Puts the console in and waits until it is on the screen. */
  async start(button = this.putIn) {
    await button.click();
    // A whole program is loaded, compiled and signed in.
    await expect(this.figure('Console')).toHaveText('on the screen', { timeout: 30_000 });
    return this.console();
  }

  /** The same, signed in, with the list loaded. */
  async enter() {
    const console = await this.start();
    await console.list.loaded();
    return console;
  }

  /** The console in the n-th frame. Its `page` is that frame. */
  async console(nth = 0) {
    const console = new Console(await this.inside(nth), this.gateway);
    /** The console's question before the portal leaves, or shows something else. */
    console.leaving = console.page.getByRole('dialog', { name: t('embed.leave_title'), exact: true });
    console.going = console.page.getByRole('dialog', { name: t('embed.visit_title'), exact: true });
    console.button = (id) => console.page.getByRole('button', { name: t(id), exact: true });
    return console;
  }

  /** The frame itself, to look into it. */
  async inside(nth = 0) {
    return (await this.frames.nth(nth).elementHandle()).contentFrame();
  }

  /** A figure of the state. */
  figure(name) {
    return this.page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd');
  }

  async state(name, value) {
    await expect(this.figure(name)).toHaveText(value);
  }

  /** What the workbench says last. */
  says(text) {
    return this.page.getByRole('status').filter({ hasText: text });
  }

  /** All lines of the log, the oldest first: way, type and fields. */
  async messages(type) {
    const lines = await this.page.evaluate(() =>
      [...document.querySelectorAll('#log li')].map((it) => [it.className, ...[...it.children].slice(2).map((part) => part.textContent)]),
    );
    const all = lines.reverse().map(([way, name, fields]) => ({ way, type: name, ...JSON.parse(fields || '{}') }));
    return type ? all.filter((it) => it.type === type) : all;
  }

  /** A message of that type has been said, so many times. */
  async said(type, count = 1) {
    await expect.poll(async () => (await this.messages(type)).length, `messages of type ${type}`).toBeGreaterThanOrEqual(count);
    return this.messages(type);
  }

  async goTo(route) {
    await this.route.fill(route);
    await this.show.click();
  }
}
