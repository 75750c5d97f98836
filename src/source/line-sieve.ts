/**
 * What a reader may ask about each line before it keeps it: most lines of a recording concern nobody, and are cheapest
 * left out where they are read. The source room only asks; who is asked knows the filters.
 */
import type { JournalFields, Look } from './lines.js';

/** Answers of `look` that are no look: the line is kept all the same, it is to be looked at again, it is left out. */
export const NOTHING = -1;
export const NOT_LOOKED = -2;
export const LEFT_OUT = -3;

export interface LineSieve {
  /** Whether anybody hears lines of this route; the others are left out unseen. */
  hears(route: number): boolean;
  /** Takes the text that holds the lines asked about next; bytes are a character each, and free to change afterwards. */
  begin(text: string | Uint8Array): void;
  /** The number in `looks` of what is worth trying on the line in `[start, end)`, or one of the answers above. */
  look(start: number, end: number, timeMs: number, route: number): number;
  /** Grows, never changes. */
  readonly looks: readonly Look[];
}

/** Makes the sieve for a source whose routes are these; they grow. */
export type SieveOf = (routes: readonly JournalFields[]) => LineSieve;
