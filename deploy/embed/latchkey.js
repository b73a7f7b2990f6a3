// The host's side of embedding, contract v1: `docs/embedding.md` of the project says why each thing is as it is.
// Puts the console into a frame, as a function (`mountConsole`) and as an element (`<latchkey-console>`).
// One file, no dependency, no build step. It writes no HTML, no style attribute and no script, so it works under the
// strictest policy with Trusted Types; the page allows the console's origin in `frame-src`, and that is all.

/** The version of the contract. */
export const CONTRACT = 1;

/** What the console needs, and nothing more: no pop-ups, no modals, no navigation of the portal. */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-downloads';

/** The longest text, language tag, token and list of the contract; texts in units of UTF-16, as the console counts them. */
const TEXT = 2_048;
const TAG = 255;
const TOKEN = 16_384;
const LIST = 64;

/** The longest life of a token, in seconds: ten years. */
const LIFE = 315_576_000;

/** Milliseconds a token callback has, and that lie between two calls of it for one connection at least. */
const TOKEN_TIME = 10_000;
const TOKEN_GAP = 1_000;

/** Milliseconds a console has to say hello, and again to be ready; and one without unsaved work to say that the host may leave. */
const HELLO_TIME = 20_000;
const LEAVE_TIME = 2_000;

/** Milliseconds in which eight heights, each the one before the last, are a chase. */
const CHASE_TIME = 1_000;

const isObject = (it) => typeof it === 'object' && it !== null && !Array.isArray(it);
const isText = (it) => typeof it === 'string' && it.length <= TEXT;
const isFlag = (it) => typeof it === 'boolean';
const isCount = (it) => Number.isSafeInteger(it) && it >= 0;
const isId = (it) => isText(it) && it !== '';
const isRoute = (it) => isText(it) && /^\/($|\?)/.test(it);
const maybe = (fits) => (it) => it === undefined || fits(it);
const oneOf = (...all) => (it) => all.includes(it);

/** What the console may say: the fields of each type. A type that is not here is not understood. */
const SHAPES = {
  ready: { version: isCount, release: isText },
  token_request: { id: isId, connection: isId, system: isText, reason: oneOf('start', 'expiring', 'rejected') },
  route: { route: isRoute },
  height: { height: isCount },
  dirty: { dirty: isFlag },
  leave_answer: { id: isId, may_leave: isFlag },
  signed_out: { connection: isText },
  event: { name: isText, connection: isText, key: maybe(isText), at: isText, count: maybe(isCount) },
  problem: { code: isText },
  ignored: { count: isCount },
};

/** The known fields of a message, or undefined if it is none of the contract. */
function read(message) {
  if (!isObject(message) || message.v !== CONTRACT || typeof message.type !== 'string') return undefined;
  if (!Object.hasOwn(SHAPES, message.type)) return undefined;
  const res = { type: message.type };
  for (const [name, fits] of Object.entries(SHAPES[message.type])) {
    const value = Object.hasOwn(message, name) ? message[name] : undefined;
    if (!fits(value)) return undefined;
    if (value !== undefined) res[name] = value;
  }
  return res;
}

/** Throws unless an option is as it should be. */
function check(holds, what) {
  if (!holds) throw new TypeError(`latchkey: ${what}`);
}

/** The console's address, resolved against the page: HTTPS, or HTTP on this very machine. */
function addressOf(src) {
  check(isText(String(src ?? '')) && String(src ?? '') !== '', '`src` is the address of the console');
  const url = new URL(src, document.baseURI);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  check(url.protocol === 'https:' || (url.protocol === 'http:' && isHere), '`src` needs https');
  check(url.username === '' && url.password === '', '`src` must hold no password');
  return url;
}

/** A theme as the contract has it, from a scheme alone or with tokens. */
function themeOf(theme) {
  const { scheme = 'system', tokens = {} } = isObject(theme) ? theme : { scheme: theme };
  check(oneOf('light', 'dark', 'system')(scheme), 'the scheme is light, dark or system');
  const pairs = isObject(tokens) ? Object.entries(tokens) : undefined;
  check(pairs && pairs.length <= LIST && pairs.flat().every(isText), '`tokens` has at most 64 texts under names, each of at most 2,048 characters');
  return { scheme, tokens: { ...tokens } };
}

