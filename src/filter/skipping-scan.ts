/**
 * Looks for many fixed texts at once, where a host cannot compare sixteen bytes at a time (vector-scan.ts).
 * Skips ahead by what three bytes rule out (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994), so
 * that most bytes are never looked at.
 */
import type { ScanRoom } from './scan-room.js';
import { MOST_FOUND, type TextScan } from './text-scan.js';

/** The bytes that decide how far to skip. */
const BLOCK = 3;
/** A window longer than this skips hardly further. */
const LONGEST_WINDOW = 24;
const SLOTS = 1 << 14;

export class SkippingScan implements TextScan {
  readonly found = new Int32Array(MOST_FOUND);
  readonly #room: ScanRoom;
  /** How many bytes of each text are looked at before any is compared. */
  readonly #window: number;
  /** By the hash of a block: how far the window may move; 0 = it may stand at a text. */
  readonly #shifts = new Uint8Array(SLOTS);
  /** By the hash of a window's last block: the first text with such a window, -1 for none. */
  readonly #heads = new Int32Array(SLOTS).fill(-1);
  /** The next text of the same hash. */
  readonly #nexts: Int32Array;
  /** The bytes of all texts, and where each begins and ends. */
  readonly #bytes: Uint8Array;
  readonly #starts: Int32Array;

  /** Each text has at least three characters; of a character beyond Latin-1 its low byte is compared. */
  constructor(texts: readonly string[], room: ScanRoom) {
    this.#room = room;
    this.#window = texts.reduce((least, text) => Math.min(least, text.length), LONGEST_WINDOW);
    if (this.#window < BLOCK) throw new RangeError('a text to look for has at least three characters');
    this.#bytes = Buffer.from(texts.join(''), 'latin1');
    this.#starts = new Int32Array(texts.length + 1);
    this.#nexts = new Int32Array(texts.length);
    this.#shifts.fill(this.#window - BLOCK + 1);
    let start = 0;
    for (const [number, text] of texts.entries()) {
      this.#starts[number] = start;
      this.#add(number, start);
      start += text.length;
    }
    this.#starts[texts.length] = start;
  }

  scan(start: number, end: number): number {
    const { bytes } = this.#room;
    const { found } = this;
    const shifts = this.#shifts;
    const reach = this.#window - 1;
    let count = 0;
    let at = start + reach;
    while (at < end) {
      const slot = hash(bytes, at);
      const shift = shifts[slot] ?? 1;
      if (shift > 0) {
        at += shift;
        continue;
      }
      for (let text = this.#heads[slot] ?? -1; text >= 0; text = this.#nexts[text] ?? -1) {
        if (!this.#standsAt(text, bytes, at - reach, end)) continue;
        if (count === found.length) return count;
        found[count] = text;
        count += 1;
      }
      at += 1;
    }
    return count;
  }

  #add(number: number, start: number): void {
    const last = start + this.#window - 1;
    for (let at = start + BLOCK - 1; at <= last; at += 1) {
      const slot = hash(this.#bytes, at);
      this.#shifts[slot] = Math.min(this.#shifts[slot] ?? 0, last - at);
    }
    const slot = hash(this.#bytes, last);
    this.#nexts[number] = this.#heads[slot] ?? -1;
    this.#heads[slot] = number;
  }

  #standsAt(text: number, bytes: Uint8Array, at: number, end: number): boolean {
    const known = this.#bytes;
    const start = this.#starts[text] ?? 0;
    const length = (this.#starts[text + 1] ?? 0) - start;
    if (at + length > end) return false;
    for (let index = 0; index < length; index += 1)
      if (known[start + index] !== bytes[at + index]) return false;
    return true;
  }
}

/** Of the block that ends at `at`. */
function hash(bytes: Uint8Array, at: number): number {
  const first = bytes[at - 2] ?? 0;
  const second = bytes[at - 1] ?? 0;
  return ((first << 10) ^ (second << 5) ^ (bytes[at] ?? 0)) & (SLOTS - 1);
}
