/**
 * Looks at the lines of a chunk before any expression is tried on them, in the thread that hears or ahead of it in the
 * one that reads. Takes chunks and who hears each route; gives what is worth trying on each line, or the chunk without
 * the lines on which nothing is.
 */
import { keptLines } from '../source/line-table.js';
import type { Lines, Look } from '../source/lines.js';
import type { Audience } from './audience.js';

/** Of more distinct looks than this none is handed over: whoever hears looks again. */
const MOST_LOOKS = 8192;
const NOTHING = -1;
const NOT_LOOKED = -2;

export class Sieve {
  /** The text of the chunk at hand, a byte a character. */
  #bytes = Buffer.alloc(0);
  readonly #looks: Look[] = [];
  readonly #numbers = new Map<Look, number>();

  /** Leaves out the lines in which no jail can find anything, but for the last one. */
  sift(chunk: Lines, audienceOf: (route: number) => Audience): Lines {
    const { lines } = chunk;
    const bytes = this.#bytesOf(lines.text);
    const passed: number[] = [];
    const kept: number[] = [];
    const found: number[] = [];
    for (let index = 0; index < lines.length; index += 1) {
      const route = lines.routes[index] ?? 0;
      const audience = audienceOf(route);
      const look = audience.look(bytes, lines.starts[index] ?? 0, lines.ends[index] ?? 0);
      const isNeeded = index === lines.length - 1 || audience.isOld(lines.timesMs[index] ?? Number.NaN);
      if (look === undefined && !isNeeded) {
        passed[route] = (passed[route] ?? 0) + 1;
      } else {
        kept.push(index);
        found.push(look === undefined ? NOTHING : this.#numberOf(look));
      }
    }
    const sifted = { passed, byLine: Int32Array.from(found), looks: this.#looks };
    return { ...chunk, lines: keptLines(lines, kept), sifted };
  }

  /** How to find what is worth trying on a line of the chunk. */
  lookAt({ lines, sifted }: Lines): (index: number, audience: Audience) => Look | undefined {
    const look = (index: number, audience: Audience): Look | undefined =>
      audience.look(this.#bytes, lines.starts[index] ?? 0, lines.ends[index] ?? 0);
    if (sifted === undefined || sifted.byLine.includes(NOT_LOOKED)) this.#bytesOf(lines.text);
    if (sifted === undefined) return look;
    const { byLine, looks } = sifted;
    return (index, audience) => {
      const number = byLine[index] ?? NOT_LOOKED;
      if (number >= 0) return looks[number];
      return number === NOTHING ? undefined : look(index, audience);
    };
  }

  #numberOf(look: Look): number {
    const known = this.#numbers.get(look);
    if (known !== undefined) return known;
    if (this.#looks.length >= MOST_LOOKS) return NOT_LOOKED;
    const number = this.#looks.push(look) - 1;
    this.#numbers.set(look, number);
    return number;
  }

  #bytesOf(text: string): Buffer {
    if (this.#bytes.length < text.length) this.#bytes = Buffer.allocUnsafeSlow(2 * text.length);
    this.#bytes.write(text, 'latin1');
    return this.#bytes;
  }
}
