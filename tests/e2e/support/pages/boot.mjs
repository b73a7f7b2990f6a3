/** What stands on the page before the console does, if it cannot, or after it broke off. Its words are in index.html. */
export class Boot {
  constructor(page) {
    this.page = page;
    this.scope = page.getByRole('main');
    this.again = this.button('Try again');
    this.restart = this.button('Restart the console');
    this.fresh = this.button('Start without unsaved entries');
    this.copy = this.button('Copy the report');
    // Behind its heading until it is opened.
    this.report = this.scope.getByRole('textbox', { name: 'Report', exact: true, includeHidden: true });
    this.progress = page.getByRole('progressbar', { name: 'Download of the console', exact: true });
    this.stopped = this.title('The console has stopped');
    this.changed = this.title('A part of the console is not what was released');
  }

  button(name) {
    return this.scope.getByRole('button', { name, exact: true });
  }

  title(name) {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }
}

/**
 * Breaks the program as a real fault would: the browser refuses to make an element, which the program takes for granted.
 * @param {string} words  what the browser says, which the program puts into its own message
 */
export async function breakElements(page, words) {
  await page.evaluate((said) => {
    const { createElement } = Document.prototype;
    Document.prototype.createElement = () => {
      // Once: whoever looks at the page afterwards makes elements too.
      Document.prototype.createElement = createElement;
      throw new Error(said);
    };
  }, words);
}
