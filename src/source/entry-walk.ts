/**
 * Walks through export entries in WebAssembly (entry-walk.wat): half of what a recorded line cost was finding its fields.
 * Takes the names of the wanted fields, and bytes in a memory of its own; notes where their values lie, entry by entry,
 * and puts lines together in that memory. Format: systemd, docs/JOURNAL_EXPORT_FORMATS.md.
 */
import { entryWalkCode } from './entry-walk-code.js';
import { wasm, type WasmGlobal, type WasmMemory, type WasmModule } from '../lib/web-assembly.js';

/** Results of `walk` that are no position. */
export const INCOMPLETE = -1;
export const CORRUPT = -2;

const PAGE = 64 << 10;
const SLOTS = 4096;
/** With more names no hash without collisions is found; journal matches name a handful. */
const MOST_NAMES = 256;
const NAME_BYTES = 72;
const LONGEST_NAME = 64;
const PREFIX_BYTES = 128;
const IDENTITY_BYTES = 64;
/** Looked at behind the end, see entry-walk.wat. */
const SLACK = 8;

let compiled: WasmModule | undefined;

interface Exports {
  readonly walk: (at: number, end: number) => number;
  readonly slot: (at: number, length: number) => number;
  readonly copy: (to: number, from: number, length: number) => void;
  readonly recall: (slot: number) => number;
  readonly remember: (slot: number) => number;
  readonly stand: WasmGlobal;
  readonly binary: WasmGlobal;
}

/** Where things lie in the memory; the input and, behind it, what is written grow. */
interface Layout {
  readonly slots: number;
  readonly names: number;
  readonly starts: number;
  readonly ends: number;
  readonly prefixes: number;
  readonly processes: number;
  readonly input: number;
}

/** What is kept from entry to entry. */
export interface Kept {
  /** How many processes, each with the prefix of its lines. */
  readonly processes: number;
  /** From which wanted field on they tell a process; with none that do, nothing is recalled. */
  readonly identity: number;
}

export class EntryWalk {
  readonly #memory: WasmMemory;
  readonly #layout: Layout;
  readonly #wanted: number;
  readonly #kept: Kept;
  readonly #exports: Exports;
  #starts: Int32Array;
  #ends: Int32Array;
  #bytes: Buffer;
  #view: DataView;
  /** Over the whole memory. */
  #all: Buffer;
  /** How many bytes have been written behind the input. */
  #written = 0;

