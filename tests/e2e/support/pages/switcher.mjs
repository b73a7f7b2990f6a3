import { holding, t } from '../texts.mjs';

/** The switcher between connections, in the header. */
export class Switcher {
  constructor(page) {
    this.page = page;
    this.button = page.getByRole('banner').getByRole('button', { name: /^Connection: / });
    this.items = page.getByRole('menuitemradio');
    this.signOutAll = page.getByRole('menuitem', { name: t('connections.sign_out_all'), exact: true });
  }

  /** A connection in the open menu, or all of them together; its name says who is signed in. */
  item(connection) {
    return this.page.getByRole('menuitemradio', { name: holding(connection) });
  }

  signOutOf(connection) {
    return this.page.getByRole('menuitem', { name: t('connections.sign_out', { connection }), exact: true });
  }

  async open() {
    await this.button.click();
  }

  async goTo(connection) {
    await this.open();
    await this.item(connection).click();
  }

  async goToAll() {
    await this.goTo(t('connections.all'));
  }
}
