/**
 * Strings that come again and again (host, program, unit), made once: a direct-mapped cache over bytes.
 * Takes a range of bytes; gives the same object for the same bytes while it is cached. Bounded: 512 values.
 */
import { KnownBytes } from './known-bytes.js';

export interface Interned {
  readonly text: string;
  /** The number of the value in the route table's field, see RouteTable.numberOf. */
  readonly number: number;
}

interface Slot extends Interned {
  readonly known: KnownBytes;
}

const SLOTS = 512;

export class ByteIntern {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly #numberOf: (text: string) => number;

  /** `numberOf` gives the number to keep with a new value. */
  constructor(numberOf: (text: string) => number) {
    this.#numberOf = numberOf;
  }

  /** The value at `[start, end)`, decoded as UTF-8; `view` is over the same bytes. */
  find(bytes: Buffer, view: DataView, start: number, end: number): Interned {
    const index = slotOf(bytes, start, end);
    const slot = this.#slots[index];
    if (slot !== undefined && slot.known.length === end - start && slot.known.standAt(view, start))
      return slot;
    const text = bytes.toString('utf8', start, end);
    const known = new KnownBytes(bytes.subarray(start, end));
    const made: Slot = { text, number: this.#numberOf(text), known };
    this.#slots[index] = made;
    return made;
  }
}

/** Its length and four of its bytes tell nearly all values apart; two that share a slot take turns in it. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[(start + end) >> 1] ?? 0;
  const quarter = bytes[start + ((end - start) >> 2)] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return ((end - start) * 37 + first * 101 + middle * 53 + quarter * 11 + last * 7) & (SLOTS - 1);
}
