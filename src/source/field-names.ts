/**
 * Which field a name in an export is, by the name that came before it: entries of one program have one order.
 * Takes the names that are wanted; gives what is known of a name. Other names are learned as they come, up to 256.
 */
import { KnownBytes } from './known-bytes.js';

/** More other names than this are not learned. */
const MOST_LEARNED = 256;

/** More names than this after one and the same are not told apart in advance. */
const MOST_NEXT = 6;

export interface FieldName {
  /** The name and its `=`. */
  readonly known: KnownBytes;
  /** The number of a wanted field, -1 for others. */
  readonly field: number;
  /** The names that came after this one, the last ones first. */
  readonly next: FieldName[];
}

export class FieldNames {
  readonly #byText = new Map<string, FieldName>();
  readonly #wanted: number;
  /** What every entry begins after. */
  readonly start: FieldName = nameOf('', -1);

  constructor(names: readonly string[]) {
    this.#wanted = names.length;
    for (const [number, name] of names.entries()) this.#byText.set(name, nameOf(name, number));
  }

  /** The name at `start`, if it once came after `previous`; `end` is the end of the bytes. */
  expected(previous: FieldName, view: DataView, start: number, end: number): FieldName | undefined {
    const { next } = previous;
    for (let index = 0; index < next.length; index += 1) {
      const guess = next[index];
      if (guess === undefined || start + guess.known.length > end) continue;
      if (guess.known.standAt(view, start)) return guess;
    }
    return undefined;
  }

  /** The name `text`, which came after `previous`; its field is -1 where it is not wanted. */
  after(previous: FieldName, text: string): FieldName {
    const known = this.#byText.get(text) ?? nameOf(text, -1);
    if (known.field < 0 && this.#byText.size < this.#wanted + MOST_LEARNED) this.#byText.set(text, known);
    moveToFront(previous.next, known);
    return known;
  }
}

function nameOf(text: string, field: number): FieldName {
  return { known: new KnownBytes(Buffer.from(`${text}=`, 'latin1')), field, next: [] };
}

function moveToFront(names: FieldName[], name: FieldName): void {
  const at = names.indexOf(name);
  if (at >= 0) names.splice(at, 1);
  else if (names.length >= MOST_NEXT) names.pop();
  names.unshift(name);
}
