/**
 * What every source is: it runs, hands on chunks of lines in order, tells what an admin should know, and can be closed.
 * Awaiting `Sink.lines` is the backpressure: a source reads no further before it resolves.
 * Does not say what a line means.
 */
import type { Lines, Place, SourceId, SourceNotice } from './lines.js';

/** Where the lines of a source go. */
export interface Sink {
  /** Takes a chunk; the source waits for the promise before it reads on. A rejection ends the source's run. */
  lines(chunk: Lines): Promise<void>;
  /** Takes something the admin should know; returns at once. */
  notice(notice: SourceNotice): void;
}

export interface Source {
  /** A source of many files names each chunk by its file; this is then the name of the whole. */
  readonly id: SourceId;
  /**
   * Runs until `close`, or to the end of a recording. What the outside does to a live source is a notice, never a
   * rejection; a recording that cannot be read rejects with a BailiffError. To be called once.
   */
  run(sink: Sink): Promise<void>;
  /** Ends `run` and frees what is open; resolves when no further chunk will come. May be called twice. */
  close(): Promise<void>;
}

/** Where a source begins: at the later of both. */
export interface StartAt {
  /** As handed out in `Lines.place`; undefined at a first start. */
  readonly place: Place | undefined;
  /** Milliseconds since the epoch; what is older need not be told. */
  readonly sinceMs: number;
}
