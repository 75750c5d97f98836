/**
 * Puts a batch together: what one chunk of a source came to, for the ears that heard it.
 */
import { lengthOf } from '../source/line-table.js';
import type { Lines } from '../source/lines.js';
import type { Batch, Heard } from './batch.js';
import type { Ear } from './ear.js';

export function batchOf(chunk: Lines, heard: readonly Heard[], ears: readonly Ear[]): Batch {
  return {
    source: chunk.source,
    place: chunk.place,
    lines: lengthOf(chunk),
    lastLineMs: chunk.sifted?.lastLineMs ?? chunk.lines.timesMs.at(-1) ?? Number.NaN,
    heard,
    connections: ears.flatMap((ear) => ear.takeChanges()),
    ears: ears.flatMap((ear) => ear.states()),
  };
}
