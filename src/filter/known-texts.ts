/**
 * Short texts in the room as strings, the same string for the same bytes as long as it is remembered: the key of a
 * connection, its user and address stand in each of its lines, and for each filter that hears them. One string is
 * known by its place; two that were cut from two lines have to be compared by a call into V8's runtime.
 * Takes where a text stands; remembers 1,024, each in the slot that its bytes hash to (known-texts.wat).
 */
import { wasm, type WasmModule } from '../lib/web-assembly.js';
import { knownTextsCode } from './known-texts-code.js';
import type { ScanRoom } from './scan-room.js';

const SLOTS = 1024;
const SLOT_BYTES = 48;
const LONGEST = 40;

type Find = (start: number, end: number) => number;

let compiled: WasmModule | undefined;
const byRoom = new WeakMap<ScanRoom, KnownTexts>();

export class KnownTexts {
  readonly #room: ScanRoom;
  readonly #find: Find;
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** Use `knownTexts`. */
  constructor(room: ScanRoom) {
    this.#room = room;
    const slots = room.allocate(SLOTS * SLOT_BYTES);
    compiled ??= new wasm.Module(Buffer.from(knownTextsCode, 'base64'));
    const { exports } = new wasm.Instance(compiled, { known: { memory: room.memory, slots } });
    // A parse boundary: the module's own export.
    this.#find = exports['find'] as Find;
  }

  /** The text in `[start, end)` of the room. */
  at(start: number, end: number): string {
    if (start === end) return '';
    if (end - start > LONGEST) return this.#written(start, end);
    const slot = this.#find(start, end);
    if (slot >= 0) return this.#texts[slot] ?? '';
    const text = this.#written(start, end);
    this.#texts[~slot] = text;
    return text;
  }

  #written(start: number, end: number): string {
    return this.#room.bytes.toString('latin1', start, end);
  }
}

/** Those of a room, for all who read it. */
export function knownTexts(room: ScanRoom): KnownTexts {
  const known = byRoom.get(room) ?? new KnownTexts(room);
  byRoom.set(room, known);
  return known;
}
