// Types of latchkey.js, written by hand. A test holds the two against each other.

/** The version of the contract that is spoken. */
export const CONTRACT: 1;

/** A way the console looks: light, dark, or as the reader's system wishes. */
export type Scheme = 'light' | 'dark' | 'system';

/** A scheme with the portal's own colours and sizes; which names there are is in `docs/embedding.md`. */
export interface Theme {
  scheme?: Scheme;
  /** At most 64, names and values of at most 2,048 characters. */
  tokens?: Record<string, string>;
}

/** Why a token is asked for. */
export type TokenReason =
  /** The console starts, or shows another connection. */
  | 'start'
  /** The one it has ends soon. */
  | 'expiring'
  /** The service refused the one it has. */
  | 'rejected';

/** What the token callback is asked. */
export interface TokenRequest {
  /** The connection's id in the console's `config.json`. */
  connection: string;
  /** The kind of key system, such as `qualys-gateway`. */
  system: string;
  reason: TokenReason;
  /** Aborted when the answer is no longer wanted: it took too long, a newer request came, the console went away. */
  signal: AbortSignal;
}

/** A token, alone or with its remaining life in seconds, for tokens that do not say it themselves. */
export type TokenAnswer = string | { token: string; expiresIn?: number };

/**
 * Gives a token for one connection, or null if the portal's user is signed out.
 * It has 10 seconds and is called at most once a second for one connection. When it fails or takes too long, the console asks again by itself.
 */
export type GetToken = (request: TokenRequest) => TokenAnswer | null | Promise<TokenAnswer | null>;

/** A message of the contract as `trace` sees it: a token is replaced by its length. */
export type TracedMessage = Readonly<Record<string, unknown>>;

export interface ConsoleOptions {
  /** Address of the console: HTTPS, or HTTP on this machine. */
  src: string | URL;
  /** Signs in for the reader. Without it the console has its own sign-in, unless `signIn` says otherwise. */
  getToken?: GetToken;
  /** Whose sign-in it is. `host` if there is a `getToken`, else `own`. */
  signIn?: 'host' | 'own';
  /** The connection to begin with, by its id of at most 2,048 characters. The first of the console's configuration if it is left out. */
  connection?: string;
  theme?: Scheme | Theme;
  /** A BCP 47 tag of at most 255 characters. */
  locale?: string;
  /** While on, nothing that writes is offered or sent. */
  readonly?: boolean;
  /** The address inside the console to begin with, such as `/?q=…`, of at most 2,048 characters. */
  route?: string;
  /** The frame's name for screen readers. `Key administration` if left out. */
  title?: string;
  /** `auto` follows the content, `fixed` fills the element. */
  height?: 'auto' | 'fixed';
  /** CSS pixels; 400 if left out, which is what the console's dialogs need. */
  minHeight?: number;
  /** CSS pixels; 10,000 if left out. Beyond it the console scrolls. */
  maxHeight?: number;
  /** Lets the browser warn when the page is left with unsaved work in the console. On unless false. */
  warnOnUnload?: boolean;
  /** Called with each message that was sent (`out`) and taken (`in`), without tokens: for logs of a developer. */
  trace?: (way: 'in' | 'out', message: TracedMessage) => void;
}

/** What the console did to keys. None of it is a secret. */
export interface KeyEvent {
  /** `key.created`, `key.changed`, `key.enabled`, `key.disabled`, `key.deleted`, `keys.done`; more may come. */
  name: string;
  connection: string;
  /** The id of the key. */
  key?: string;
  /** ISO 8601, the server's time. */
  at: string;
  /** How many keys, for `keys.done`. */
  count?: number;
}

/** Something the portal may want to know. */
export interface Problem {
  /**
   * From the console: `crashed`, `token_timeout`, `token_refused`, `theme_refused`, `storage_refused`,
   * `clipboard_refused`.
   * From this module: `silent` (no console at `src` is on the screen within 20 seconds), `version` (it speaks another version; told once),
   * `no_callback`, `token_error` (the callback failed), `token_timeout`, `bad_token`.
   */
  code: string;
  by: 'console' | 'host';
}

