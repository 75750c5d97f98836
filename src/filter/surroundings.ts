/**
 * What a filter may know of the line that it hears beside its text, if it asks: its bytes, and the lines before it.
 * These are the types; who reads the chunk in which a line stands gives them.
 */
import type { Line } from '../source/lines.js';
import type { ScanRoom } from './scan-room.js';

/** Where the bytes of a line stand, a byte a character. One object for all lines of a chunk, and another for each chunk. */
export interface LineBytes {
  readonly room: ScanRoom;
  readonly start: number;
  readonly end: number;
  /** Another one for each line. */
  readonly serial: number;
}

/** A line that may be known by its bytes; its text is cut out when somebody asks for it. */
export interface HeardLine extends Line {
  /** undefined: not at hand, or a character takes more than a byte. */
  readonly bytes?: LineBytes | undefined;
}

export interface Surroundings {
  /** The lines that the same filters hear, one after the other. */
  readonly stream: object;
  /** The line's number in that stream. */
  readonly number: number;
  /** The lines of the stream before this one and not before that number, newest first, so far as they are kept. */
  earlier(first: number): Iterable<string>;
}
