/**
 * Makes the table of lines that a chunk carries. Takes single lines, as text or written elsewhere; gives columns.
 * With a sieve it asks about all lines of a chunk at once, and leaves out those that nobody can find anything in.
 */
import { LEFT_OUT, type LineSieve, NOT_LOOKED } from './line-sieve.js';
import type { Line, LineTable, Sifted } from './lines.js';

export interface LineTableSettings {
  /** Asked about each line; undefined: every line is kept. */
  readonly sieve?: LineSieve | undefined;
  /** The bytes of the lines that were written elsewhere, see `addWritten`. */
  readonly takeWritten?: () => Buffer;
}

const FIRST_ROWS = 256;
const ROW_BYTES = Float64Array.BYTES_PER_ELEMENT + 4 * Int32Array.BYTES_PER_ELEMENT;
const NO_BYTES = Buffer.alloc(0);

/** The lines of a chunk that is being read, one after the other. */
export class LineTableBuilder {
  readonly #sieve: LineSieve | undefined;
  readonly #takeWritten: () => Buffer;
  #columns = columnsIn(new ArrayBuffer(FIRST_ROWS * ROW_BYTES), FIRST_ROWS);
  /** How many lines are kept, or written and not looked at yet. */
  #rows = 0;
  /** From which on they are not looked at yet. */
  #looked = 0;
  #end = 0;
  readonly #texts: string[] = [];
  #passed: number[] = [];
  #passedCount = 0;
  #lastLineMs = Number.NaN;

  constructor({ sieve, takeWritten }: LineTableSettings = {}) {
    this.#sieve = sieve;
    this.#takeWritten = takeWritten ?? (() => NO_BYTES);
  }

  add(text: string, timeMs: number, route: number): void {
    this.collect();
    this.addWritten(text.length, timeMs, route);
    this.#look(text);
    this.#texts.push(text);
  }

  /** Adds a line of `length` ASCII characters that was written elsewhere. */
  addWritten(length: number, timeMs: number, route: number): void {
    const row = this.#rows;
    if (row === this.#columns.starts.length) this.#grow();
    const { starts, ends, timesMs, routes } = this.#columns;
    starts[row] = this.#end;
    this.#end += length;
    ends[row] = this.#end;
    timesMs[row] = timeMs;
    routes[row] = route;
    this.#rows = row + 1;
    this.#lastLineMs = timeMs;
  }

  /** Counts a line that is left out. */
  leaveOut(timeMs: number, route: number): void {
    this.#pass(route);
    this.#lastLineMs = timeMs;
  }

  /** How many lines were added or left out since the last table. */
  get length(): number {
    return this.#rows + this.#passedCount;
  }

  /** Takes over the text of the lines that were written elsewhere. */
  collect(): void {
    if (this.#looked === this.#rows) return;
    const bytes = this.#takeWritten();
    this.#look(bytes);
    this.#texts.push(bytes.toString('latin1'));
  }

  /** The table of what was added since the last time, and, with a sieve, what it found. */
  take(): { readonly lines: LineTable; readonly sifted: Sifted | undefined } {
    if (this.#texts.length > 0) this.collect();
    let bytes = this.#looked === this.#rows ? NO_BYTES : this.#takeWritten();
    if (this.#looked < this.#rows) this.#look(bytes);
    const length = this.#rows;
    if (length === 0) bytes = NO_BYTES;
    // One piece of memory for all columns: handing over each piece to another thread has its price.
    const memory = new ArrayBuffer(length * ROW_BYTES + bytes.length);
    const { looks: byLine, ...columns } = copied(this.#columns, columnsIn(memory, length), length);
    const written = Buffer.from(memory, length * ROW_BYTES, bytes.length);
    written.set(bytes);
    const { looks } = this.#sieve ?? {};
    const sifted = looks && { passed: this.#passed, byLine, looks, lastLineMs: this.#lastLineMs };
    const text = bytes.length > 0 ? written : this.#texts.join('');
    this.#forget();
    return { lines: { length, text, ...columns }, sifted };
  }

  #forget(): void {
    this.#passed = [];
    this.#passedCount = 0;
    this.#texts.length = 0;
    this.#rows = 0;
    this.#looked = 0;
    this.#end = 0;
  }

  /** Asks about the lines that are not looked at yet, which `text` holds, and leaves out those that are not to be kept. */
  #look(text: string | Uint8Array): void {
    const { starts, ends, timesMs, routes, looks } = this.#columns;
    const sieve = this.#sieve;
    if (sieve === undefined) {
      looks.fill(NOT_LOOKED, this.#looked, this.#rows);
      this.#looked = this.#rows;
      return;
    }
    sieve.begin(text);
    const base = this.#end - text.length;
    let kept = this.#looked;
    for (let row = kept; row < this.#rows; row += 1) {
      const start = starts[row] ?? 0;
      const end = ends[row] ?? 0;
      const timeMs = timesMs[row] ?? Number.NaN;
      const route = routes[row] ?? 0;
      const look = sieve.look(start - base, end - base, timeMs, route);
      if (look === LEFT_OUT) {
        this.#pass(route);
        continue;
      }
      starts[kept] = start;
      ends[kept] = end;
      timesMs[kept] = timeMs;
      routes[kept] = route;
      looks[kept] = look;
      kept += 1;
    }
    this.#rows = kept;
    this.#looked = kept;
  }

  #pass(route: number): void {
    this.#passed[route] = (this.#passed[route] ?? 0) + 1;
    this.#passedCount += 1;
  }

  #grow(): void {
    const rows = this.#columns.starts.length;
    const grown = columnsIn(new ArrayBuffer(2 * rows * ROW_BYTES), 2 * rows);
    this.#columns = copied(this.#columns, grown, rows);
  }
}

type Columns = Omit<LineTable, 'length' | 'text'> & { readonly looks: Int32Array<ArrayBuffer> };

/** The columns of so many rows at the beginning of `memory`. */
function columnsIn(memory: ArrayBuffer, rows: number): Columns {
  const timesMs = new Float64Array(memory, 0, rows);
  const integers = (number: number): Int32Array<ArrayBuffer> =>
    new Int32Array(memory, timesMs.byteLength + number * rows * Int32Array.BYTES_PER_ELEMENT, rows);
  return { timesMs, starts: integers(0), ends: integers(1), routes: integers(2), looks: integers(3) };
}

function copied(from: Columns, to: Columns, rows: number): Columns {
  to.timesMs.set(from.timesMs.subarray(0, rows));
  to.starts.set(from.starts.subarray(0, rows));
  to.ends.set(from.ends.subarray(0, rows));
  to.routes.set(from.routes.subarray(0, rows));
  to.looks.set(from.looks.subarray(0, rows));
  return to;
}

export function tableOf(lines: readonly Line[]): LineTable {
  const builder = new LineTableBuilder();
  for (const { text, timeMs, route } of lines) builder.add(text, timeMs, route);
  return builder.take().lines;
}

/** Lines of a file: their time stands in their text. */
export function tableOfTexts(texts: readonly string[]): LineTable {
  const builder = new LineTableBuilder();
  for (const text of texts) builder.add(text, Number.NaN, 0);
  return builder.take().lines;
}

export const NO_LINES = tableOfTexts([]);
