/**
 * What is worth trying on each line of a chunk: as its reader found it, or by a look at the line now.
 * Takes chunks; gives looks by the index of a line. Puts the text of the chunk at hand into the room.
 */
import type { ScanRoom } from '../filter/scan-room.js';
import { NOT_LOOKED } from '../source/line-sieve.js';
import type { Lines, Look } from '../source/lines.js';
import type { Audience } from './audience.js';

export class ChunkLooks {
  readonly #room: ScanRoom;

  constructor(room: ScanRoom) {
    this.#room = room;
  }

  /** Good until the next chunk. */
  at({ lines, sifted }: Lines): (index: number, audience: Audience) => Look | undefined {
    const isLookedAt = sifted !== undefined && !sifted.byLine.includes(NOT_LOOKED);
    const base = isLookedAt ? 0 : this.#room.keep(lines.text);
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
