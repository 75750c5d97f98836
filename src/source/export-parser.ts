/**
 * Reads the journal's export format from bytes in arbitrary pieces: journalctl's output, or a recording.
 * Takes chunks; gives lines and the place after them. What is corrupt is counted and skipped to the next blank line;
 * an over-long message is cut and counted. Memory is bounded by the limits below. A repeated field has its first value.
 * Format: systemd, docs/JOURNAL_EXPORT_FORMATS.md.
 */
import { isAscii } from 'node:buffer';
import { CURSOR, type EntryBytes, EntryLines, MESSAGE, textBetween, textOf } from './entry-lines.js';
import { type FieldName, FieldNames } from './field-names.js';
import type { JournalPlace } from './journal-place.js';
import { newlineIn } from './known-bytes.js';
import { LineTableBuilder } from './line-table.js';
import type { LineTable } from './lines.js';
import { cutField, declaredLength, MAX_MESSAGE_BYTES } from './over-long-field.js';
import type { ResumeCheck } from './resume-check.js';
import type { RouteTable } from './route-table.js';
import { SUPPRESSED_ID } from './suppression.js';

const NEWLINE = 10;
const EQUALS = 61;
const EMPTY = Buffer.alloc(0);
const FIRST_BYTES = 128 << 10;
/** Of a field that does not end within this many bytes no more is kept. */
const MAX_PENDING_BYTES = 1 << 20;
/** An entry that does not end within this many bytes (without its over-long fields) is dropped. */
const MAX_ENTRY_BYTES = 4 << 20;
/** No journal field is longer (systemd, DATA_SIZE_MAX). */
const MAX_DECLARED_BYTES = 768 << 20;
const MAX_NAME_BYTES = 64;
/** Results of `#field` that are no position. */
const INCOMPLETE = -1;
const CORRUPT = -2;

export interface ExportCounts {
  entries: number;
  /** Stretches of input that were no entry. */
  corrupt: number;
  /** Messages that were too long. */
  cut: number;
}

export interface ParsedLines {
  readonly lines: LineTable;
  /** After the last entry, with or without a line; undefined when no entry ended in the bytes. */
  readonly place: JournalPlace | undefined;
  /** journald's entries about suppressed messages. */
  readonly suppressed: readonly { readonly message: string; readonly uid: string }[];
}

interface Parsed {
  readonly suppressed: { readonly message: string; readonly uid: string }[];
  place: JournalPlace | undefined;
}

/** An entry that ended: where its cursor lies. Only the last one of a chunk is made a place. */
interface Ended {
  readonly start: number;
  readonly end: number;
  readonly realtimeUs: number;
}

export class ExportParser {
  readonly counts: ExportCounts = { entries: 0, corrupt: 0, cut: 0 };
  readonly #entries: EntryLines;
  readonly #lines = new LineTableBuilder();
  readonly #names: FieldNames;
  readonly #after: ResumeCheck | undefined;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Every chunk is copied behind what is left of the last one: fresh memory for each would cost more than the copy. */
  #bytes: Buffer = Buffer.alloc(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  /** How many of the bytes are of the entry that has begun and not ended. */
  #kept = 0;
  /** The name of the field before. */
  #name: FieldName;
  #last: Ended | undefined;
  /** Whether a field of the entry was written with its length, and so may hold newlines. */
  #isBinary = false;
  /** Bytes of an over-long field still to be dropped; Infinity = up to the next newline. */
  #dropping = 0;
  /** Whether everything up to the next blank line is to be dropped. */
  #lost = false;

  /** `after` leaves out what was read before a restart; its state tells whether the kept entry was still there. */
  constructor(routes: RouteTable, after?: ResumeCheck) {
    this.#after = after;
    this.#entries = new EntryLines(routes);
    this.#names = new FieldNames(this.#entries.fields);
    this.#name = this.#names.start;
    this.#starts = new Int32Array(this.#entries.fields.length);
    this.#ends = new Int32Array(this.#entries.fields.length);
  }

  /** Takes the next bytes; gives the lines of the entries that end in them. The chunk may be reused afterwards. */
  push(chunk: Buffer): ParsedLines {
    this.#append(this.#dropping > 0 ? this.#drop(chunk) : chunk);
    return this.#parse();
  }

