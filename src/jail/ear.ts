/**
 * A jail's ear on one way (journal or files): the filter, and what it has heard so far. Equal jails share one.
 * Takes lines that are routed to it; gives matches that are not older than the jail looks back.
 * Does not decide which lines are its own.
 */
import type { Candidates } from '../filter/candidates.js';
import type { Filter } from '../filter/filter.js';
import type { Match } from '../filter/match.js';
import type { HeardLine, Surroundings } from '../filter/surroundings.js';
import { earName, type EarState, type Heard, type Way } from './batch.js';
import type { EarChange } from './kept-connections.js';

const MOST_OFF_MS = 60_000;

/** A jail that an ear hears for. */
export interface Listener {
  readonly jail: string;
  /** Its index among all jails. */
  readonly index: number;
  /** Lines and matches older than this are skipped, milliseconds since the epoch. */
  readonly sinceMs: number;
}

export interface EarOptions {
  readonly listener: Listener;
  readonly way: Way;
  readonly filter: Filter;
  /** Added to the time of every match (a rehearsal plays its recording as if it ended now). */
  readonly shiftMs: number;
}

export class Ear {
  /** At least one. */
  readonly listeners: (Listener & { skipped: number })[];
  /** The index of the first jail, for who watches the worker. */
  readonly index: number;
  readonly way: Way;
  readonly filter: Filter;
  /** The earliest of its jails'. */
  sinceMs: number;
  readonly #shiftMs: number;
  #lines = 0;
  #recognised = 0;
  #lastHeardMs = 0;
  #oddMs: number | undefined;
  readonly #found: Match[] = [];

  constructor(options: EarOptions) {
    this.listeners = [{ ...options.listener, skipped: 0 }];
    this.index = options.listener.index;
    this.way = options.way;
    this.filter = options.filter;
    this.sinceMs = options.listener.sinceMs;
    this.#shiftMs = options.shiftMs;
  }

  /** Hears for another jail too; before the first line. */
  join(listener: Listener): void {
    this.listeners.push({ ...listener, skipped: 0 });
    this.sinceMs = Math.min(this.sinceMs, listener.sinceMs);
  }

  /** Nothing is too old any more, for none of its jails. */
  hearAll(): void {
    this.sinceMs = Number.NEGATIVE_INFINITY;
    for (const [at, listener] of this.listeners.entries())
      this.listeners[at] = { ...listener, sinceMs: Number.NEGATIVE_INFINITY };
  }

  /** Goes on for one of `other`'s jails, with its own filter. */
  goOn(other: Ear, listener: Listener & { skipped: number }): void {
    this.listeners.splice(0, Infinity, { ...listener });
    this.#lines = other.#lines;
    this.#recognised = other.#recognised;
    this.#lastHeardMs = other.#lastHeardMs;
    this.filter.restore(other.filter.connections);
  }

  hearsFor(jail: string): boolean {
    return this.listeners.some((listener) => listener.jail === jail);
  }

  get recognised(): number {
    return this.#recognised;
  }

  /** Counts lines that were for this ear, whether it had to be asked about them or not. */
  countLines(lines: number): void {
    this.#lines += lines;
  }

  /** Counts a line that is older than the jail looks back. */
  countSkipped(): void {
    for (const listener of this.listeners) listener.skipped += 1;
  }

  /**
   * Hears one line that `candidates` may match, and adds what it found to `heard`. `liveMs`: the line was written just
   * now; a stamp that is off by more than a minute then is a clock or a zone that is wrong, and the line counts as now.
   */
  hear(
    line: HeardLine,
    heard: Heard[],
    candidates: Candidates,
    around: Surroundings | undefined,
    liveMs?: number,
  ): void {
    if (!this.filter.hear(line, this.#found, candidates, around)) return;
    this.#recognised += 1;
    if (line.timeMs > this.#lastHeardMs) this.#lastHeardMs = line.timeMs;
    if (this.#found.length === 0) return;
    // A line proves one thing at most; and setting the length of an array is a call into V8's runtime.
    for (let found = this.#found.pop(); found !== undefined; found = this.#found.pop()) {
      const match = liveMs === undefined ? found : this.#corrected(found, liveMs);
      if (match.timeMs > this.#lastHeardMs) this.#lastHeardMs = match.timeMs;
      const shifted = this.#shifted(match);
      for (const listener of this.listeners) {
        if (match.timeMs < listener.sinceMs) listener.skipped += 1;
        else heard.push({ jail: listener.jail, way: this.way, match: shifted });
      }
    }
  }

  /** What changed of each jail's connections since last asked. */
  takeChanges(): readonly EarChange[] {
    const changes = this.filter.takeChanges();
    return changes.length === 0 ? [] : this.listeners.map(({ jail }) => [earName(jail, this.way), changes]);
  }

  #corrected(match: Match, nowMs: number): Match {
    const offMs = match.timeMs - nowMs;
    if (Math.abs(offMs) <= MOST_OFF_MS) return match;
    this.#oddMs = offMs;
    return { ...match, timeMs: nowMs };
  }

  /** By how much the last stamp was off that was corrected since it was last asked for; undefined: none was. */
  takeOddMs(): number | undefined {
    const oddMs = this.#oddMs;
    this.#oddMs = undefined;
    return oddMs;
  }

  #shifted(match: Match): Match {
    return this.#shiftMs === 0 ? match : { ...match, timeMs: match.timeMs + this.#shiftMs };
  }

  states(): readonly EarState[] {
    return this.listeners.map(({ jail, skipped }) => ({
      jail,
      way: this.way,
      lines: this.#lines,
      recognised: this.#recognised,
      skipped,
      lastHeardMs: this.#lastHeardMs === 0 ? 0 : this.#lastHeardMs + this.#shiftMs,
    }));
  }
}
