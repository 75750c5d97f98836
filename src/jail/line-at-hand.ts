/**
 * The line of a chunk that is heard now, and those before it, for a filter that asks: they are written out only then.
 * Takes a chunk, where its bytes lie, and the trail of what the same ears heard before; moves from line to line.
 */
import type { ScanRoom } from '../filter/scan-room.js';
import type { LineBytes, Surroundings } from '../filter/surroundings.js';
import { lineAt, type TextTable } from '../source/line-table.js';
import type { Line } from '../source/lines.js';
import type { LineTrail } from './line-trail.js';

export class LineAtHand implements Surroundings {
  readonly #table: TextTable;
  readonly #base: number;
  readonly #bytes: { readonly room: ScanRoom; start: number; end: number } | undefined;
  readonly #leftOut = new Set<number>();
  #index = 0;
  readonly trail: LineTrail;

  /** `room` holds the chunk's text from `base` on; undefined where a character takes more than a byte. */
  constructor(table: TextTable, room: ScanRoom | undefined, base: number, trail: LineTrail) {
    this.#table = table;
    this.#base = base;
    this.#bytes = room && { room, start: 0, end: 0 };
    this.trail = trail;
  }

  get lineBytes(): LineBytes | undefined {
    return this.#bytes;
  }

  get stream(): object {
    return this.trail;
  }

  get number(): number {
    return this.trail.count + this.#index;
  }

  *earlier(first: number): Generator<string> {
    const before = this.trail.count;
    for (let index = this.#index - 1; index >= Math.max(0, first - before); index -= 1)
      if (!this.#leftOut.has(index)) yield lineAt(this.#table, index).text;
    if (first < before) yield* this.trail.back(first);
  }

  /** Moves on to a line. */
  take(index: number): Line {
    this.#index = index;
    const bytes = this.#bytes;
    if (bytes !== undefined) {
      bytes.start = this.#base + (this.#table.starts[index] ?? 0);
      bytes.end = this.#base + (this.#table.ends[index] ?? 0);
    }
    return lineAt(this.#table, index);
  }

  /** Nobody is told of the line at hand later. */
  leaveOut(): void {
    this.#leftOut.add(this.#index);
  }

  /** No line comes after the last one that was taken. */
  end(): void {
    this.trail.add(this.#table, this.#leftOut);
  }
}
