// What must never happen in any journey, whatever it is about: an error of the page, a violation of its security policy,
// a call to another origin, the password in an address.

/** The image that the self-check has the browser refuse, so as to see whether it does. */
const SELF_CHECK = /^Loading the image 'blob:|policy violation: img-src blob/;

const NETWORK = /^Failed to load resource: (the server responded with a status of \d+|net::ERR_)/;
const INTEGRITY = /integrity' attribute|SRI's integrity checks failed|was preloaded using link preload but not used/;

/**
 * Chromium's own lines about a field with `autofocus` in a frame of another origin (dialogs focus it all the same), and
 * about a frame that may not use the clipboard (a field to copy from is shown).
 */
const FRAMED = /^(Blocked autofocusing on a <\w+> element in a cross-origin subframe\.|Permissions policy violation: The Clipboard API has been blocked .*)$/;

export class Guard {
  #origins;
  #secrets;
  #faults = [];
  #troubles = [];
  #allowed = false;
  #mayCrash = false;
  #mayBreak = false;
  #checksItself = false;

  constructor(origin, secrets) {
    this.#origins = [origin];
    this.#secrets = secrets;
  }

  /** This journey makes calls fail; the browser's own lines about them are no fault of the page. */
  expectTrouble() {
    this.#allowed = true;
  }

  /** The pages of this journey are of more than one origin: a portal around the console. */
  allowOrigin(origin) {
    this.#origins.push(origin);
  }

  /** This journey opens the self-check, which breaks the page's policy once, harmlessly and on purpose. */
  expectSelfCheck() {
    this.#checksItself = true;
  }

  /** This journey crashes a page itself. */
  expectCrash() {
    this.#mayCrash = true;
  }

  /** This journey breaks the program or its files itself: the browser's lines about that are no fault of the page. */
  expectBreak() {
    this.#mayBreak = true;
    this.expectTrouble();
  }

  /** Watches every page of a context. Call it before the first page opens. */
  async watch(context) {
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (ev) => {
        console.error(`policy violation: ${ev.violatedDirective} ${ev.blockedURI} ${ev.sourceFile}:${ev.lineNumber}`);
      });
    });
    context.on('page', (page) => this.#watchPage(page));
    context.on('request', (request) => this.#seeRequest(request));
  }

  #watchPage(page) {
    page.on('pageerror', (error) => {
      if (!this.#mayBreak) this.#faults.push(`page error: ${error.message}`);
    });
    page.on('crash', () => {
      if (!this.#mayCrash) this.#faults.push('the page crashed');
    });
    page.on('dialog', (dialog) => {
      if (dialog.type() !== 'beforeunload') this.#faults.push(`a ${dialog.type()} of the browser`);
      dialog.accept().catch(() => {});
    });
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      if (this.#mayBreak && INTEGRITY.test(text)) return;
      if (this.#checksItself && SELF_CHECK.test(text)) return;
      if (this.#origins.length > 1 && FRAMED.test(text)) return;
      if (NETWORK.test(text)) this.#troubles.push(`${text} ${message.location().url}`);
      else this.#faults.push(`console ${message.type()}: ${text}`);
    });
  }

  #seeRequest(request) {
    const url = request.url();
    if (!this.#origins.some((it) => url.startsWith(`${it}/`)) && !/^(data|blob):/.test(url)) this.#faults.push(`a call to ${url}`);
    if (this.#secrets.some((it) => decodeURIComponent(url).includes(it)) || /eyJ[\w-]{20}/.test(url)) {
      this.#faults.push(`a secret in an address: ${new URL(url).pathname}`);
    }
  }

  /** What went wrong, as lines. */
  findings() {
    return [...this.#faults, ...(this.#allowed ? [] : this.#troubles)];
  }
}
