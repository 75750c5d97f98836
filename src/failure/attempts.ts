/**
 * Counts attempts, not lines: one failed sign-in often writes several lines, in one log or in two.
 * Takes failures of one id in any order; gives the number of attempts within findtime of the newest.
 * Lines of one connection (without one: of one user within 5 s) count as the largest number that any
 * one kind of line claims (`sameattempt`). Does not know who is asking.
 */
import type { Failure } from './ticket.js';

/** Lines of one user without a connection id belong together when they are this close. */
const SAME_ATTEMPT_MS = 5_000;

interface Counted {
  readonly failure: Failure;
  group: number;
}

export class Attempts {
  #findtimeMs: number;
  #sameattempt: boolean;
  #counted: Counted[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;
  #groups = 0;
  /** How much each attempt counts, because of earlier bans; it is not part of what `add` gives. */
  readonly weight: number;

  constructor(findtimeMs: number, sameattempt: boolean, weight = 1) {
    this.weight = weight;
    this.#findtimeMs = findtimeMs;
    this.#sameattempt = sameattempt;
  }

  /** Counts by other options from the next failure on. */
  reconfigure(findtimeMs: number, sameattempt: boolean): void {
    this.#findtimeMs = findtimeMs;
    this.#sameattempt = sameattempt;
  }

  get newestMs(): number {
    return this.#newestMs;
  }

  /** The failures that count now, oldest first. */
  get failures(): readonly Failure[] {
    return this.#counted.map((counted) => counted.failure);
  }

  /** Adds one failure and gives the attempts now within findtime; keeps the newest `bound` lines at most. */
  add(failure: Failure, bound: number): number {
    const group = this.#groupOf(failure);
    this.#counted.push({ failure, group });
    this.#newestMs = Math.max(this.#newestMs, failure.timeMs);
    const oldestMs = this.#newestMs - this.#findtimeMs;
    const stale = this.#counted.some((counted) => counted.failure.timeMs < oldestMs);
    if (stale) this.#counted = this.#counted.filter((counted) => counted.failure.timeMs >= oldestMs);
    if (this.#counted.length > bound) this.#counted.shift();
    return this.#count();
  }

  /** The group of the newest line that belongs with it; a line that spans several groups makes them one. */
  #groupOf(failure: Failure): number {
    const kin = this.#counted.filter((counted) => belongTogether(counted.failure, failure));
    const group = kin.at(-1)?.group;
    if (group === undefined) {
      this.#groups += 1;
      return this.#groups;
    }
    if (failure.spanSeconds > 0) {
      const joined = new Set(kin.map((counted) => counted.group));
      for (const counted of this.#counted) if (joined.has(counted.group)) counted.group = group;
    }
    return group;
  }

  #count(): number {
    if (!this.#sameattempt) return this.#counted.length;
    const byGroup = new Map<number, Map<string, number>>();
    for (const { failure, group } of this.#counted) {
      const kinds = byGroup.get(group) ?? new Map<string, number>();
      kinds.set(failure.lineKind, (kinds.get(failure.lineKind) ?? 0) + failure.attempts);
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
