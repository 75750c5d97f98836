/**
 * Bytes in arbitrary pieces → whole lines of text. Half a line is kept until its newline comes; of a line over 64 KiB
 * only the first and last 4 KiB are kept, with ` … ` between, and that is counted. `\r` before the newline is dropped.
 * ASCII is decoded in one go; other bytes by the encoding, U+FFFD for what is none.
 */
import { isAscii } from 'node:buffer';
import type { Decode } from './encodings.js';

const NEWLINE = 10;
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
  push(chunk: Buffer): string[] {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(chunk);
      return [];
    }
    const lines: string[] = [];
    let start = 0;
    if (this.pendingBytes > 0) {
      start = chunk.indexOf(NEWLINE) + 1;
      this.#keep(chunk.subarray(0, start - 1));
      lines.push(this.#takePending());
    }
    if (start <= last) this.#split(chunk.subarray(start, last + 1), lines);
    this.#keep(chunk.subarray(last + 1));
    return lines;
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

  #split(bytes: Buffer, lines: string[]): void {
    const text = bytes.toString('latin1');
    const isPlain = isAscii(bytes);
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start);
      const end = newline > start && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
      if (end - start > MAX_LINE_BYTES) lines.push(this.#cutLine(bytes.subarray(start, end)));
      else {
        const line = text.slice(start, end);
        lines.push(
          isPlain || !/[\u0080-\u00ff]/.test(line) ? line : this.#decode(bytes.subarray(start, end)),
        );
      }
      start = newline + 1;
    }
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
    const bytes = this.#pending.at(-1) === 13 ? this.#pending.subarray(0, -1) : this.#pending;
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