/** Events and what comes with each. */
export interface ConsoleEvents {
  /** Once for each document in the frame. */
  ready: { version: number; release: string };
  route: { route: string };
  dirty: { dirty: boolean };
  /** The height the frame has now, in CSS pixels. */
  height: { height: number };
  'signed-out': { connection: string };
  event: KeyEvent;
  problem: Problem;
  /** How many messages were ignored so far, here and by the console. */
  ignored: { host: number; console: number };
}

/** A console in the page. */
export interface ConsoleHandle {
  readonly frame: HTMLIFrameElement;
  /** Whether the console is on the screen; no longer after it crashed, until the reader restarted it. */
  readonly ready: boolean;
  /** Whether something unsaved would be lost. */
  readonly dirty: boolean;
  /** The address inside the console, once it has told one. */
  readonly route: string | null;
  /** Messages that were ignored here: from other windows or of another shape. */
  readonly ignored: number;
  /** The same, on the console's side. */
  readonly ignoredByConsole: number;
  setTheme(theme: Scheme | Theme): void;
  setLocale(locale: string): void;
  setReadonly(on: boolean): void;
  /**
   * Shows another address, `/` or `/?…`. What is unsaved is asked about first.
   * @throws TypeError if it is none, or has more than 2,048 characters
   */
  setRoute(route: string): void;
  /** Ends every session of the frame: at the next start, if no console listens now. */
  signOut(): void;
  /**
   * Asks whether the portal may leave. With unsaved work the reader is asked in the console, for as long as it takes.
   * True if there is nothing to lose, or no console to ask: before it is on the screen, after it crashed.
   */
  askLeave(): Promise<boolean>;
  on<Name extends keyof ConsoleEvents>(name: Name, listener: (detail: ConsoleEvents[Name]) => void): () => void;
  off<Name extends keyof ConsoleEvents>(name: Name, listener: (detail: ConsoleEvents[Name]) => void): void;
  /** Takes the console away. A second call does nothing. */
  destroy(): void;
}

/**
 * Puts a console into an element.
 * @throws TypeError if an option is not as described here
 */
export function mountConsole(element: Element | ShadowRoot, options: ConsoleOptions): ConsoleHandle;

/** The events of the element: `latchkey-ready`, `latchkey-route` and so on. They bubble. */
export type LatchkeyEventMap = {
  [Name in keyof ConsoleEvents as `latchkey-${Name}`]: CustomEvent<ConsoleEvents[Name]>;
};

/** `<latchkey-console src connection theme locale readonly route height min-height max-height sign-in label>`. */
export class LatchkeyConsole extends HTMLElement {
  src: string;
  connection: string;
  theme: string;
  locale: string;
  /** The attribute: where the host wants the console to be. Where it is, is `handle.route`. */
  route: string;
  /** `auto` or `fixed`. */
  height: string;
  /** The frame's name for screen readers. */
  label: string;
  readonly: boolean;
  get tokens(): Record<string, string>;
  set tokens(tokens: Record<string, string> | null | undefined);
  get getToken(): GetToken | undefined;
  set getToken(getToken: GetToken | null | undefined);
  get trace(): ConsoleOptions['trace'];
  set trace(trace: ConsoleOptions['trace'] | null);
  readonly handle: ConsoleHandle | null;
  readonly dirty: boolean;
  signOut(): void;
  askLeave(): Promise<boolean>;
  addEventListener<Name extends keyof LatchkeyEventMap>(
    type: Name,
    listener: (this: LatchkeyConsole, event: LatchkeyEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: LatchkeyConsole, event: HTMLElementEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'latchkey-console': LatchkeyConsole;
  }
}
