/**
 * One open log file, read onwards from an offset. Takes its path; gives whole lines, and says when the file was
 * truncated or overwritten (it is shorter, or begins otherwise): then it is read again from its start.
 * Reads synchronously: it lives in the worker, next to the filters. Does not notice a rename.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileMark, HEAD_BYTES, hashHead, readHead } from './file-mark.js';
import type { Decode } from './encodings.js';
import { LineSplitter } from './line-splitter.js';
import { NO_LINES } from './line-table-builder.js';
import type { LineTable } from './lines.js';

const CHUNK_BYTES = 256 << 10;
/** Shared by all files: a chunk is made into strings before the next is read. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

export interface LogRead {
  readonly lines: LineTable;
  /** Bytes of half a line that a truncation took; undefined = not truncated. */
  readonly truncated: number | undefined;
  /** Whether the file's end was reached. */
  readonly isAtEnd: boolean;
}

export class OpenLog {
  readonly descriptor: number;
  readonly inode: number;
  readonly splitter: LineSplitter;
  #offset = 0;
  #head: Buffer = Buffer.alloc(0);
  #modifiedMs = Number.NaN;

  /** @throws the file system's error, or an Error for what is no regular file. */
  constructor(path: string, decode: Decode) {
    // Without O_NONBLOCK a named pipe in the place of a log would hold the thread for ever.
    this.descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(this.descriptor);
    if (!status.isFile()) {
      closeSync(this.descriptor);
      throw new Error(`${path} is not a regular file`);
    }
    this.inode = status.ino;
    this.splitter = new LineSplitter(decode);
    this.#head = readHead(this.descriptor, HEAD_BYTES);
  }

  get size(): number {
    return fstatSync(this.descriptor).size;
  }

  get mark(): FileMark {
    const offset = this.#offset - this.splitter.pendingBytes;
    return { inode: this.inode, head: hashHead(this.#head), headBytes: this.#head.length, offset };
  }

  /** Goes on from an offset at which a line starts. */
  seek(offset: number): void {
    this.splitter.reset();
    this.#offset = offset;
  }

  /** Reads one chunk. */
  read(): LogRead {
    const status = fstatSync(this.descriptor);
    if (status.size < this.#offset) return this.#truncated();
    if (status.size === this.#offset && status.mtimeMs === this.#modifiedMs)
      return { lines: NO_LINES, truncated: undefined, isAtEnd: true };
    const bytes = readSync(this.descriptor, chunk, 0, CHUNK_BYTES, this.#offset);
    // Looked at after the read: what was read before a truncation is sound, what was read after one is not.
    const head = readHead(this.descriptor, HEAD_BYTES);
    if (!head.subarray(0, this.#head.length).equals(this.#head)) return this.#truncated();
    this.#head = head;
    this.#modifiedMs = status.mtimeMs;
    this.#offset += bytes;
    const isAtEnd = bytes < CHUNK_BYTES;
    return { lines: this.splitter.push(chunk.subarray(0, bytes)), truncated: undefined, isAtEnd };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #truncated(): LogRead {
    const truncated = this.splitter.reset();
    this.#offset = 0;
    this.#head = Buffer.alloc(0);
    this.#modifiedMs = Number.NaN;
    return { lines: NO_LINES, truncated, isAtEnd: false };
  }
}
