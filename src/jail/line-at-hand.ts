/**
 * The line of a chunk that is heard now, and those before it, for a filter that asks: they are written out only then.
 * Takes a chunk, where its bytes lie, and the trail of what the same ears heard before; moves from line to line.
 */
import type { ScanRoom } from '../filter/scan-room.js';
import type { HeardLine, LineBytes, Surroundings } from '../filter/surroundings.js';
import { textAt, type TextTable } from '../source/line-table.js';
import type { LineTrail } from './line-trail.js';

let serial = 0;

export class LineAtHand implements Surroundings, HeardLine {
  readonly #table: TextTable;
  readonly #base: number;
  readonly #bytes: { readonly room: ScanRoom; start: number; end: number; serial: number } | undefined;
  readonly #leftOut = new Set<number>();
  #index = 0;
  #text: string | undefined;
  timeMs = Number.NaN;
  route = 0;
  readonly trail: LineTrail;

  /** `room` holds the chunk's text from `base` on; undefined where a character takes more than a byte. */
  constructor(table: TextTable, room: ScanRoom | undefined, base: number, trail: LineTrail) {
    this.#table = table;
    this.#base = base;
    this.#bytes = room && { room, start: 0, end: 0, serial };
    this.trail = trail;
  }

  get bytes(): LineBytes | undefined {
    return this.#bytes;
  }

  get text(): string {
    return (this.#text ??= textAt(this.#table, this.#index));
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
      if (!this.#leftOut.has(index)) yield textAt(this.#table, index);
    if (first < before) yield* this.trail.back(first);
  }

  /** Moves on to a line, which it is then. */
  take(index: number): HeardLine {
    this.#index = index;
    this.#text = undefined;
    this.timeMs = this.#table.timesMs[index] ?? Number.NaN;
    this.route = this.#table.routes[index] ?? 0;
    const bytes = this.#bytes;
    if (bytes !== undefined) {
      bytes.start = this.#base + (this.#table.starts[index] ?? 0);
      bytes.end = this.#base + (this.#table.ends[index] ?? 0);
      serial += 1;
      bytes.serial = serial;
    }
    return this;
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
