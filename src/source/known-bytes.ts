/**
 * Bytes that are looked for again and again (a field's name, a host), compared four at a time.
 * Takes them once; tells whether they stand at a place of a view.
 */
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
