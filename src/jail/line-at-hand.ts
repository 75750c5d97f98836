/**
 * The line of a dated chunk that is heard now, and those before it that nobody recognised: they are written out only for
 * a filter that needs their stamps. Takes a chunk and where its bytes lie; moves from line to line.
 */
import type { Filter } from '../filter/filter.js';
import type { ScanRoom } from '../filter/scan-room.js';
import type { LineBytes, Surroundings } from '../filter/surroundings.js';
import { lineAt, type TextTable } from '../source/line-table.js';
import type { Line } from '../source/lines.js';

export class LineAtHand implements Surroundings {
  readonly #table: TextTable;
  readonly #passed: number[] = [];
  readonly #base: number;
  readonly #bytes: { readonly room: ScanRoom; start: number; end: number } | undefined;

  /** `room` holds the chunk's text from `base` on; undefined where a character takes more than a byte. */
  constructor(table: TextTable, room: ScanRoom | undefined, base: number) {
    this.#table = table;
    this.#base = base;
    this.#bytes = room && { room, start: 0, end: 0 };
  }

  get lineBytes(): LineBytes | undefined {
    return this.#bytes;
  }

  *passed(): Generator<string> {
    for (const index of this.#passed) yield lineAt(this.#table, index).text;
  }

  /** Moves on to a line. */
  take(index: number): Line {
    const bytes = this.#bytes;
    if (bytes !== undefined) {
      bytes.start = this.#base + (this.#table.starts[index] ?? 0);
      bytes.end = this.#base + (this.#table.ends[index] ?? 0);
    }
    return lineAt(this.#table, index);
  }

  /** Passes over a line. */
  pass(index: number): void {
    this.#passed.push(index);
  }

  /** Tells a filter that will not ask of the lines that were passed. */
  tell(filter: Filter): void {
    for (const index of this.#passed) filter.pass(lineAt(this.#table, index));
  }

  /** Every filter knows, or need not know, of the lines that were passed. */
  forgetPassed(): void {
    // Even of an empty array, setting the length is a call into V8's runtime.
    while (this.#passed.length > 0) this.#passed.pop();
  }
}
