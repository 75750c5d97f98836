/**
 * What the source room gives: chunks of whole lines of one source, each with the place after it.
 * Text is decoded (bytes that are no UTF-8 become U+FFFD); a journal entry is one line, its newlines written `\n`.
 * Does not say what a line means.
 */

/** A stable name: `journal`, `journal:NAMESPACE`, `file:/var/log/x.log`, `stdin`. */
export type SourceId = string;

/** Where to go on after a restart; only the source that wrote it can read it. */
export type Place = string;

/** The values of the journal fields that the reader was asked for, by field name. */
export type JournalFields = Readonly<Record<string, string | undefined>>;

export interface Line {
  /** A file's line without its newline; a journal entry as `HOST IDENT[PID]: MESSAGE`, as Fail2Ban rebuilds it. */
  readonly text: string;
  /** Milliseconds since the epoch; NaN when the time has to be found in the text. */
  readonly timeMs: number;
  /** Index into `Lines.routes`; 0 for files. */
  readonly route: number;
}

/** The lines of a chunk in columns; line N stands in `text` from `starts[N]` to `ends[N]`. Fields as in `Line`. */
export interface LineTable {
  /** How many lines. */
  readonly length: number;
  /** Holds every line, in their order; between them anything. Bytes are ASCII. */
  readonly text: string | Buffer<ArrayBuffer>;
  readonly starts: Int32Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly routes: Int32Array<ArrayBuffer>;
}

/** By jail, by expression: 1 where it is worth trying. */
export type Look = readonly (Uint8Array | undefined)[];

/** What one who looked at a chunk ahead of the jails found, so that they need not look again. */
export interface Sifted {
  /** By route: how many lines of it were left out, since no jail can find anything in them. */
  readonly passed: readonly (number | undefined)[];
  /** By line: its look; below zero as in line-sieve.ts. */
  readonly byLine: Int32Array<ArrayBuffer>;
  /** Every distinct look so far; grows, never changes. */
  readonly looks: readonly Look[];
  /** When the last line was written, left out or not; milliseconds since the epoch. */
  readonly lastLineMs: number;
}

export interface Lines {
  readonly source: SourceId;
  readonly kind: 'journal' | 'file';
  readonly lines: LineTable;
  /** undefined: nobody has looked at the lines yet, and none was left out. */
  readonly sifted?: Sifted | undefined;
  /** Every distinct combination of match fields seen so far by this source; grows, never changes. */
  readonly routes: readonly JournalFields[];
  /** The place after the last line. */
  readonly place: Place;
  /** true: the lines were written since the source was last at its end, so they just happened. */
  readonly isLive?: boolean;
}

/** Something the admin should know about a source; never silent, never fatal. */
export interface SourceNotice {
  readonly source: SourceId;
  readonly level: 'info' | 'warning' | 'alarm';
  /** Stable word, e.g. `rotated`, `vacuumed`, `cursor-lost`, `suppressed`, `unreadable`, `missing`, `corrupt`. */
  readonly event: string;
  readonly text: string;
}
