/**
 * Reads the journal's export format from bytes in arbitrary pieces: journalctl's output, or a recording.
 * Takes chunks; gives lines and the place after them. What is corrupt is counted and skipped to the next blank line;
 * an over-long message is cut and counted. Memory is bounded by the limits below. A repeated field has its first value.
 * Format: systemd, docs/JOURNAL_EXPORT_FORMATS.md.
 */
import { isAscii } from 'node:buffer';
import { CURSOR, type EntryBytes, EntryLines, MESSAGE, textBetween, textOf } from './entry-lines.js';
import { EntryWalk, INCOMPLETE } from './entry-walk.js';
import type { JournalPlace } from './journal-place.js';
import { LineTableBuilder } from './line-table-builder.js';
import type { LineSieve } from './line-sieve.js';
import type { LineTable, Sifted } from './lines.js';
import { cutField, MAX_MESSAGE_BYTES } from './over-long-field.js';
import type { ResumeCheck } from './resume-check.js';
import type { RouteTable } from './route-table.js';
import { SUPPRESSED_ID } from './suppression.js';

const NEWLINE = 10;
const EMPTY = Buffer.alloc(0);
const FIRST_BYTES = 128 << 10;
/** Of a field that does not end within this many bytes no more is kept. */
const MAX_PENDING_BYTES = 1 << 20;
/** An entry that does not end within this many bytes (without its over-long fields) is dropped. */
const MAX_ENTRY_BYTES = 4 << 20;

export interface ExportCounts {
  entries: number;
  /** Stretches of input that were no entry. */
  corrupt: number;
  /** Messages that were too long. */
  cut: number;
}

export interface ParsedLines {
  readonly lines: LineTable;
  /** undefined: without a sieve. */
  readonly sifted: Sifted | undefined;
  /** After the last entry, with or without a line; undefined when no entry ended in the bytes. */
  readonly place: JournalPlace | undefined;
  /** journald's entries about suppressed messages. */
  readonly suppressed: readonly { readonly message: string; readonly uid: string }[];
}

export class ExportParser {
  readonly counts: ExportCounts = { entries: 0, corrupt: 0, cut: 0 };
  readonly #entries: EntryLines;
  readonly #lines: LineTableBuilder;
  readonly #after: ResumeCheck | undefined;
  /** Every chunk is copied behind what is left of the last one, into the memory that the walk sees. */
  readonly #walk: EntryWalk;
  /** How many of the bytes are of the entry that has begun and not ended. */
  #kept = 0;
  /** Of the last entry that ended: where its cursor lies, and its time. Only the last one of a chunk is made a place. */
  readonly #last = { has: false, start: 0, end: 0, realtimeUs: 0 };
  /** What was found and not taken yet, beside the lines. */
  #place: JournalPlace | undefined;
  #suppressed: { readonly message: string; readonly uid: string }[] = [];
  /** Bytes of an over-long field still to be dropped; Infinity = up to the next newline. */
  #dropping = 0;
  /** Whether everything up to the next blank line is to be dropped. */
  #lost = false;

  /** `after` leaves out what was read before a restart, and tells whether the kept entry was still there. */
  constructor(routes: RouteTable, after?: ResumeCheck, sieve?: LineSieve) {
    this.#after = after;
    this.#lines = new LineTableBuilder({ sieve, takeWritten: () => this.#walk.takeWritten() });
    this.#entries = new EntryLines(routes, sieve);
    this.#walk = new EntryWalk(this.#entries.fields, this.#entries.kept, FIRST_BYTES);
  }

  /** Takes the next bytes; gives the lines of the entries that end in them. The chunk may be reused afterwards. */
  push(chunk: Buffer): ParsedLines {
    this.feed(chunk);
    return this.take();
  }

  /** Takes the next bytes; gives how many lines wait to be taken, those left out included. The chunk may be reused afterwards. */
  feed(chunk: Buffer): number {
    this.#append(this.#dropping > 0 ? this.#drop(chunk) : chunk);
    this.#parse();
    return this.#lines.length;
  }

  /** What was found since the last time. */
  take(): ParsedLines {
    const parsed = {
      ...this.#lines.take(),
      place: this.#place,
      suppressed: this.#suppressed,
    };
    this.#place = undefined;
    this.#suppressed = [];
    return parsed;
  }