  /** `wanted`: names of fields; the index in it is the index in `starts` and `ends`. */
  constructor(wanted: readonly string[], kept: Kept, capacity: number) {
    if (wanted.length > MOST_NAMES)
      throw new RangeError(`more than ${MOST_NAMES} journal fields are asked for`);
    const names = SLOTS * 4;
    const starts = names + wanted.length * NAME_BYTES;
    // One start is cleared even where none is wanted.
    const ends = starts + Math.max(1, wanted.length) * 4;
    const prefixesAt = ends + wanted.length * 4;
    const processes = prefixesAt + kept.processes * PREFIX_BYTES;
    const identities = kept.processes * (wanted.length - kept.identity) * IDENTITY_BYTES;
    const input = (processes + identities + 7) & ~7;
    this.#layout = { slots: 0, names, starts, ends, prefixes: prefixesAt, processes, input };
    this.#kept = kept;
    this.#wanted = wanted.length;
    this.#memory = new wasm.Memory({ initial: pagesFor(input, capacity) });
    this.#exports = this.#know(wanted.map((name) => Buffer.from(name, 'latin1')));
    [this.#starts, this.#ends, this.#bytes, this.#view, this.#all] = this.#views();
  }

  /** By wanted field: where its value begins, -1 for an absent one. A repeated field has its first value. */
  get starts(): Int32Array {
    return this.#starts;
  }

  get ends(): Int32Array {
    return this.#ends;
  }

  /** The bytes to walk through, to be written to; another buffer after `reserve`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Over the same bytes. */
  get view(): DataView {
    return this.#view;
  }

  /** Whether a value of the entry was written with its length, and so may hold newlines. */
  get isBinary(): boolean {
    return this.#exports.binary.value === 1;
  }

  /** The start of the field at which the last walk stopped. */
  get stand(): number {
    return this.#exports.stand.value - this.#layout.input;
  }

  /** Makes room for `capacity` bytes; the input stays, lines that were written and not taken do not. */
  reserve(capacity: number): void {
    if (capacity <= this.#bytes.length) return;
    const pages = pagesFor(this.#layout.input, 2 * capacity);
    this.#memory.grow(pages - this.#memory.buffer.byteLength / PAGE);
    [this.#starts, this.#ends, this.#bytes, this.#view, this.#all] = this.#views();
  }

  /** Notes the fields of the entry at `at`; gives where its blank line stands, `INCOMPLETE` or `CORRUPT`. */
  walk(at: number, end: number): number {
    const { input } = this.#layout;
    const result = this.#exports.walk(at + input, end + input);
    return result < 0 ? result : result - input;
  }

  /** Whether the entry walked through last tells the same process as the one remembered so. */
  recall(process: number): boolean {
    return this.#exports.recall(process) === 1;
  }

  /** Remembers which process the entry walked through last tells; false where a field is too long for that. */
  remember(process: number): boolean {
    return this.#kept.identity < this.#wanted && this.#exports.remember(process) === 1;
  }

  /** Keeps a prefix for lines; false for one that is too long, or not ASCII. */
  keepPrefix(number: number, text: string): boolean {
    if (number >= this.#kept.processes || text.length > PREFIX_BYTES || !/^[\0-\x7f]*$/.test(text))
      return false;
    this.#all.write(text, this.#layout.prefixes + number * PREFIX_BYTES, 'latin1');
    return true;
  }

  /**
   * Writes a line: a kept prefix and the bytes `[start, end)`, which are ASCII; gives its length. No line is longer
   * than its entry.
   */
  writeLine(prefix: number, prefixLength: number, start: number, end: number): number {
    const { prefixes, input } = this.#layout;
    const to = input + this.#bytes.length + SLACK + this.#written;
    this.#exports.copy(to, prefixes + prefix * PREFIX_BYTES, prefixLength);
    this.#exports.copy(to + prefixLength, input + start, end - start);
    const length = prefixLength + end - start;
    this.#written += length;
    return length;
  }

  /** How many more bytes of lines can be written. */
  get room(): number {
    return this.#bytes.length - this.#written;
  }

  /** What was written since this was last asked for; holds until the next line. */
  takeWritten(): Buffer {
    const start = this.#layout.input + this.#bytes.length + SLACK;
    const written = this.#all.subarray(start, start + this.#written);
    this.#written = 0;
    return written;
  }

  #views(): [starts: Int32Array, ends: Int32Array, bytes: Buffer, view: DataView, all: Buffer] {
    const { buffer } = this.#memory;
    const { starts, ends, input } = this.#layout;
    const room = (buffer.byteLength - input - SLACK) >> 1;
    return [
      new Int32Array(buffer, starts, this.#wanted),
      new Int32Array(buffer, ends, this.#wanted),
      Buffer.from(buffer, input, room),
      new DataView(buffer, input, room),
      Buffer.from(buffer),
    ];
  }

  /** Writes the names down; the hash's factor is one by which no two of them share a slot. */
  #know(names: readonly Buffer[]): Exports {
    const { buffer } = this.#memory;
    const { slots, names: base } = this.#layout;
    for (const [field, name] of names.entries()) {
      if (name.length > LONGEST_NAME) continue;
      new Int32Array(buffer, base + field * NAME_BYTES, 1)[0] = name.length;
      Buffer.from(buffer).set(name, base + field * NAME_BYTES + 8);
    }
    const table = new Int32Array(buffer, slots, SLOTS);
    for (let factor = 0x9e3779b1; ; factor = (Math.imul(factor, 0x85ebca6b) + 2) | 1) {
      const exports = this.#instance(factor | 0);
      table.fill(-1);
      const isClear = names.every((name, field) => {
        const slot = exports.slot(base + field * NAME_BYTES + 8, name.length);
        const isFree = table[slot] === -1;
        table[slot] = field;
        return isFree || name.length > LONGEST_NAME;
      });
      if (isClear) return exports;
    }
  }

  #instance(factor: number): Exports {
    compiled ??= new wasm.Module(Buffer.from(entryWalkCode, 'base64'));
    const fields = this.#wanted;
    const instance = new wasm.Instance(compiled, {
      walk: { memory: this.#memory, ...this.#layout, fields, factor, identity: this.#kept.identity },
    });
    // A parse boundary: the module's own exports.
    return instance.exports as unknown as Exports;
  }
}

/** Room for the input, and as much for the lines that are made of it. */
function pagesFor(input: number, capacity: number): number {
  return Math.ceil((input + 2 * (capacity + SLACK)) / PAGE);
}
