/**
 * The ears that hear the same lines, and one look at each line for all of them.
 * Takes lines as stretches of the room in which a chunk lies; tells what of each ear is worth trying. Counts what they heard.
 */
import { type CandidateSet, CandidateScan } from '../filter/candidates.js';
import type { Filter } from '../filter/filter.js';
import { type Requirement, withoutConditions } from '../filter/requirement.js';
import type { ScanRoom } from '../filter/scan-room.js';
import type { Ear } from './ear.js';
import { LineTrail } from './line-trail.js';

/** So far back a line without a stamp finds another one's. */
const TRAIL_LINES = 64;

export class Audience {
  readonly ears: readonly Ear[];
  readonly #scan: CandidateScan;
  /** Lines before this are too old for some ear, milliseconds since the epoch. */
  readonly #latestSinceMs: number;
  /** Whether the lines hold their date, and all lines of a chunk are for these ears. */
  readonly isDated: boolean;
  /** Those whose filters try several lines at once. */
  readonly #buffered: readonly Ear[];
  /** What they heard last, where lines hold their date. */
  readonly trail: LineTrail;
  /** By what was found in a line: who has to hear it; and the last answer, since like lines follow each other. */
  readonly #asked = new WeakMap<CandidateSet, readonly Ear[]>();
  #lastFound: CandidateSet | undefined;
  #lastAsked: readonly Ear[] = [];
  /** Heard by all ears, and not counted by them yet. */
  #lines = 0;

  /** `room` holds the lines. */
  constructor(ears: readonly Ear[], isDated: boolean, room: ScanRoom) {
    this.ears = ears;
    this.isDated = isDated;
    this.#buffered = isDated ? ears.filter(({ filter }) => filter.linesAtOnce > 1) : [];
    this.trail = new LineTrail(Math.max(TRAIL_LINES, ...ears.map(({ filter }) => filter.linesAtOnce)));
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

  /** Whether some ear has to hear a line whatever it says. */
  get isWaiting(): boolean {
    for (const { filter } of this.#buffered) if (filter.isWaiting) return true;
    return false;
  }

  /** The ears that have to hear a line in which that was found, in their order. */
  askedBy(found: CandidateSet): readonly Ear[] {
    if (this.#buffered.length > 0 && this.isWaiting)
      return this.ears.filter(({ index, filter }) => found[index] !== undefined || filter.isWaiting);
    if (found === this.#lastFound) return this.#lastAsked;
    this.#lastFound = found;
    this.#lastAsked = this.#asked.get(found) ?? this.#ask(found);
    return this.#lastAsked;
  }

  #ask(found: CandidateSet): readonly Ear[] {
    const asked = this.ears.filter(({ index }) => found[index] !== undefined);
    this.#asked.set(found, asked);
    return asked;
  }

  /** Hands the counts on to the ears. */
  settle(): void {
    for (const ear of this.ears) ear.countLines(this.#lines);
    this.#lines = 0;
  }
}

function requirementsByJail(ears: readonly Ear[], isDated: boolean): readonly (readonly Requirement[])[] {
  const jails = Math.max(0, ...ears.flatMap(({ listeners }) => listeners.map(({ index }) => index + 1)));
  const byJail = Array.from({ length: jails }, (): readonly Requirement[] => []);
  for (const { listeners, filter } of ears) {
    const required = requirementsOf(filter, isDated);
    for (const { index } of listeners) byJail[index] = required;
  }
  return byJail;
}

function requirementsOf(filter: Filter, isDated: boolean): readonly Requirement[] {
  if (!isDated) return filter.requirements;
  // What a filter made for lines without a date requires may stand in a date.
  return filter.logtype === 'journal'
    ? withoutConditions(filter.requirements)
    : filter.requirementsAmongLines;
}
