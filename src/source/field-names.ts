/**
 * Which field a name in an export is: a small hash table over bytes, so that most fields are skipped unread.
 * Takes the names that are wanted; gives a wanted field's number, or -1.
 */
const SLOTS = 1024;

/** One step of the hash of a name; start with 0. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

export class FieldNames {
  readonly #numbers = new Int16Array(SLOTS).fill(-1);
  readonly #names: readonly Buffer[];

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name, 'latin1'));
    for (const [number, name] of this.#names.entries()) {
      let index = slotOf(name.reduce(hashStep, 0));
      while ((this.#numbers[index] ?? -1) >= 0) index = (index + 1) & (SLOTS - 1);
      this.#numbers[index] = number;
    }
  }

  /** The number of the name at `[start, end)` whose hash is `hash`, or -1. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    for (let index = slotOf(hash); ; index = (index + 1) & (SLOTS - 1)) {
      const number = this.#numbers[index] ?? -1;
      if (number < 0) return -1;
      const name = this.#names[number];
      if (name !== undefined && isName(name, bytes, start, end)) return number;
    }
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}

function isName(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = start; at < end; at += 1) if (name[at - start] !== bytes[at]) return false;
  return true;
}
