/**
 * Tells a reader which lines of a journal are worth keeping, and what is worth trying on them. Takes who hears each route;
 * gives the number of a line's look. Runs in the thread that reads, ahead of the one that hears.
 */
import type { ScanRoom } from '../filter/scan-room.js';
import { LEFT_OUT, type LineSieve, NOT_LOOKED, NOTHING } from '../source/line-sieve.js';
import type { Look } from '../source/lines.js';
import type { Audience } from './audience.js';

/** Of more distinct looks than this none is handed over: whoever hears looks again. */
const MOST_LOOKS = 8192;

export class JournalSieve implements LineSieve {
  readonly looks: Look[] = [];
  readonly #numbers = new Map<Look, number>();
  readonly #audienceOf: (route: number) => Audience;

  readonly #room: ScanRoom;
  #base = 0;

  constructor(audienceOf: (route: number) => Audience, room: ScanRoom) {
    this.#audienceOf = audienceOf;
    this.#room = room;
  }

  hears(route: number): boolean {
    return this.#audienceOf(route).ears.length > 0;
  }

  begin(text: string | Uint8Array): void {
    this.#base = this.#room.keep(text);
  }

  look(start: number, end: number, timeMs: number, route: number): number {
    const audience = this.#audienceOf(route);
    const look = audience.look(this.#base + start, this.#base + end);
    if (look !== undefined) return this.#numberOf(look);
    return audience.isOld(timeMs) ? NOTHING : LEFT_OUT;
  }

  #numberOf(look: Look): number {
    const known = this.#numbers.get(look);
    if (known !== undefined) return known;
    if (this.looks.length >= MOST_LOOKS) return NOT_LOOKED;
    const number = this.looks.push(look) - 1;
    this.#numbers.set(look, number);
    return number;
  }
}
