/**
 * Makes and reads the table of lines that a chunk carries. Takes single lines; gives columns, and single lines again.
 * Columns, because a chunk is looked through as a whole, and most of its lines are never needed as strings.
 */
import { ownText } from '../lib/own-text.js';
import { NOT_LOOKED } from './line-sieve.js';
import type { Line, Lines, LineTable, Look, Sifted } from './lines.js';

/** The lines of a chunk that is being read, one after the other. */
export class LineTableBuilder {
  readonly #takeWritten: () => string;
  readonly #texts: string[] = [];
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  readonly #routes: number[] = [];
  readonly #looks: number[] = [];
  #end = 0;
  /** Whether lines were written elsewhere since the last text. */
  #isWritten = false;
  #passed: number[] = [];
  #passedCount = 0;
  #lastLineMs = Number.NaN;

  /** `takeWritten` gives the text of the lines that are written elsewhere, see `addWritten`. */
  constructor(takeWritten: () => string = () => '') {
    this.#takeWritten = takeWritten;
  }

  add(text: string, timeMs: number, route: number, look = NOT_LOOKED): void {
    this.collect();
    this.#texts.push(text);
    this.#note(text.length, timeMs, route, look);
  }

  /** Adds a line of `length` characters that was written elsewhere. */
  addWritten(length: number, timeMs: number, route: number, look: number): void {
    this.#isWritten = true;
    this.#note(length, timeMs, route, look);
  }

  /** Counts a line that is left out. */
  leaveOut(timeMs: number, route: number): void {
    this.#passed[route] = (this.#passed[route] ?? 0) + 1;
    this.#passedCount += 1;
    this.#lastLineMs = timeMs;
  }

  /** How many lines were added or left out since the last table. */
  get length(): number {
    return this.#ends.length + this.#passedCount;
  }

  /** Takes over the text of the lines that were written elsewhere. */
  collect(): void {
    if (this.#isWritten) this.#texts.push(this.#takeWritten());
    this.#isWritten = false;
  }

  /** The table of what was added since the last time. */
  take(): LineTable {
    return this.takeSifted([]).lines;
  }

  /** The table, and what a sieve with these looks found in its lines. */
  takeSifted(looks: readonly Look[]): { readonly lines: LineTable; readonly sifted: Sifted } {
    this.collect();
    const length = this.#ends.length;
    // One piece of memory for all columns: handing over each piece to another thread has its price.
    const memory = new ArrayBuffer(
      length * (Float64Array.BYTES_PER_ELEMENT + 4 * Int32Array.BYTES_PER_ELEMENT),
    );
    const timesMs = new Float64Array(memory, 0, length);
    const integers = (number: number): Int32Array<ArrayBuffer> =>
      new Int32Array(memory, timesMs.byteLength + number * length * Int32Array.BYTES_PER_ELEMENT, length);
    const [starts, ends, routes, byLine] = [integers(0), integers(1), integers(2), integers(3)];
    let start = 0;
    for (let index = 0; index < length; index += 1) {
      starts[index] = start;
      start = this.#ends[index] ?? start;
      ends[index] = start;
      timesMs[index] = this.#times[index] ?? Number.NaN;
      routes[index] = this.#routes[index] ?? 0;
      byLine[index] = this.#looks[index] ?? NOT_LOOKED;
    }
    const sifted = { passed: this.#passed, byLine, looks, lastLineMs: this.#lastLineMs };
    this.#passed = [];
    this.#passedCount = 0;
    const [first = ''] = this.#texts;
    const text = this.#texts.length > 1 ? this.#texts.join('') : first;
    this.#end = 0;
    this.#texts.length = 0;
    for (const column of [this.#ends, this.#times, this.#routes, this.#looks]) column.length = 0;
    return { lines: { length, text, starts, ends, timesMs, routes }, sifted };
  }

  #note(length: number, timeMs: number, route: number, look: number): void {
    this.#end += length;
    this.#ends.push(this.#end);
    this.#times.push(timeMs);
    this.#routes.push(route);
    this.#looks.push(look);
    this.#lastLineMs = timeMs;
  }
}

export function tableOf(lines: readonly Line[]): LineTable {
  const builder = new LineTableBuilder();
  for (const { text, timeMs, route } of lines) builder.add(text, timeMs, route);
  return builder.take();
}

/** Lines of a file: their time stands in their text. */
export function tableOfTexts(texts: readonly string[]): LineTable {
  const builder = new LineTableBuilder();
  for (const text of texts) builder.add(text, Number.NaN, 0);
  return builder.take();
}

export function* linesOf(table: LineTable): Generator<Line> {
  for (let index = 0; index < table.length; index += 1) yield lineAt(table, index);
}

export function lineAt({ text, starts, ends, timesMs, routes }: LineTable, index: number): Line {
  return {
    text: ownText(text.slice(starts[index], ends[index])),
    timeMs: timesMs[index] ?? Number.NaN,
    route: routes[index] ?? 0,
  };
}

/** How many lines a chunk stands for, those left out included. */
export function lengthOf({ lines, sifted }: Lines): number {
  return (sifted?.passed ?? []).reduce<number>((sum, count = 0) => sum + count, lines.length);
}
