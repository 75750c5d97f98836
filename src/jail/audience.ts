/**
 * The ears that hear the same lines, and one look at each line for all of them.
 * Takes lines as stretches of a chunk's bytes; tells which ears may find something in them. Counts what they heard.
 */
import { type Candidates, CandidateScan } from '../filter/candidates.js';
import { withoutConditions } from '../filter/requirement.js';
import type { Line } from '../source/lines.js';
import type { Ear } from './ear.js';

export class Audience {
  readonly ears: readonly Ear[];
  readonly #scan: CandidateScan;
  /** Lines before this are too old for some ear, milliseconds since the epoch. */
  readonly #latestSinceMs: number;
  /** Whether the lines hold their date. */
  readonly #isDated: boolean;
  /** Heard by all ears, and not counted by them yet. */
  #lines = 0;

  constructor(ears: readonly Ear[], isDated: boolean) {
    this.ears = ears;
    this.#isDated = isDated;
    this.#latestSinceMs = Math.max(...ears.map(({ sinceMs }) => sinceMs));
    // What a filter made for lines without a date requires may stand in a date.
    this.#scan = new CandidateScan(
      ears.map(({ filter }) =>
        isDated && filter.logtype === 'journal'
          ? withoutConditions(filter.requirements)
          : filter.requirements,
      ),
    );
  }

  /** Whether any ear may find something in the line in `[start, end)` of the bytes, or has to see how old it is. */
  isWanted(timeMs: number, bytes: Uint8Array, start: number, end: number): boolean {
    return timeMs < this.#latestSinceMs || this.#scan.look(bytes, start, end);
  }

  /** Counts lines that were left out: no ear would have found anything in them. */
  countPassed(lines: number): void {
    this.#lines += lines;
  }

  /** Counts the line in `[start, end)` of the bytes; whether any ear may find something in it. */
  isWorth(timeMs: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (timeMs < this.#latestSinceMs) {
      for (const ear of this.ears) {
        if (timeMs < ear.sinceMs) ear.countSkipped();
        else ear.countLines(1);
      }
    } else {
      this.#lines += 1;
    }
    return this.#scan.look(bytes, start, end);
  }

  /** What is worth trying of the line asked about last; undefined: nothing for this ear. */
  candidatesOf(index: number, ear: Ear, timeMs: number): Candidates | undefined {
    return timeMs < ear.sinceMs ? undefined : this.#scan.of(index);
  }

  /** Whether a line in which nothing is found still has something to tell: its time. */
  get keepsPassed(): boolean {
    return this.#isDated;
  }

  pass(line: Line): void {
    for (const ear of this.ears) ear.filter.pass(line);
  }

  /** Hands the counts on to the ears. */
  settle(): void {
    for (const ear of this.ears) ear.countLines(this.#lines);
    this.#lines = 0;
  }
}
