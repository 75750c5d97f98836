/**
 * The ears that hear the same lines, and one look at each line for all of them.
 * Takes lines as stretches of the room in which a chunk lies; tells what of each ear is worth trying. Counts what they heard.
 */
import { type CandidateSet, CandidateScan } from '../filter/candidates.js';
import { type Requirement, withoutConditions } from '../filter/requirement.js';
import type { ScanRoom } from '../filter/scan-room.js';
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

  /** `room` holds the lines. */
  constructor(ears: readonly Ear[], isDated: boolean, room: ScanRoom) {
    this.ears = ears;
    this.#isDated = isDated;
    this.#latestSinceMs = Math.max(...ears.map(({ sinceMs }) => sinceMs));
    this.#scan = new CandidateScan(requirementsByJail(ears, isDated), room);
  }

  /** What is worth trying on the line in `[start, end)` of the room, by the index of the jail; undefined: nothing. */
  look(start: number, end: number): CandidateSet | undefined {
    return this.#scan.look(start, end);
  }

  /** Whether a line of this time is too old for some ear, which has to count it. */
  isOld(timeMs: number): boolean {
    return timeMs < this.#latestSinceMs;
  }

  /** Counts lines that were left out: no ear would have found anything in them. */
  countPassed(lines: number): void {
    this.#lines += lines;
  }

  /** Counts a line. */
  count(timeMs: number): void {
    if (!this.isOld(timeMs)) {
      this.#lines += 1;
      return;
    }
    for (const ear of this.ears) {
      if (timeMs < ear.sinceMs) ear.countSkipped();
      else ear.countLines(1);
    }
  }

  /** Whether a line in which nothing is found still has something to tell: its time. */
  get keepsPassed(): boolean {
    return this.#isDated;
  }

  /** Hands the counts on to the ears. */
  settle(): void {
    for (const ear of this.ears) ear.countLines(this.#lines);
    this.#lines = 0;
  }
}

function requirementsByJail(ears: readonly Ear[], isDated: boolean): readonly (readonly Requirement[])[] {
  const jails = Math.max(0, ...ears.map(({ index }) => index + 1));
  const byJail = Array.from({ length: jails }, (): readonly Requirement[] => []);
  for (const { index, filter } of ears) {
    // What a filter made for lines without a date requires may stand in a date.
    byJail[index] =
      isDated && filter.logtype === 'journal' ? withoutConditions(filter.requirements) : filter.requirements;
  }
  return byJail;
}
