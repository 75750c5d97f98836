/**
 * What is worth trying on each line of a chunk: as its reader found it, or by a look at the line now.
 * Takes chunks; gives looks by the index of a line. Holds the bytes of one chunk.
 */
import { NOT_LOOKED } from '../source/line-sieve.js';
import type { Lines, Look } from '../source/lines.js';
import type { Audience } from './audience.js';

export class ChunkLooks {
  /** The text of the chunk at hand, a byte a character. */
  #bytes = Buffer.alloc(0);

  /** Good until the next chunk. */
  at({ lines, sifted }: Lines): (index: number, audience: Audience) => Look | undefined {
    const look = (index: number, audience: Audience): Look | undefined =>
      audience.look(this.#bytes, lines.starts[index] ?? 0, lines.ends[index] ?? 0);
    if (sifted === undefined || sifted.byLine.includes(NOT_LOOKED)) this.#keep(lines.text);
    if (sifted === undefined) return look;
    const { byLine, looks } = sifted;
    return (index, audience) => {
      const number = byLine[index] ?? NOT_LOOKED;
      if (number >= 0) return looks[number];
      return number === NOT_LOOKED ? look(index, audience) : undefined;
    };
  }

  #keep(text: string): void {
    if (this.#bytes.length < text.length) this.#bytes = Buffer.allocUnsafeSlow(2 * text.length);
    this.#bytes.write(text, 'latin1');
  }
}
