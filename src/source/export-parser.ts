/**
 * Reads the journal's export format from bytes in arbitrary pieces: journalctl's output, or a recording.
 * Takes chunks; gives lines and the place after them. What is corrupt is counted and skipped to the next blank line;
 * an over-long message is cut and counted. Memory is bounded by the limits below. A repeated field has its first value.
 * Format: systemd, docs/JOURNAL_EXPORT_FORMATS.md.
 */
import { isAscii } from 'node:buffer';
import { type EntryBytes, EntryLines, MESSAGE } from './entry-lines.js';
import { FieldNames } from './field-names.js';
import type { JournalPlace } from './journal-place.js';
import type { Line } from './lines.js';
import type { ResumeCheck } from './resume-check.js';
import type { RouteTable } from './route-table.js';
import { SUPPRESSED_ID } from './suppression.js';

const NEWLINE = 10;
const EQUALS = 61;
const EMPTY = Buffer.alloc(0);
/** A longer message is cut. */
const MAX_MESSAGE_BYTES = 64 << 10;
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
  readonly lines: readonly Line[];
  /** After the last entry, with or without a line; undefined when no entry ended in the bytes. */
  readonly place: JournalPlace | undefined;
  /** journald's entries about suppressed messages. */
  readonly suppressed: readonly { readonly message: string; readonly uid: string }[];
}

interface Parsed {
  readonly lines: Line[];
  readonly suppressed: { readonly message: string; readonly uid: string }[];
  place: JournalPlace | undefined;
}

export class ExportParser {
  readonly counts: ExportCounts = { entries: 0, corrupt: 0, cut: 0 };
  readonly #lines: EntryLines;
  readonly #names: FieldNames;
  readonly #after: ResumeCheck | undefined;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** The entry that has begun and not ended. */
  #rest: Buffer = EMPTY;
  /** Bytes of an over-long field still to be dropped; Infinity = up to the next newline. */
  #dropping = 0;
  /** Whether everything up to the next blank line is to be dropped. */
  #lost = false;

  /** `after` leaves out what was read before a restart; its state tells whether the kept entry was still there. */
  constructor(routes: RouteTable, after?: ResumeCheck) {
    this.#after = after;
    this.#lines = new EntryLines(routes);
    this.#names = new FieldNames(this.#lines.fields);
    this.#starts = new Int32Array(this.#lines.fields.length);
    this.#ends = new Int32Array(this.#lines.fields.length);
  }

  /** Takes the next bytes; gives the lines of the entries that end in them. The chunk may be reused afterwards. */
  push(chunk: Buffer): ParsedLines {
    const kept = this.#dropping > 0 ? this.#drop(chunk) : chunk;
    return this.#parse(this.#rest.length === 0 ? kept : Buffer.concat([this.#rest, kept]));
  }

  /** Takes the end of the input: an entry that lacks only its blank line counts, half a field is corrupt. */
  end(): ParsedLines {
    const isWhole = this.#rest.at(-1) === NEWLINE && this.#dropping === 0;
    const parsed = isWhole ? this.#parse(Buffer.concat([this.#rest, Buffer.from('\n')])) : this.#parse(EMPTY);
    if (this.#rest.length > 0 && !this.#lost) this.counts.corrupt += 1;
    this.#rest = EMPTY;
    this.#dropping = 0;
    this.#lost = false;
    return parsed;
  }

  #parse(bytes: Buffer): ParsedLines {
    const parsed: Parsed = { lines: [], suppressed: [], place: undefined };
    if (bytes.length === 0) return parsed;
    const entry: EntryBytes = {
      bytes,
      text: bytes.toString('latin1'),
      isAscii: isAscii(bytes),
      starts: this.#starts,
      ends: this.#ends,
    };
    let entryStart = 0;
    let at = 0;
    this.#starts.fill(-1);
    while (at < bytes.length) {
      if (this.#lost) {
        at = this.#resync(bytes, at);
        entryStart = at;
        if (this.#lost) break;
      } else if (bytes[at] === NEWLINE) {
        if (at > entryStart) this.#finish(entry, parsed);
        at += 1;
        entryStart = at;
      } else {
        const next = this.#field(bytes, entry.text, at);
        if (next === INCOMPLETE) break;
        if (next === CORRUPT) this.#lose();
        else at = next;
      }
    }
    this.#keep(bytes, entryStart, at);
    return parsed;
  }

  /** Notes where the value of the field at `start` lies; gives where the next field starts. */
  #field(bytes: Buffer, text: string, start: number): number {
    // Two searches are quicker than one loop over the bytes of a name and its value.
    const newline = text.indexOf('\n', start);
    const equals = text.indexOf('=', start);
    const isText = equals >= 0 && (newline < 0 || equals < newline);
    const nameEnd = isText ? equals : newline < 0 ? bytes.length : newline;
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
    }
    const field = this.#names.find(bytes, start, nameEnd);
    if (field >= 0 && (this.#starts[field] ?? 0) < 0) {
      this.#starts[field] = at;
      this.#ends[field] = end;
    }
    return end + 1;
  }