  /** Takes the end of the input: an entry that lacks only its blank line counts, half a field is corrupt. */
  end(): ParsedLines {
    const isWhole = this.#kept > 0 && this.#walk.bytes[this.#kept - 1] === NEWLINE && this.#dropping === 0;
    if (isWhole) this.#append(Buffer.from('\n'));
    this.#parse();
    if (this.#kept > 0 && !this.#lost) this.counts.corrupt += 1;
    this.#kept = 0;
    this.#dropping = 0;
    this.#lost = false;
    return this.take();
  }

  #append(chunk: Buffer): void {
    const length = this.#kept + chunk.length;
    if (this.#walk.room < length) this.#lines.collect();
    this.#walk.reserve(length);
    chunk.copy(this.#walk.bytes, this.#kept);
    this.#kept = length;
  }

  #parse(): void {
    const bytes = this.#walk.bytes.subarray(0, this.#kept);
    if (bytes.length === 0) return;
    const entry: EntryBytes = {
      bytes,
      isAscii: isAscii(bytes),
      fields: this.#walk,
    };
    let entryStart = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#lost) {
        at = this.#resync(bytes, at);
        entryStart = at;
        if (this.#lost) break;
      } else {
        const end = this.#walk.walk(entryStart, bytes.length);
        at = end < 0 ? this.#walk.stand : end + 1;
        if (end === INCOMPLETE) break;
        if (end < 0) {
          this.#lose();
          continue;
        }
        if (end > entryStart) this.#finish(entry);
        entryStart = at;
      }
    }
    const { has, start, end, realtimeUs } = this.#last;
    if (has) this.#place = { cursor: textBetween(entry, start, end), realtimeUs };
    this.#last.has = false;
    this.#keep(bytes, entryStart, at);
  }

  #finish(entry: EntryBytes): void {
    const { starts, ends } = this.#walk;
    const realtimeUs = this.#entries.realtimeUs(entry);
    if (Number.isNaN(realtimeUs)) {
      this.counts.corrupt += 1;
      return;
    }
    this.counts.entries += 1;
    if (this.#after?.isNew({ cursor: textOf(entry, CURSOR), realtimeUs }) === false) return;
    const last = this.#last;
    last.has = true;
    last.start = starts[CURSOR] ?? -1;
    last.end = ends[CURSOR] ?? -1;
    last.realtimeUs = realtimeUs;
    const messageStart = starts[MESSAGE] ?? -1;
    if ((ends[MESSAGE] ?? 0) - messageStart > MAX_MESSAGE_BYTES && messageStart >= 0) {
      ends[MESSAGE] = messageStart + MAX_MESSAGE_BYTES;
      this.counts.cut += 1;
    }
    this.#entries.addLine(entry, realtimeUs, this.#lines);
    const marked = this.#entries.markedOf(entry);
    if (marked?.id === SUPPRESSED_ID) this.#suppressed.push({ message: marked.message, uid: marked.uid });
  }

  /** Keeps the entry that has not ended; of a field without an end in sight only as much as is needed. */
  #keep(bytes: Buffer, entryStart: number, fieldStart: number): void {
    if (this.#lost || bytes.length - fieldStart <= MAX_PENDING_BYTES) {
      bytes.copyWithin(0, entryStart);
      this.#kept = bytes.length - entryStart;
    } else {
      const { head, missing } = cutField(bytes, fieldStart);
      this.#dropping = missing;
      bytes.copyWithin(0, entryStart, fieldStart);
      this.#kept = fieldStart - entryStart;
      this.#append(head);
    }
    if (this.#kept > MAX_ENTRY_BYTES) {
      this.#kept = 0;
      this.#lose();
    }
  }

  /** Drops what is left of an over-long field; gives what follows it. */
  #drop(chunk: Buffer): Buffer {
    const end = this.#dropping === Number.POSITIVE_INFINITY ? chunk.indexOf(NEWLINE) + 1 : this.#dropping;
    if (end === 0) return EMPTY;
    if (end > chunk.length) {
      this.#dropping -= chunk.length;
      return EMPTY;
    }
    this.#dropping = 0;
    if (chunk[end - 1] !== NEWLINE) {
      this.#kept = 0;
      this.#lose();
    }
    return chunk.subarray(end);
  }

  #lose(): void {
    this.counts.corrupt += 1;
    this.#lost = true;
  }

  /** Where the next entry starts, after a blank line; without one, the last byte (it may be half of one). */
  #resync(bytes: Buffer, at: number): number {
    const blank = bytes.indexOf('\n\n', at, 'latin1');
    if (blank < 0) return Math.max(at, bytes.length - 1);
    this.#lost = false;
    return blank + 2;
  }
}
