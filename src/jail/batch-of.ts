/**
 * Puts a batch together: what one chunk of a source came to, for the ears that heard it.
 */
import { lengthOf } from '../source/line-table.js';
import type { Lines } from '../source/lines.js';
import type { Batch, EarState, Heard } from './batch.js';
import type { Ear } from './ear.js';
import type { EarChange } from './kept-connections.js';

export function batchOf(chunk: Lines, heard: readonly Heard[], ears: readonly Ear[]): Batch {
  const connections: EarChange[] = [];
  const states: EarState[] = [];
  // A hundred jails on a log have as many here, most of them nothing: flatMap takes a tenth of all that such a chunk costs.
  for (const ear of ears) {
    for (const change of ear.takeChanges()) connections.push(change);
    for (const state of ear.states()) states.push(state);
  }
  return {
    source: chunk.source,
    place: chunk.place,
    lines: lengthOf(chunk),
    lastLineMs: chunk.sifted?.lastLineMs ?? chunk.lines.timesMs.at(-1) ?? Number.NaN,
    heard,
    connections,
    ears: states,
  };
}
