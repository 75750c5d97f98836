/**
 * Which field a name in an export is: a small hash table over bytes, so that most fields are skipped unread.
 * Takes the names that are wanted; gives a wanted field's number, or -1.
 */
const SLOTS = 1024;

export class FieldNames {
  readonly #numbers = new Int16Array(SLOTS).fill(-1);
  readonly #names: readonly Buffer[];

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name, 'latin1'));
    for (const [number, name] of this.#names.entries()) {
      let index = slotOf(name, 0, name.length);
      while ((this.#numbers[index] ?? -1) >= 0) index = (index + 1) & (SLOTS - 1);
      this.#numbers[index] = number;
    }
  }

  /** The number of the name at `[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    for (let index = slotOf(bytes, start, end); ; index = (index + 1) & (SLOTS - 1)) {
      const number = this.#numbers[index] ?? -1;
      if (number < 0) return -1;
      const name = this.#names[number];
      if (name !== undefined && isName(name, bytes, start, end)) return number;
    }
  }
}

/** Its length and three of its bytes tell the names of a journal apart; the rest is compared. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const second = bytes[start + 1] ?? 0;
  const middle = bytes[(start + end) >> 1] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return ((end - start) * 37 + second * 101 + middle * 53 + last * 7) & (SLOTS - 1);
}

function isName(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = start; at < end; at += 1) if (name[at - start] !== bytes[at]) return false;
  return true;
}
