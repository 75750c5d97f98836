/**
 * Counts attempts, not lines: one failed sign-in often writes several lines, in one log or in two.
 * Takes failures of one id in any order; gives the number of attempts within findtime of the newest.
 * Lines of one connection (without one: of one user within 5 s) count as the largest number that any
 * one kind of line claims (`sameattempt`). Does not know who is asking.
 */
import type { Failure } from './ticket.js';

/** Lines of one user without a connection id belong together when they are this close. */
const SAME_ATTEMPT_MS = 5_000;

export interface AttemptRules {
  readonly findtimeMs: number;
  readonly sameattempt: boolean;
}

const NO_FAILURES: readonly Failure[] = [];
const NO_GROUPS: readonly number[] = [];
const FIRST_GROUP: readonly number[] = [1];

/** Kept for each of many ids, most of which fail once: what is grown has room for 16 more, what is written out has none. */
export class Attempts {
  #failures = NO_FAILURES;
  /** Of each failure, which attempt it belongs to. */
  #groups = NO_GROUPS;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** How much each attempt counts, because of earlier bans; it is not part of what `add` gives. */
  readonly weight: number;

  constructor(weight = 1) {
    this.weight = weight;
  }

  get newestMs(): number {
    return this.#newestMs;
  }

  get size(): number {
    return this.#failures.length;
  }

  /** The failures that count now, oldest first. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /** Adds one failure and gives the attempts now within findtime; keeps the newest `bound` lines at most. */
  add(failure: Failure, bound: number, { findtimeMs, sameattempt }: AttemptRules): number {
    this.#groups = this.#groupsWith(failure);
    this.#failures = this.#failures === NO_FAILURES ? [failure] : [...this.#failures, failure];
    this.#newestMs = Math.max(this.#newestMs, failure.timeMs);
    const oldestMs = this.#newestMs - findtimeMs;
    if (this.#failures.some(({ timeMs }) => timeMs < oldestMs)) {
      const failures = this.#failures;
      this.#groups = this.#groups.filter((_, index) => (failures[index]?.timeMs ?? 0) >= oldestMs);
      this.#failures = failures.filter(({ timeMs }) => timeMs >= oldestMs);
    }
    if (this.#failures.length > bound) {
      this.#groups = this.#groups.slice(1);
      this.#failures = this.#failures.slice(1);
    }
    return sameattempt ? this.#count() : this.#failures.length;
  }

  /** The group of the newest line that belongs with it; a line that spans several groups makes them one. */
  #groupsWith(failure: Failure): readonly number[] {
    const groups = this.#groups;
    if (groups === NO_GROUPS) return FIRST_GROUP;
    const kin = groups.filter((_, index) => {
      const earlier = this.#failures[index];
      return earlier !== undefined && belongTogether(earlier, failure);
    });
    const group = kin.at(-1);
    if (group === undefined) return [...groups, Math.max(0, ...groups) + 1];
    if (failure.spanSeconds === 0) return [...groups, group];
    const joined = new Set(kin);
    return [...groups.map((each) => (joined.has(each) ? group : each)), group];
  }

  #count(): number {
    if (this.#failures.length === 1) return this.#failures[0]?.attempts ?? 0;
    const byGroup = new Map<number, Map<string, number>>();
    for (const [index, { lineKind, attempts }] of this.#failures.entries()) {
      const group = this.#groups[index] ?? 0;
      const kinds = byGroup.get(group) ?? new Map<string, number>();
      kinds.set(lineKind, (kinds.get(lineKind) ?? 0) + attempts);
      byGroup.set(group, kinds);
    }
    let total = 0;
    for (const kinds of byGroup.values()) total += Math.max(...kinds.values());
    return total;
  }
}

function belongTogether(earlier: Failure, later: Failure): boolean {
  if (earlier.connection !== undefined && later.connection !== undefined)
    return earlier.connection === later.connection && earlier.address === later.address;
  if (earlier.user !== later.user) return false;
  // Two lines that name nobody are one attempt only if one of them came over the other way.
  if (earlier.user === undefined && wayOf(earlier) === wayOf(later)) return false;
  const reachMs = SAME_ATTEMPT_MS + 1000 * Math.max(earlier.spanSeconds, later.spanSeconds);
  return Math.abs(later.timeMs - earlier.timeMs) <= reachMs;
}

function wayOf(failure: Failure): string {
  return failure.lineKind.slice(0, failure.lineKind.indexOf(':'));
}