function localeOf(locale) {
  check(isText(locale) && locale.length <= TAG, '`locale` is a language tag of at most 255 characters');
  check(Intl.getCanonicalLocales(locale).length === 1, '`locale` is a language tag');
  return locale;
}

function routeOf(route) {
  check(typeof route !== 'string' || isText(route), 'a route has at most 2,048 characters');
  check(isRoute(route), 'a route is an address inside the console: /?…');
  return route;
}

/** Whatever a token callback gave, as the fields of `token`, or undefined. */
function tokenOf(answer) {
  const { token, expiresIn } = typeof answer === 'string' ? { token: answer } : isObject(answer) ? answer : {};
  if (typeof token !== 'string' || token.trim() === '' || token.length > TOKEN) return undefined;
  const isLife = Number.isFinite(expiresIn) && expiresIn > 0 && expiresIn <= LIFE;
  return { token, expires_in: isLife ? expiresIn : undefined };
}

/** All consoles of the page. One listener serves them, so that none takes another's frame for a stranger. */
const mounted = new Set();

function receive(event) {
  const { source, data } = event;
  for (const it of mounted) if (it.owns(source)) return it.greet(event);
  // Windows say many things to each other. Only what speaks of this contract is counted.
  if (isObject(data) && Object.hasOwn(data, 'latchkey')) for (const it of mounted) it.ignore();
}

/** One console in one frame; see `ConsoleHandle` in latchkey.d.ts. */
class Mount {
  #frame = document.createElement('iframe');
  #origin;
  #options;
  /** What `welcome` says; kept up to date, for the frame may load again at any time. */
  #settings;
  #port = null;
  #isReady = false;
  #dirty = false;
  #route = null;
  /** Whether a route was sent since the console last told one: then where it was is not where it will be. */
  #isRouting = false;
  /** A sign-out that no document could hear yet. */
  #owesSignOut = false;
  #height = 0;
  /** The last heights and their times, to notice a frame and its content that chase each other. */
  #heights = [];
  #heightTimer;
  /** Which part of the frame is on the screen, for dialogs to appear there; the browser reckons it, clipped by all around. */
  #sight = null;
  #view = '';
  /** What must be listened to for it: each tree of elements around the frame, for scrolling is not told across them. */
  #around = [];
  #ignored = { host: 0, console: 0 };
  #listeners = new Map();
  #leaves = new Map();
  #leaveId = 0;
  /** Token requests that wait for their answers, one a connection at most, and when the host was last asked for each. */
  #requests = new Map();
  #askedAt = new Map();
  #helloTimer;
  /** Whether it was told that the console speaks another version: that one says hello ten times. */
  #isForeign = false;

  constructor(element, options) {
    check(element instanceof Element || element instanceof ShadowRoot, 'the console needs an element to be put into');
    check(isObject(options), 'the console needs options');
    const { getToken, signIn, connection, locale, route, height = 'auto', minHeight = 400, maxHeight = 10_000 } = options;
    const url = addressOf(options.src);
    check(maybe((it) => typeof it === 'function')(getToken), '`getToken` is a function');
    check(maybe(oneOf('host', 'own'))(signIn), '`signIn` is host or own');
    check(maybe((it) => isText(it) && it !== '')(connection), '`connection` is an id of at most 2,048 characters');
    check(oneOf('auto', 'fixed')(height), '`height` is auto or fixed');
    check(isCount(minHeight) && isCount(maxHeight) && minHeight <= maxHeight, '`minHeight` and `maxHeight` are pixels');
    this.#origin = url.origin;
    this.#options = { ...options, minHeight, maxHeight };
    this.#settings = {
      sign_in: signIn ?? (getToken ? 'host' : 'own'),
      connection,
      theme: options.theme === undefined ? undefined : themeOf(options.theme),
      locale: locale === undefined ? undefined : localeOf(locale),
      readonly: options.readonly === true,
      route: route === undefined ? undefined : routeOf(route),
      height,
    };

    const frame = this.#frame;
    frame.setAttribute('sandbox', SANDBOX);
    frame.setAttribute('allow', 'clipboard-write');
    frame.referrerPolicy = 'no-referrer';
    frame.title = options.title ?? 'Key administration';
    // Property by property: a strict policy ignores a style attribute.
    Object.assign(frame.style, { display: 'block', border: '0', width: '100%', colorScheme: 'normal' });
    if (height === 'fixed') frame.style.height = '100%';
    else this.#resize(minHeight);

