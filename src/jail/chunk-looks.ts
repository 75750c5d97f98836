/**
 * What is worth trying on each line of a chunk: as its reader found it, or by a look at the line now.
 * Takes chunks; gives looks by the index of a line. Puts the text of the chunk at hand into the room.
 */
import type { ScanRoom } from '../filter/scan-room.js';
import { NOT_LOOKED } from '../source/line-sieve.js';
import type { TextTable } from '../source/line-table.js';
import type { Lines, Look } from '../source/lines.js';
import type { Audience } from './audience.js';
import { LineAtHand } from './line-at-hand.js';
import type { LineTrail } from './line-trail.js';

/** No text of the chunk at hand is in the room. */
const NOT_KEPT = -1;

export class ChunkLooks {
  readonly #room: ScanRoom;
  #base = NOT_KEPT;

  constructor(room: ScanRoom) {
    this.#room = room;
  }

  /** The lines of the chunk of the last `at`, one after the other; `trail`: those before. */
  linesOf(table: TextTable, trail: LineTrail): LineAtHand {
    // The room has the low byte of a character that takes more than one.
    const isWhole = this.#base >= 0 && !/[^\0-\xff]/.test(table.text);
    return new LineAtHand(table, isWhole ? this.#room : undefined, this.#base, trail);
  }

  /** Good until the next chunk. */
  at({ lines, sifted }: Lines): (index: number, audience: Audience) => Look | undefined {
    const base = this.#room.keep(lines.text);
    this.#base = base;
    const look = (index: number, audience: Audience): Look | undefined =>
      audience.look(base + (lines.starts[index] ?? 0), base + (lines.ends[index] ?? 0));
    if (sifted === undefined) return look;
    const { byLine, looks } = sifted;
    return (index, audience) => {
      const number = byLine[index] ?? NOT_LOOKED;
      if (number >= 0) return looks[number];
      return number === NOT_LOOKED ? look(index, audience) : undefined;
    };
  }
}
