/**
 * The memory that matchers work in, as they need it: it holds the texts, and tables and marks beside them.
 */
import type { WasmMemory } from '../web-assembly.js';

export interface MatcherRoom {
  readonly memory: WasmMemory;
  /** Over all of the memory; another one after each growth. */
  readonly bytes: Uint8Array;
  /** Room for so many bytes, for ever; gives where it begins. */
  allocate(length: number): number;
}