  /** Takes the end of the input: an entry that lacks only its blank line counts, half a field is corrupt. */
  end(): ParsedLines {
    const isWhole = this.#kept > 0 && this.#bytes[this.#kept - 1] === NEWLINE && this.#dropping === 0;
    if (isWhole) this.#append(Buffer.from('\n'));
    const parsed = this.#parse();
    if (this.#kept > 0 && !this.#lost) this.counts.corrupt += 1;
    this.#kept = 0;
    this.#dropping = 0;
    this.#lost = false;
    return parsed;
  }

  #append(chunk: Buffer): void {
    const length = this.#kept + chunk.length;
    if (length > this.#bytes.length) {
      const bytes = Buffer.alloc(2 * length);
      this.#bytes.copy(bytes, 0, 0, this.#kept);
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    chunk.copy(this.#bytes, this.#kept);
    this.#kept = length;
  }

  #parse(): ParsedLines {
    const parsed: Parsed = { suppressed: [], place: undefined };
    const bytes = this.#bytes.subarray(0, this.#kept);
    if (bytes.length === 0) return { ...parsed, lines: this.#lines.take() };
    const entry: EntryBytes = {
      bytes,
      view: this.#view,
      text: bytes.toString('latin1'),
      isAscii: isAscii(bytes),
      isBinary: false,
      starts: this.#starts,
      ends: this.#ends,
    };
    let entryStart = 0;
    let at = 0;
    this.#begin();
    while (at < bytes.length) {
      if (this.#lost) {
        at = this.#resync(bytes, at);
        entryStart = at;
        if (this.#lost) break;
      } else if (bytes[at] === NEWLINE) {
        if (at > entryStart) this.#finish(entry, parsed);
        at += 1;
        entryStart = at;
        this.#begin();
      } else {
        const next = this.#field(bytes, at);
        if (next === INCOMPLETE) break;
        if (next === CORRUPT) this.#lose();
        else at = next;
      }
    }
    const last = this.#takeLast();
    if (last !== undefined)
      parsed.place = { cursor: textBetween(entry, last.start, last.end), realtimeUs: last.realtimeUs };
    this.#keep(bytes, entryStart, at);
    return { ...parsed, lines: this.#lines.take() };
  }

  #takeLast(): Ended | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last;
  }

  #begin(): void {
    this.#starts.fill(-1);
    this.#name = this.#names.start;
    this.#isBinary = false;
  }

  /** Notes where the value of the field at `start` lies; gives where the next field starts. */
  #field(bytes: Buffer, start: number): number {
    const name = this.#names.expected(this.#name, this.#view, start, bytes.length);
    if (name === undefined) return this.#otherField(bytes, start);
    const valueStart = start + name.known.length;
    const newline = newlineIn(this.#view, valueStart, bytes.length);
    if (newline < 0) return INCOMPLETE;
    this.#name = name;
    this.#note(name.field, valueStart, newline);
    return newline + 1;
  }

  /** The same for a name that was not expected here, and for values with a length. */
  #otherField(bytes: Buffer, start: number): number {
    const newline = newlineIn(this.#view, start, bytes.length);
    const equals = bytes.subarray(start, newline < 0 ? bytes.length : newline).indexOf(EQUALS);
    const isText = equals >= 0;
    const nameEnd = isText ? start + equals : newline < 0 ? bytes.length : newline;
    if (nameEnd === start || nameEnd - start > MAX_NAME_BYTES) return CORRUPT;
    if (newline < 0) return INCOMPLETE;
    let at = nameEnd + 1;
    let end = newline;
    if (!isText) {
      if (at + 8 > bytes.length) return INCOMPLETE;
      const length = declaredLength(bytes, at);
      if (length > MAX_DECLARED_BYTES) return CORRUPT;
      at += 8;
      end = at + length;
      if (end >= bytes.length) return INCOMPLETE;
      if (bytes[end] !== NEWLINE) return CORRUPT;
      this.#isBinary = true;
    }
    this.#name = this.#names.after(this.#name, bytes.toString('latin1', start, nameEnd));
    this.#note(this.#name.field, at, end);
    return end + 1;
  }

  #note(field: number, start: number, end: number): void {
    if (field < 0 || (this.#starts[field] ?? 0) >= 0) return;
    this.#starts[field] = start;
    this.#ends[field] = end;
  }

  #finish(entry: EntryBytes, parsed: Parsed): void {
    const realtimeUs = this.#entries.realtimeUs(entry);
    if (Number.isNaN(realtimeUs)) {
      this.counts.corrupt += 1;
      return;
    }
    this.counts.entries += 1;
    if (this.#after?.isNew({ cursor: textOf(entry, CURSOR), realtimeUs }) === false) return;
    this.#last = { start: this.#starts[CURSOR] ?? -1, end: this.#ends[CURSOR] ?? -1, realtimeUs };
    const messageStart = this.#starts[MESSAGE] ?? -1;
    if ((this.#ends[MESSAGE] ?? 0) - messageStart > MAX_MESSAGE_BYTES && messageStart >= 0) {
      this.#ends[MESSAGE] = messageStart + MAX_MESSAGE_BYTES;
      this.counts.cut += 1;
    }
    entry.isBinary = this.#isBinary;
    this.#entries.addLine(entry, realtimeUs, this.#lines);
    const marked = this.#entries.markedOf(entry);
    if (marked?.id === SUPPRESSED_ID) parsed.suppressed.push({ message: marked.message, uid: marked.uid });
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
    this.#begin();
    const blank = bytes.indexOf('\n\n', at, 'latin1');
    if (blank < 0) return Math.max(at, bytes.length - 1);
    this.#lost = false;
    return blank + 2;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
