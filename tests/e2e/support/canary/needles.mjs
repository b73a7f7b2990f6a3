// Finds planted secrets in any text, in one pass: whole, in part, without its dashes, escaped, and encoded.
//
// Both sides are brought to one form, small letters and digits alone. So a dash less, a space more, quotes, line breaks
// and the zero bytes of UTF-16 hide nothing. Escapes (`%2D`, `\u002d`, `&#45;`) are undone before. What is looked for
// beside the value itself: its base64 at each of the three places it can have in a longer text (a Basic credential is
// one), its bytes in hexadecimal, and the value read backwards.

/** Stands between texts that are searched together: nothing is found across it. */
export const APART = '\u0001';

/** The part of a value that gives it away. A mask shows four characters at each end, which is less. */
const PART = 12;
/** Shorter values would be found by chance. */
const SHORTEST = 8;
/** Needles are looked up by their last characters. */
const TAIL = 8;
/** One bit for each hash of a tail: most places of a text are done with after one look. */
const BITS = 22;
/** Encodings of very many values cost more than they find; the first ones stand for the rest. */
const MOST_ENCODED = 2_000;

const [ZERO, NINE, UPPER_A, UPPER_Z, LOWER_A, LOWER_Z] = [...'09AZaz'].map((it) => it.charCodeAt(0));

export class Needles {
  /** By their last characters: each needle with what it is. */
  #byTail = new Map();
  #bits = new Uint32Array(1 << (BITS - 5));
  #known = new Set();

  /**
   * Adds a secret.
   * @param {string} kind  what it is, for the report, which never holds the secret itself
   * @param {string} value
   */
  add(kind, value) {
    const plain = bare(value);
    if (plain.length < SHORTEST || this.#known.has(plain)) return;
    this.#known.add(plain);
    for (const part of parts(plain)) this.#put(part, kind);
    if (this.#known.size > MOST_ENCODED) return;
    for (const part of parts([...plain].reverse().join(''))) this.#put(part, `${kind}, backwards`);
    for (const part of parts(Buffer.from(value).toString('hex'))) this.#put(part, `${kind}, in hexadecimal`);
    for (const shift of [0, 1, 2]) this.#put(base64(value, shift), `${kind}, in base64`);
  }

  get size() {
    return this.#known.size;
  }

  /**
   * What of the secrets a text holds.
   * @param {string} text
   * @returns {string[]}  the kinds, each once
   */
  find(text) {
    const codes = plainCodes(unescaped(text));
    const found = new Set();
    let hash = 0;
    for (let end = 0; end < codes.length; end++) {
      hash = rolled(hash, codes[end], end < TAIL ? 0 : codes[end - TAIL]);
      if (end + 1 < TAIL || !this.#mayEnd(hash)) continue;
      for (const { needle, kind } of this.#byTail.get(textOf(codes, end + 1 - TAIL, end + 1)) ?? []) {
        const start = end + 1 - needle.length;
        if (start >= 0 && textOf(codes, start, end + 1) === needle) found.add(kind);
      }
    }
    return [...found];
  }

  #put(needle, kind) {
    if (needle.length < SHORTEST) return;
    const tail = needle.slice(-TAIL);
    const list = this.#byTail.get(tail);
    if (list === undefined) this.#byTail.set(tail, [{ needle, kind }]);
    else if (list.every((it) => it.needle !== needle)) list.push({ needle, kind });
    let hash = 0;
    for (let idx = 0; idx < TAIL; idx++) hash = rolled(hash, tail.charCodeAt(idx), 0);
    const bit = hash >>> (32 - BITS);
    this.#bits[bit >>> 5] |= 1 << (bit & 31);
  }

  #mayEnd(hash) {
    const bit = hash >>> (32 - BITS);
    return ((this.#bits[bit >>> 5] >>> (bit & 31)) & 1) === 1;
  }
}

const FACTOR = 0x9e3779b1;
const FACTOR_TO_TAIL = Array.from({ length: TAIL }).reduce((it) => Math.imul(it, FACTOR), 1);

/** The hash of the last {@link TAIL} characters, after one more. */
function rolled(hash, added, dropped) {
  return (Math.imul(hash, FACTOR) + added - Math.imul(dropped, FACTOR_TO_TAIL)) | 0;
}

/** Small letters and digits alone. */
function bare(text) {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The same as codes, without the texts between. */
function plainCodes(text) {
  const res = new Uint8Array(text.length);
  let length = 0;
  for (let idx = 0; idx < text.length; idx++) {
    const code = text.charCodeAt(idx);
    if ((code >= ZERO && code <= NINE) || (code >= LOWER_A && code <= LOWER_Z)) res[length++] = code;
    else if (code >= UPPER_A && code <= UPPER_Z) res[length++] = code + LOWER_A - UPPER_A;
    else if (code === 1) res[length++] = code;
  }
  return res.subarray(0, length);
}

function textOf(codes, start, end) {
  return String.fromCharCode(...codes.subarray(start, end));
}

/** The parts of a bare value that give it away: its beginning, its middle, its end. */
function parts(plain) {
  if (plain.length <= PART) return [plain];
  const starts = [0, (plain.length - PART) >> 1, plain.length - PART];
  const res = starts.map((it) => plain.slice(it, it + PART));
  // A run of zeros stands in many texts; a value that is little else is looked for as a whole.
  const telling = res.filter((it) => new Set(it).size > 4);
  return telling.length === res.length ? telling : [...telling, plain];
}

/** What of a value's base64 does not depend on its neighbours, where so many bytes stand before it. */
function base64(value, shift) {
  const text = Buffer.from(' '.repeat(shift) + value).toString('base64').replace(/=+$/, '');
  const touched = (Buffer.byteLength(value) + shift) % 3 === 0 ? 0 : 1;
  return bare(text.slice(shift === 0 ? 0 : shift + 1, text.length - touched)).slice(0, 2 * PART);
}

/** Undoes what addresses, JSON and HTML do to single characters. */
function unescaped(text) {
  let res = text;
  const hex = (_, digits) => String.fromCharCode(parseInt(digits, 16));
  if (res.includes('%')) res = res.replaceAll(/%([0-9a-f]{2})/gi, hex);
  if (res.includes('\\')) res = res.replaceAll(/\\u([0-9a-f]{4})/gi, hex).replaceAll(/\\x([0-9a-f]{2})/gi, hex);
  if (res.includes('&#')) res = res.replaceAll(/&#x([0-9a-f]{1,5});/gi, hex).replaceAll(/&#(\d{1,6});/g, (_, it) => String.fromCharCode(it));
  return res;
}
