/**
 * Strings that come again and again (host, program, unit), made once: a direct-mapped cache over bytes.
 * Takes a range of bytes; gives the same object for the same bytes while it is cached. Bounded: 512 values.
 */
export interface Interned {
  readonly text: string;
  /** The number of the value in the route table's field, see RouteTable.numberOf. */
  readonly number: number;
}

interface Slot extends Interned {
  readonly bytes: Uint8Array;
}

const SLOTS = 512;

export class ByteIntern {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly #numberOf: (text: string) => number;

  /** `numberOf` gives the number to keep with a new value. */
  constructor(numberOf: (text: string) => number) {
    this.#numberOf = numberOf;
  }

  /** The value at `[start, end)`, decoded as UTF-8. */
  find(bytes: Buffer, start: number, end: number): Interned {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const index = (hash ^ (hash >>> 11)) & (SLOTS - 1);
    const slot = this.#slots[index];
    if (slot !== undefined && isSame(slot.bytes, bytes, start, end)) return slot;
    const text = bytes.toString('utf8', start, end);
    const made: Slot = {
      text,
      number: this.#numberOf(text),
      bytes: Uint8Array.prototype.slice.call(bytes, start, end),
    };
    this.#slots[index] = made;
    return made;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = start; at < end; at += 1) if (known[at - start] !== bytes[at]) return false;
  return true;
}
