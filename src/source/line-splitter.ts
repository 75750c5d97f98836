/**
 * Bytes in arbitrary pieces → tables of whole lines. Half a line is kept until its newline comes; of a line over 64 KiB
 * only the first and last 4 KiB are kept, with ` … ` between, and that is counted. `\r` before the newline is dropped.
 * ASCII becomes a table as it stands; other bytes are decoded line by line, U+FFFD for what is none.
 */
import { isAscii } from 'node:buffer';
import type { Decode } from './encodings.js';
import { NO_LINES, tableOfTexts } from './line-table-builder.js';
import type { LineTable } from './lines.js';
import { plainLines } from './plain-lines.js';

const NEWLINE = 10;
const RETURN = 13;
/** What is no ASCII. */
const OTHER = /[^\0-\x7f]/;
const EMPTY = Buffer.alloc(0);
const MAX_LINE_BYTES = 64 << 10;
const KEPT_BYTES = 4 << 10;
const GAP = ' … ';

export class LineSplitter {
  /** Lines that were cut so far. */
  cut = 0;
  readonly #decode: Decode;
  #pending: Buffer = EMPTY;
  /** Bytes of the pending line that are not kept, between its first and last kept ones. */
  #dropped = 0;

  constructor(decode: Decode) {
    this.#decode = decode;
  }

  /** How many bytes have come since the last newline. */
  get pendingBytes(): number {
    return this.#pending.length + this.#dropped;
  }

  /** Takes the next bytes (the buffer may be reused afterwards); gives the lines that end in them. */
  push(chunk: Buffer): LineTable {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(chunk);
      return NO_LINES;
    }
    let start = 0;
    let first: string | undefined;
    if (this.pendingBytes > 0) {
      start = chunk.indexOf(NEWLINE) + 1;
      this.#keep(chunk.subarray(0, start - 1));
      first = this.#takePending();
    }
    this.#keep(chunk.subarray(last + 1));
    const bytes = chunk.subarray(start, last + 1);
    return this.#plain(first, bytes) ?? tableOfTexts(this.#decoded(first, bytes));
  }

  /** The line that has no newline, if any: right for a recording, which is whole, never for a file that grows. */
  end(): string | undefined {
    return this.pendingBytes === 0 ? undefined : this.#takePending();
  }

  /** Forgets half a line; gives how many bytes it had. */
  reset(): number {
    const bytes = this.pendingBytes;
    this.#pending = EMPTY;
    this.#dropped = 0;
    return bytes;
  }

  #plain(first: string | undefined, bytes: Buffer): LineTable | undefined {
    // One `\r` has been dropped from the first; another one would be now.
    const isPlain = isAscii(bytes) && (first === undefined || !(OTHER.test(first) || first.endsWith('\r')));
    if (!isPlain) return undefined;
    const text = bytes.toString('latin1');
    const lines = plainLines(first === undefined ? text : `${first}\n${text}`);
    return lines.ends.some((end, row) => end - (lines.starts[row] ?? 0) > MAX_LINE_BYTES) ? undefined : lines;
  }

  #decoded(first: string | undefined, bytes: Buffer): readonly string[] {
    const texts = first === undefined ? [] : [first];
    const { text, starts, ends } = plainLines(bytes.toString('latin1'));
    for (const [row, start] of starts.entries()) {
      const end = ends[row] ?? start;
      const line = text.slice(start, end);
      if (line.length > MAX_LINE_BYTES) texts.push(this.#cutLine(bytes.subarray(start, end)));
      else texts.push(OTHER.test(line) ? this.#decode(bytes.subarray(start, end)) : line);
    }
    return texts;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const all = this.#pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#pending, bytes]);
    if (all.length + this.#dropped <= MAX_LINE_BYTES) {
      this.#pending = all;
      return;
    }
    this.#dropped += all.length - 2 * KEPT_BYTES;
    this.#pending = Buffer.concat([all.subarray(0, KEPT_BYTES), all.subarray(-KEPT_BYTES)]);
  }

  #takePending(): string {
    const bytes = this.#pending.at(-1) === RETURN ? this.#pending.subarray(0, -1) : this.#pending;
    const isCut = this.#dropped > 0;
    this.reset();
    return isCut ? this.#cutLine(bytes) : this.#decode(bytes);
  }

  #cutLine(bytes: Buffer): string {
    this.cut += 1;
    const head = this.#decode(bytes.subarray(0, KEPT_BYTES));
    return `${head}${GAP}${this.#decode(bytes.subarray(-KEPT_BYTES))}`;
  }
}