    if (mounted.size === 0) addEventListener('message', receive);
    mounted.add(this);
    this.#expect();
    frame.src = url.href;
    element.append(frame);
    if (height === 'auto') this.#watchView();
  }

  /** The frame itself. */
  get frame() {
    return this.#frame;
  }

  get dirty() {
    return this.#dirty;
  }

  get route() {
    return this.#route;
  }

  get ready() {
    return this.#isReady;
  }

  get ignored() {
    return this.#ignored.host;
  }

  get ignoredByConsole() {
    return this.#ignored.console;
  }

  setTheme(theme) {
    this.#settings.theme = themeOf(theme);
    this.#post('theme', this.#settings.theme);
  }

  setLocale(locale) {
    this.#settings.locale = localeOf(locale);
    this.#post('locale', { locale });
  }

  setReadonly(on) {
    this.#settings.readonly = on === true;
    this.#post('readonly', { on: on === true });
  }

  setRoute(route) {
    this.#settings.route = routeOf(route);
    // A host that keeps the console's route in its own state sends back what it was just told.
    if (!this.#port || (route === this.#route && !this.#isRouting)) return;
    this.#isRouting = true;
    this.#post('route', { route });
  }

  /** Ends every session of the frame. The next request for a token is answered anew. */
  signOut() {
    this.#dropRequests();
    // The frame may be loading, or stand at its recovery screen: whoever says hello next is told.
    this.#owesSignOut = !this.#isReady;
    this.#post('sign_out', {});
  }

  /** May the host leave? The console asks the reader if something would be lost. */
  askLeave() {
    if (!this.#port || !this.#isReady) return Promise.resolve(true);
    const id = `leave-${++this.#leaveId}`;
    return new Promise((resolve) => {
      // With unsaved work the reader may think as long as it takes.
      const timer = this.#dirty ? undefined : setTimeout(() => this.#answerLeave(id, true), LEAVE_TIME);
      this.#leaves.set(id, { resolve, timer });
      this.#post('leave', { id });
    });
  }

  /** Calls the listener at each event of a name. Gives the function that ends it. */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.off(name, listener);
  }

  off(name, listener) {
    this.#listeners.get(name)?.delete(listener);
  }

  /** Takes the frame away and ends everything that belongs to it. A second call does nothing. */
  destroy() {
    if (!mounted.delete(this)) return;
    if (mounted.size === 0) removeEventListener('message', receive);
    clearTimeout(this.#heightTimer);
    this.#unplug();
    this.#lookAway();
    this.#listeners.clear();
    removeEventListener('beforeunload', this.#warn);
    this.#frame.remove();
  }

  /** @internal Whether a message came from the window of this frame. */
  owns(source) {
    return source !== null && source === this.#frame.contentWindow;
  }

  /** @internal A message of the frame's window: its hello, or nothing. */
  greet({ origin, data, ports }) {
    const isHello = isObject(data) && data.latchkey === 'hello' && Array.isArray(data.versions);
    if (origin !== this.#origin || !isHello || data.versions.length > LIST || ports.length !== 1) return this.ignore();
    // Whichever version it speaks, the document before is gone.
    this.#unplug();
    if (!data.versions.includes(CONTRACT)) return this.#refuse();
    this.#isForeign = false;
    this.#expect();
    this.#traced('in', { latchkey: 'hello', versions: data.versions.filter(isCount), release: isText(data.release) ? data.release : '' });
    const [port] = ports;
    this.#port = port;
    port.onmessage = ({ data }) => this.#hear(port, data);
    port.onmessageerror = () => this.ignore();
    this.#post('welcome', this.#settings);
    if (this.#owesSignOut) this.#post('sign_out', {});
    this.#isRouting = true;
    this.#view = '';
    this.#look();
  }

  /** @internal */
  ignore() {
    this.#ignored.host += 1;
    this.#emit('ignored', { ...this.#ignored });
  }

  /** Waits for the console to be on the screen. */
  #expect() {
    this.#helloTimer = setTimeout(() => this.#trouble('silent'), HELLO_TIME);
  }

  /** A console of another version: told once, whatever else it says. */
  #refuse() {
    if (this.#isForeign) return;
    this.#isForeign = true;
    this.#trouble('version');
  }

  /** Ends what belongs to the document that was in the frame so far: nobody in it answers any more. */
  #unplug() {
    clearTimeout(this.#helloTimer);
    this.#dropRequests();
    this.#port?.close();
    this.#port = null;
    this.#isReady = false;
    for (const id of [...this.#leaves.keys()]) this.#answerLeave(id, true);
    this.#setDirty(false);
  }

  #hear(port, data) {
    const message = port === this.#port ? read(data) : undefined;
    if (!message) return this.ignore();
    this.#traced('in', message);
    const { type, ...fields } = message;
    switch (type) {
      case 'ready':
        // Once a document; a console that is drawn anew may say it again.
        if (this.#isReady) return;
        clearTimeout(this.#helloTimer);
        this.#isReady = true;
        this.#owesSignOut = false;
        return this.#emit('ready', fields);
      case 'token_request':
        return this.#wantToken(fields);
      case 'route':
        this.#route = this.#settings.route = fields.route;
        this.#isRouting = false;
        return this.#emit('route', fields);
      case 'height':
        return this.#fit(fields.height);
      case 'dirty':
        return this.#setDirty(fields.dirty);
      case 'leave_answer':
        return this.#answerLeave(fields.id, fields.may_leave);
      case 'signed_out':
        return this.#emit('signed-out', fields);
      case 'event':
        return this.#emit('event', fields);
      case 'problem':
        // The program is gone. What stood in its open form is kept for a restart, so there is nothing to wait for.
        if (fields.code === 'crashed') this.#unplug();
        return this.#emit('problem', { ...fields, by: 'console' });
      case 'ignored':
        this.#ignored.console = fields.count;
        return this.#emit('ignored', { ...this.#ignored });
    }
  }

  #wantToken(request) {
    const { connection } = request;
    // Only the newest request of a connection is answered; whoever still works at an older one is told by its signal.
    this.#settle(this.#requests.get(connection));
    if (this.#requests.size >= LIST) return this.ignore();
    if (this.#askedAt.size >= LIST) this.#askedAt.clear();
    const job = { ...request, aborter: new AbortController(), timer: undefined };
    this.#requests.set(connection, job);
    const wait = (this.#askedAt.get(connection) ?? -Infinity) + TOKEN_GAP - performance.now();
    if (wait <= 0) return void this.#ask(job);
    job.timer = setTimeout(() => void this.#ask(job), wait);
  }

  #waits(job) {
    return this.#requests.get(job.connection) === job;
  }

  /** Asks the host for a token, once. Whatever happens, the console hears something in time. */
  async #ask(job) {
    const { getToken } = this.#options;
    const refuse = (reason, code) => {
      if (!this.#waits(job)) return;
      this.#settle(job, 'token_refused', { reason });
      if (code) this.#trouble(code);
    };
    if (!getToken) return refuse('unavailable', 'no_callback');
    const { connection, system, reason, aborter } = job;
    this.#askedAt.set(connection, performance.now());
    job.timer = setTimeout(() => refuse('unavailable', 'token_timeout'), TOKEN_TIME);
    let answer;
    try {
      answer = await getToken({ connection, system, reason, signal: aborter.signal });
    } catch {
      return refuse('unavailable', 'token_error');
    }
    if (answer === null) return refuse('signed_out');
    const token = tokenOf(answer);
    if (!token) return refuse('unavailable', 'bad_token');
    this.#settle(job, 'token', token);
  }

  /** Ends a token request, with an answer if there is one. */
  #settle(job, type, fields) {
    if (!job || !this.#waits(job)) return;
    this.#requests.delete(job.connection);
    clearTimeout(job.timer);
    job.aborter.abort();
    if (type) this.#post(type, { id: job.id, ...fields });
  }

  #dropRequests() {
    for (const job of [...this.#requests.values()]) this.#settle(job);
  }

  #setDirty(dirty) {
    if (dirty === this.#dirty) return;
    this.#dirty = dirty;
    // The reader is being asked, and may think as long as it takes.
    if (dirty) for (const { timer } of this.#leaves.values()) clearTimeout(timer);
    // Only while it is needed: a page with this listener is not kept for the way back.
    if (dirty && this.#options.warnOnUnload !== false) addEventListener('beforeunload', this.#warn);
    else removeEventListener('beforeunload', this.#warn);
    this.#emit('dirty', { dirty });
  }

  #warn = (event) => event.preventDefault();

  #answerLeave(id, mayLeave) {
    const leave = this.#leaves.get(id);
    if (!leave) return;
    this.#leaves.delete(id);
    clearTimeout(leave.timer);
    leave.resolve(mayLeave);
  }

  #fit(wanted) {
    if (this.#settings.height !== 'auto') return;
    clearTimeout(this.#heightTimer);
    const { minHeight, maxHeight } = this.#options;
    const height = Math.min(Math.max(wanted, minHeight), maxHeight);
    if (height === this.#height) return;
    if (this.#chases(height)) {
      this.#heightTimer = setTimeout(() => this.#fit(wanted), CHASE_TIME);
      return;
    }
    this.#resize(height);
    this.#emit('height', { height });
  }

  /** Whether this is the smaller of two heights that follow each other over and over: a content that depends on the height
   * of its frame. The larger one stays for a while. */
  #chases(height) {
    const now = performance.now();
    this.#heights = [...this.#heights, { height, now }].slice(-8);
    const both = new Set(this.#heights.map((it) => it.height));
    const isFast = this.#heights.length === 8 && now - this.#heights[0].now < CHASE_TIME;
    return isFast && both.size === 2 && height === Math.min(...both);
  }

  #resize(height) {
    this.#height = height;
    this.#frame.style.height = `${height}px`;
    this.#look();
  }

  #watchView() {
    const steps = Array.from({ length: 101 }, (_, nth) => nth / 100);
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries.at(-1)), { threshold: steps });
    this.#around = [globalThis];
    for (let root = this.#frame.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) this.#around.push(root);
    for (const it of this.#around) it.addEventListener('scroll', this.#look, { capture: true, passive: true });
    addEventListener('resize', this.#look);
    this.#look();
  }

  /** Looks anew: whoever is observed for the first time is told where it is, in the frame that is drawn now. */
  #look = () => {
    this.#sight?.unobserve(this.#frame);
    this.#sight?.observe(this.#frame);
  };

  #lookAway() {
    this.#sight?.disconnect();
    for (const it of this.#around) it.removeEventListener('scroll', this.#look, { capture: true });
    removeEventListener('resize', this.#look);
  }

  #seen({ boundingClientRect: whole, intersectionRect: part }) {
    const [top, height] = [Math.round(part.top - whole.top), Math.round(part.height)];
    const view = `${top} ${height}`;
    // A frame out of sight keeps what it had: nobody sees its dialogs, and it comes back where it was.
    if (!this.#port || height < 1 || view === this.#view) return;
    this.#view = view;
    this.#post('view', { top, height });
  }

  #post(type, fields) {
    if (!this.#port) return;
    const message = { v: CONTRACT, type, ...fields };
    for (const name of Object.keys(message)) if (message[name] === undefined) delete message[name];
    this.#traced('out', message);
    this.#port.postMessage(message);
  }

  /** Tells the host's `trace` of a message. A token is told by its length alone. */
  #traced(way, message) {
    const { trace } = this.#options;
    if (!trace) return;
    const told = 'token' in message ? { ...message, token: `(${message.token.length} characters)` } : message;
    this.#call(() => trace(way, told));
  }

  #trouble(code) {
    this.#emit('problem', { code, by: 'host' });
  }

  #emit(name, detail) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) this.#call(() => listener(detail));
  }

  /** Runs code of the host. If it fails, that is the host's business, and the console goes on. */
  #call(act) {
    try {
      act();
    } catch (error) {
      reportError(error);
    }
  }
}

/** Puts a console into an element; see latchkey.d.ts. */
export function mountConsole(element, options) {
  return new Mount(element, options);
}

/** Events of the handle. The element sends each as `latchkey-…`. */
const EVENTS = ['ready', 'route', 'dirty', 'height', 'signed-out', 'event', 'problem', 'ignored'];

/** Attributes with a property of the same name. */
const TEXTS = ['src', 'connection', 'theme', 'locale', 'route', 'height', 'label'];

/** What else can be set as a property, also before this module is there. */
const PROPERTIES = [...TEXTS, 'readonly', 'tokens', 'getToken', 'trace'];

/** `<latchkey-console>`. On a server, where a page may be put together, there are no elements; importing this does no harm. */
export class LatchkeyConsole extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = [...TEXTS, 'readonly', 'sign-in', 'min-height', 'max-height'];

  #handle = null;
  #isPlanned = false;
  #tokens = {};
  #getToken;
  #trace;
  #owesSignOut = false;

  constructor() {
    super();
    // A shadow tree: no sheet of the page reaches the frame, and no framework sees children it did not make.
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host { display: block } :host([hidden]) { display: none }');
    root.adoptedStyleSheets = [sheet];
    for (const name of PROPERTIES) {
      // Set before this class was there: now its setter has it.
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  /** The handle of the console, or null while there is none. */
  get handle() {
    return this.#handle;
  }

  get dirty() {
    return this.#handle?.dirty ?? false;
  }

  get readonly() {
    return this.hasAttribute('readonly');
  }

  set readonly(on) {
    this.toggleAttribute('readonly', Boolean(on));
  }

  get tokens() {
    return this.#tokens;
  }

  set tokens(tokens) {
    this.#tokens = tokens ?? {};
    this.#handle?.setTheme(this.#theme());
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(getToken) {
    const isFirst = !this.#getToken;
    this.#getToken = getToken ?? undefined;
    // A console that came up with its own sign-in cannot be told otherwise.
    if (isFirst && this.#getToken && this.#handle && !this.hasAttribute('sign-in')) this.#restart();
  }

  get trace() {
    return this.#trace;
  }

  set trace(trace) {
    this.#trace = trace ?? undefined;
  }

  signOut() {
    if (this.#handle) this.#handle.signOut();
    else this.#owesSignOut = true;
  }

  askLeave() {
    return this.#handle?.askLeave() ?? Promise.resolve(true);
  }

  connectedCallback() {
    this.#plan();
  }

  disconnectedCallback() {
    this.#handle?.destroy();
    this.#handle = null;
  }

  /** Moved by `moveBefore`, which keeps the frame as it is. Without this the browser would call the two above. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    const handle = this.#handle;
    if (!handle) return this.#plan();
    if (name === 'theme') handle.setTheme(this.#theme());
    else if (name === 'readonly') handle.setReadonly(value !== null);
    else if (name === 'label') handle.frame.title = value ?? '';
    else if (name === 'locale') handle.setLocale(value ?? navigator.language);
    else if (name === 'route') handle.setRoute(value ?? '/');
    else if (name === 'connection') handle.setRoute(value === null ? '/' : `/?connection=${encodeURIComponent(value)}`);
    else this.#restart();
  }

  #theme() {
    return { scheme: this.getAttribute('theme') ?? 'system', tokens: this.#tokens };
  }

  #restart() {
    this.disconnectedCallback();
    this.#plan();
  }

  /** Starts once the code that runs now has set whatever it sets. */
  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      if (this.isConnected && !this.#handle && this.hasAttribute('src')) this.#start();
    });
  }

  #start() {
    const text = (name) => this.getAttribute(name) ?? undefined;
    const pixels = (name) => (this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined);
    try {
      this.#handle = mountConsole(this.shadowRoot, {
        src: text('src'),
        title: text('label'),
        connection: text('connection'),
        theme: this.#theme(),
        locale: text('locale'),
        readonly: this.readonly,
        route: text('route'),
        height: text('height'),
        minHeight: pixels('min-height'),
        maxHeight: pixels('max-height'),
        signIn: text('sign-in'),
        getToken: this.#getToken && ((request) => this.#getToken?.(request)),
        trace: (way, message) => this.#trace?.(way, message),
      });
    } catch (error) {
      return reportError(error);
    }
    if (this.#owesSignOut) this.#handle.signOut();
    this.#owesSignOut = false;
    for (const name of EVENTS) {
      const tell = (detail) => this.dispatchEvent(new CustomEvent(`latchkey-${name}`, { detail, bubbles: true, composed: true }));
      this.#handle.on(name, tell);
    }
  }
}

for (const name of TEXTS) {
  Object.defineProperty(LatchkeyConsole.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? '';
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

const registry = globalThis.customElements;
if (registry && !registry.get('latchkey-console')) registry.define('latchkey-console', LatchkeyConsole);
