/**
 * The lines that the same ears heard last, chunk after chunk: a line without a stamp may need that of an earlier one, and a
 * filter with `maxlines` the lines before. Takes the lines of each chunk; gives those it keeps, as many as were asked for.
 */
import { textAt, type TextTable } from '../source/line-table.js';

export class LineTrail {
  readonly #most: number;
  /** How many lines there were so far. */
  #count = 0;
  /** The last ones, in their order; undefined: left out. */
  #texts: (string | undefined)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds the lines of a chunk but those `leftOut`. */
  add(table: TextTable, leftOut: ReadonlySet<number>): void {
    const first = Math.max(0, table.length - this.#most);
    if (first > 0) this.#texts = [];
    for (let index = first; index < table.length; index += 1)
      this.#texts.push(leftOut.has(index) ? undefined : textAt(table, index));
    if (this.#texts.length > 2 * this.#most) this.#texts = this.#texts.slice(-this.#most);
    this.#count += table.length;
  }

  /** Those that are kept, back to the line with this number; newest first. */
  *back(first: number): Generator<string> {
    const missing = this.#count - this.#texts.length;
    for (let number = this.#count - 1; number >= Math.max(first, missing); number -= 1) {
      const text = this.#texts[number - missing];
      if (text !== undefined) yield text;
    }
  }
}
