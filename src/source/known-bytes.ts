/**
 * Bytes that are looked for again and again (a field's name, a host), compared four at a time.
 * Takes them once; tells whether they stand at a place of a view. Also: where the next newline stands.
 */
const NEWLINES = 0x0a0a0a0a;

export class KnownBytes {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** The last four bytes, which may overlap the last whole word. */
  readonly #tail: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
    this.length = bytes.length;
    const view = new DataView(this.#bytes.buffer);
    this.#words = Int32Array.from({ length: bytes.length >> 2 }, (_, index) =>
      view.getInt32(4 * index, true),
    );
    this.#tail = bytes.length < 4 ? 0 : view.getInt32(bytes.length - 4, true);
  }

  /** Whether they stand at `start`; the view must reach to `start + length`. */
  standAt(view: DataView, start: number): boolean {
    const { length } = this;
    if (length < 4) {
      for (let at = 0; at < length; at += 1) if (view.getUint8(start + at) !== this.#bytes[at]) return false;
      return true;
    }
    // The ends of two names differ sooner than their beginnings.
    if (view.getInt32(start + length - 4, true) !== this.#tail) return false;
    const words = this.#words;
    for (let index = 0; index < words.length; index += 1)
      if (view.getInt32(start + 4 * index, true) !== words[index]) return false;
    return true;
  }
}

/** Where the first newline in `[start, end)` stands, or -1. Fields are short: a call into native code costs more. */
export function newlineIn(view: DataView, start: number, end: number): number {
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true) ^ NEWLINES;
    // A byte that is zero now borrows from its highest bit; below the first such byte nothing does.
    const found = (word - 0x01010101) & ~word & 0x80808080;
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3);
  }
  for (; at < end; at += 1) if (view.getUint8(at) === 10) return at;
  return -1;
}
