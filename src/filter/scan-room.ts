/**
 * The memory in which lines are looked through: the bytes of the chunk at hand, and the tables of those who look.
 * Takes a chunk's text; gives where its bytes begin. Grows, never shrinks; bounded by the largest chunk and the tables.
 */
import { wasm, type WasmMemory } from '../lib/web-assembly.js';

const PAGE = 64 << 10;
const ALIGNED = 16;
/** A look may go so far behind a line. */
const SLACK = 32;

export class ScanRoom {
  readonly memory: WasmMemory = new wasm.Memory({ initial: 1 });
  #bytes = Buffer.from(this.memory.buffer);
  /** Nothing stands at the very beginning: a look at the end of a text may go before it. */
  #used = ALIGNED;
  #chunk = 0;
  #capacity = 0;

  /** Over all of the memory; another one after each growth. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Room for so many bytes; gives where it begins. */
  allocate(length: number): number {
    const start = this.#used;
    this.#used = (start + length + ALIGNED - 1) & ~(ALIGNED - 1);
    const missing = this.#used - this.#bytes.length;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      this.#bytes = Buffer.from(this.memory.buffer);
    }
    return start;
  }

  /** Holds a text until the next one, a byte a character: of one beyond Latin-1 its low byte. Gives where it begins. */
  keep(text: string | Uint8Array): number {
    if (text.length > this.#capacity) {
      this.#capacity = 2 * text.length;
      this.#chunk = this.allocate(this.#capacity + SLACK);
    }
    if (typeof text === 'string') this.#bytes.write(text, this.#chunk, 'latin1');
    else this.#bytes.set(text, this.#chunk);
    return this.#chunk;
  }
}
