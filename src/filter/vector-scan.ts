/**
 * Looks for many fixed texts at once, sixteen bytes at a time, in WebAssembly (text-scan.wat): half of what a line cost
 * that nobody recognises was this look. Takes the texts; gives the numbers of those found.
 * Which bytes of a text are its anchor: anchors.ts.
 */
import { wasm, type WasmModule } from '../lib/web-assembly.js';
import { ANCHOR, anchorsOf } from './anchors.js';
import type { ScanRoom } from './scan-room.js';
import { textScanCode } from './text-scan-code.js';
import { MOST_FOUND, type TextScan } from './text-scan.js';

const HASH_BITS = 12;
const I32 = Int32Array.BYTES_PER_ELEMENT;
/** Bytes of what the module knows of a text. */
const RECORD = 4 * I32;
const SLACK = 8;

let compiled: WasmModule | undefined;
let isAble: boolean | undefined;

/** Whether this host has the instructions that the module needs (SSE 4.1 or alike). */
export function hasVectors(): boolean {
  return (isAble ??= wasm.validate(Buffer.from(textScanCode, 'base64')));
}

export class VectorScan implements TextScan {
  readonly #room: ScanRoom;
  readonly #foundAt: number;
  readonly #scan: (begin: number, end: number) => number;
  #found = new Int32Array();

  constructor(texts: readonly string[], room: ScanRoom) {
    if (texts.some(({ length }) => length < ANCHOR))
      throw new RangeError('a text to look for has at least three characters');
    this.#room = room;
    const bytes = texts.map((text) => Buffer.from(text, 'latin1'));
    const { offsets, tables: buckets } = anchorsOf(bytes);
    const anchors = bytes.map((text, number) =>
      text.subarray(offsets[number], (offsets[number] ?? 0) + ANCHOR),
    );
    const tables = this.#put(buckets);
    const records = room.allocate(texts.length * RECORD);
    const textsAt = this.#put(Buffer.concat(bytes));
    // A look may go beyond the end of a text.
    room.allocate(SLACK);
    const { heads, nexts } = chainsOf(anchors);
    const placeOf = (number: number): number => (number < 0 ? 0 : records + number * RECORD);
    let start = textsAt;
    for (const [number, { length }] of bytes.entries()) {
      const columns = [placeOf(nexts[number] ?? -1), start, length, offsets[number] ?? 0];
      for (const [at, value] of columns.entries())
        room.bytes.writeInt32LE(value, records + number * RECORD + at * I32);
      start += length;
    }
    this.#foundAt = room.allocate(MOST_FOUND * I32);
    const places = { tables, heads: this.#put(heads.map(placeOf)), records, found: this.#foundAt };
    compiled ??= new wasm.Module(Buffer.from(textScanCode, 'base64'));
    const instance = new wasm.Instance(compiled, {
      scan: { memory: room.memory, ...places, most: MOST_FOUND },
    });
    // A parse boundary: the module's own export.
    this.#scan = instance.exports['scan'] as (begin: number, end: number) => number;
  }

  scan(start: number, end: number): number {
    return this.#scan(start, end);
  }

  get found(): Int32Array {
    // Growth of the memory takes every view away.
    if (this.#found.length === 0)
      this.#found = new Int32Array(this.#room.memory.buffer, this.#foundAt, MOST_FOUND);
    return this.#found;
  }

  #put(column: Uint8Array | Int32Array): number {
    const place = this.#room.allocate(column.byteLength);
    this.#room.bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), place);
    return place;
  }
}

/** The texts whose anchors have the same hash: the first of them, and after each the next. */
function chainsOf(anchors: readonly Uint8Array[]): { heads: Int32Array; nexts: Int32Array } {
  const heads = new Int32Array(1 << HASH_BITS).fill(-1);
  const nexts = new Int32Array(anchors.length);
  for (const [number, [first = 0, second = 0, third = 0]] of anchors.entries()) {
    const hash = Math.imul(first | (second << 8) | (third << 16), 0x9e3779b1) >>> (32 - HASH_BITS);
    nexts[number] = heads[hash] ?? -1;
    heads[hash] = number;
  }
  return { heads, nexts };
}
