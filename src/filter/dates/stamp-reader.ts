/**
 * Reads the minutes, seconds and milliseconds of a stamp whose other characters are known (stamp-read.wat): reading bytes
 * one by one costs four times that in JavaScript, once any memory was ever detached. Takes the room in which lines lie.
 */
import { wasm, type WasmModule } from '../../lib/web-assembly.js';
import type { ScanRoom } from '../scan-room.js';
import { stampReadCode } from './stamp-read-code.js';

const HEAD_AT = 16;
const TAIL_AT = 80;
const LENGTH = 144;
/** Head and tail may be so long. */
const MOST = 64;

/** What of a stamp stays the same. */
export interface StampShape {
  /** What stands before the minutes, and behind seconds and fraction. */
  readonly head: string;
  readonly tail: string;
  /** Digits of the fraction; 0 = there is none, and no separator. */
  readonly fraction: number;
  readonly separator: number;
}

type Read = (layout: number, begin: number, end: number) => number;

let compiled: WasmModule | undefined;
const readers = new WeakMap<ScanRoom, Read>();

export class StampReader {
  readonly #room: ScanRoom;
  readonly #layout: number;
  readonly #read: Read;

  constructor(room: ScanRoom) {
    this.#room = room;
    this.#layout = room.allocate(LENGTH);
    this.#read = readerOf(room);
  }

  /** Whether stamps of this shape can be read: its characters are bytes, and not too many. */
  static canRead({ head, tail, separator }: StampShape): boolean {
    return head.length <= MOST && tail.length <= MOST && separator <= 0xff && !/[^\0-\xff]/.test(head + tail);
  }

  /** What `read` reads from now on. */
  expect({ head, tail, fraction, separator }: StampShape): void {
    const { bytes } = this.#room;
    for (const [at, value] of [head.length, tail.length, fraction, separator].entries())
      bytes.writeInt32LE(value, this.#layout + at * Int32Array.BYTES_PER_ELEMENT);
    bytes.write(head, this.#layout + HEAD_AT, 'latin1');
    bytes.write(tail, this.#layout + TAIL_AT, 'latin1');
  }

  /** Milliseconds since the hour began, of the line in `[begin, end)` of the room; -1 where it has another shape. */
  read(begin: number, end: number): number {
    return this.#read(this.#layout, begin, end);
  }
}

function readerOf(room: ScanRoom): Read {
  const known = readers.get(room);
  if (known !== undefined) return known;
  compiled ??= new wasm.Module(Buffer.from(stampReadCode, 'base64'));
  const { exports } = new wasm.Instance(compiled, { stamp: { memory: room.memory } });
  // A parse boundary: the module's own export.
  const read = exports['read'] as Read;
  readers.set(room, read);
  return read;
}