  #finish(entry: EntryBytes, parsed: Parsed): void {
    const place = this.#lines.placeOf(entry);
    if (place === undefined) this.counts.corrupt += 1;
    else {
      this.counts.entries += 1;
      if (this.#after !== undefined && !this.#after.isNew(place)) return void this.#starts.fill(-1);
      parsed.place = place;
      const messageStart = this.#starts[MESSAGE] ?? -1;
      if ((this.#ends[MESSAGE] ?? 0) - messageStart > MAX_MESSAGE_BYTES && messageStart >= 0) {
        this.#ends[MESSAGE] = messageStart + MAX_MESSAGE_BYTES;
        this.counts.cut += 1;
      }
      const line = this.#lines.lineOf(entry);
      if (line !== undefined) parsed.lines.push(line);
      const marked = this.#lines.markedOf(entry);
      if (marked?.id === SUPPRESSED_ID) parsed.suppressed.push({ message: marked.message, uid: marked.uid });
    }
    this.#starts.fill(-1);
  }

  /** Keeps the entry that has not ended; of a field without an end in sight only as much as is needed. */
  #keep(bytes: Buffer, entryStart: number, fieldStart: number): void {
    if (this.#lost || bytes.length - fieldStart <= MAX_PENDING_BYTES) {
      this.#rest = Buffer.from(bytes.subarray(entryStart));
    } else {
      const { head, missing } = cutField(bytes, fieldStart);
      this.#dropping = missing;
      this.#rest = Buffer.concat([bytes.subarray(entryStart, fieldStart), head]);
    }
    if (this.#rest.length > MAX_ENTRY_BYTES) {
      this.#rest = EMPTY;
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
      this.#rest = EMPTY;
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
    this.#starts.fill(-1);
    const blank = bytes.indexOf('\n\n', at, 'latin1');
    if (blank < 0) return Math.max(at, bytes.length - 1);
    this.#lost = false;
    return blank + 2;
  }
}

/** An over-long field as a short one, and how many of its bytes are still to come (Infinity = up to a newline). */
function cutField(bytes: Buffer, start: number): { head: Buffer; missing: number } {
  let at = start;
  while (bytes[at] !== EQUALS && bytes[at] !== NEWLINE) at += 1;
  const isBinary = bytes[at] === NEWLINE;
  const valueStart = isBinary ? at + 9 : at + 1;
  const missing = isBinary
    ? valueStart + declaredLength(bytes, at + 1) + 1 - bytes.length
    : Number.POSITIVE_INFINITY;
  if (bytes.toString('latin1', start, at) !== 'MESSAGE') return { head: EMPTY, missing };
  // One byte more than a message may have, so that it is cut and counted as any other.
  const size = Buffer.alloc(8);
  size.writeUInt32LE(MAX_MESSAGE_BYTES + 1);
  const value = bytes.subarray(valueStart, valueStart + MAX_MESSAGE_BYTES + 1);
  return { head: Buffer.concat([Buffer.from('MESSAGE\n'), size, value, Buffer.from('\n')]), missing };
}

function declaredLength(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}
