/**
 * Hearing with caution: in jails whose expressions have run away, each search is given up after a few milliseconds
 * instead of by the end of the worker. Takes the jails; gives what was given up, and what it cost. Does not hear.
 */
import { LimitedRegExp } from '../lib/limited-regexp.js';
import { TimeLimit } from '../lib/time-limit.js';

/** What a try of a search may take; nearly all take a thousandth of it. With 2 ms a busy machine gave up sound lines. */
const LIMIT_MS = 3;

/** Lines of a jail that one expression did not end on, since this was last told. */
export interface GivenUp {
  readonly jail: string;
  /** Index of the expression, as the filter counts them. */
  readonly expression: number;
  readonly lines: number;
}

export class Caution {
  readonly #jails: ReadonlySet<string>;
  readonly #standing: Int32Array;
  readonly #limit = new TimeLimit(LIMIT_MS);
  #givenUp: GivenUp[] = [];

  /** `standing`: the slot that filters write the index of the expression to, before they try it. */
  constructor(jails: Iterable<string>, standing: Int32Array) {
    this.#jails = new Set(jails);
    this.#standing = standing;
  }

  isFor(jail: string): boolean {
    return this.#jails.has(jail);
  }

  limit(regex: RegExp): RegExp {
    return new LimitedRegExp(regex, this.#limit);
  }

  /** A line was given up at the expression that was being tried; none is any more. */
  gaveUp(jail: string): void {
    const expression = this.#standing[0] ?? -1;
    this.#standing[0] = -1;
    const known = this.#givenUp.findIndex((up) => up.jail === jail && up.expression === expression);
    const lines = (this.#givenUp[known]?.lines ?? 0) + 1;
    this.#givenUp.splice(known < 0 ? this.#givenUp.length : known, 1, { jail, expression, lines });
  }

  /** What was given up since this was last asked, and the milliseconds that it took. */
  take(): { readonly givenUp: readonly GivenUp[]; readonly spentMs: number } {
    const givenUp = this.#givenUp;
    if (givenUp.length > 0) this.#givenUp = [];
    return { givenUp, spentMs: this.#limit.takeSpentMs() };
  }
}
