/**
 * What the hearing worker hands to the main thread: the matches of one chunk, with all that must be committed with them.
 * Structured-clonable. Does not count anything.
 */
import type { Match } from '../filter/match.js';
import type { Lines, Place, SourceId } from '../source/lines.js';
import type { EarChange } from './kept-connections.js';

/** Over which way a line came; `ban` = a ban by another jail (recidive). */
export type Way = Lines['kind'] | 'ban';

export interface Heard {
  readonly jail: string;
  readonly way: Way;
  readonly match: Match;
}

/** What one jail has heard over one way since the start. */
export interface EarState {
  readonly jail: string;
  readonly way: Way;
  readonly lines: number;
  readonly recognised: number;
  /** Lines older than the jail looks back. */
  readonly skipped: number;
  /** Time of the last recognised line, milliseconds since the epoch; 0 = none. */
  readonly lastHeardMs: number;
}

export interface Batch {
  readonly source: SourceId;
  readonly place: Place;
  readonly lines: number;
  /** Time of the last line, milliseconds since the epoch; NaN where lines carry none. */
  readonly lastLineMs: number;
  readonly heard: readonly Heard[];
  /** Of the connections of each ear, what changed. */
  readonly connections: readonly EarChange[];
  /** The ears that heard something in this chunk. */
  readonly ears: readonly EarState[];
}

/** The name of a jail's ear on one way, under which its connections are kept. */
export function earName(jail: string, way: Way): string {
  return `${jail}/${way}`;
}
