/**
 * Reads the wanted fields of an entry in one walk over all that it has: libsystemd's look for a single field begins anew each
 * time. Takes the native functions and the names; gives the values, decoded and cut at 64 KiB. A value that a field had last
 * as well is the same string again.
 */

export const MAX_VALUE_BYTES = 64 << 10;
/** Where in the memory the value lies: behind the two words that libsystemd writes. */
const VALUE = 64;
const LONGEST_NAME = 64;
/** A name is found by its first bytes, of which `=` may be the last: few share them. */
const KEY_BYTES = 2;
/** Longer values are hardly ever the same again. */
const LONGEST_KEPT = 64;

/** The current entry's data, one after the other, as libsystemd gives it. All addresses are numbers. */
export interface EntryData {
  restart(): void;
  /** Writes address and length of the next `NAME=value` to `to`; 1, 0 = there is none, negative = errno. */
  next(to: number): number;
  copy(to: number, from: number, bytes: number): void;
  /** Where a buffer's memory is, which stays there. */
  addressOf(memory: Buffer): number;
}

interface Wanted {
  readonly index: number;
  /** The name and `=`. */
  readonly name: Buffer;
  /** The value that it had last, as bytes and as text. */
  readonly kept: Buffer;
  keptBytes: number;
  text: string;
}

export class EntryFields {
  /** In the order of the names; undefined = the entry has none of that name. Of several the first. */
  readonly values: (string | undefined)[];
  readonly #memory = Buffer.alloc(VALUE + LONGEST_NAME + 1 + MAX_VALUE_BYTES);
  readonly #words: Uint32Array;
  readonly #address: number;
  readonly #data: EntryData;
  readonly #byKey = new Map<number, Wanted[]>();

  constructor(names: readonly string[], data: EntryData) {
    this.#data = data;
    this.#words = new Uint32Array(this.#memory.buffer, this.#memory.byteOffset, VALUE / 4);
    this.#address = data.addressOf(this.#memory);
    this.values = names.map(() => undefined);
    for (const [index, text] of names.entries()) {
      const name = Buffer.from(`${text}=`, 'latin1');
      const key = keyAt(name, 0);
      const wanted = { index, name, kept: Buffer.alloc(LONGEST_KEPT), keptBytes: -1, text: '' };
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), wanted]);
    }
  }

  /** Reads the current entry into `values`. Gives 0, or a negative errno. */
  read(): number {
    const data = this.#data;
    const words = this.#words;
    this.values.fill(undefined);
    data.restart();
    for (;;) {
      const status = data.next(this.#address);
      if (status <= 0) return status;
      const bytes = Math.min((words[2] ?? 0) + (words[3] ?? 0) * 2 ** 32, this.#memory.length - VALUE);
      if (bytes < KEY_BYTES) continue;
      data.copy(this.#address + VALUE, (words[0] ?? 0) + (words[1] ?? 0) * 2 ** 32, bytes);
      this.#take(bytes);
    }
  }

  #take(bytes: number): void {
    const memory = this.#memory;
    for (const wanted of this.#byKey.get(keyAt(memory, VALUE)) ?? []) {
      const { name, index } = wanted;
      if (bytes < name.length || !isEqual(memory, VALUE, name, name.length)) continue;
      this.values[index] ??= this.#textOf(wanted, VALUE + name.length, bytes - name.length);
      return;
    }
  }

  #textOf(wanted: Wanted, at: number, length: number): string {
    const bytes = Math.min(length, MAX_VALUE_BYTES);
    const memory = this.#memory;
    if (bytes === wanted.keptBytes && isEqual(memory, at, wanted.kept, bytes)) return wanted.text;
    const text = memory.toString('utf8', at, at + bytes);
    if (bytes > LONGEST_KEPT) return text;
    memory.copy(wanted.kept, 0, at, at + bytes);
    wanted.keptBytes = bytes;
    wanted.text = text;
    return text;
  }
}

function keyAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function isEqual(left: Buffer, at: number, right: Buffer, bytes: number): boolean {
  for (let index = 0; index < bytes; index += 1) if (left[at + index] !== right[index]) return false;
  return true;
}
