/**
 * Puts a batch together: what one chunk of a source came to, for the ears that heard it.
 */
import { lengthOf } from '../source/line-table.js';
import type { Lines } from '../source/lines.js';
import type { Batch, Heard } from './batch.js';
import type { Ear } from './ear.js';

/** `keepsStates` false: multi-line states are left out, since nobody keeps them. */
export function batchOf(
  chunk: Lines,
  heard: readonly Heard[],
  ears: readonly Ear[],
  keepsStates: boolean,
): Batch {
  return {
    source: chunk.source,
    place: chunk.place,
    lines: lengthOf(chunk),
    lastLineMs: chunk.sifted?.lastLineMs ?? chunk.lines.timesMs.at(-1) ?? Number.NaN,
    heard,
    states: keepsStates ? ears.flatMap((ear) => ear.changedStates()) : [],
    ears: ears.flatMap((ear) => ear.states()),
  };
}
