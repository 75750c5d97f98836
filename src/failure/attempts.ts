/**
 * Counts attempts, not lines: one failed sign-in often writes several lines, in one log or in two.
 * Takes failures of one id in any order; gives the number of attempts within findtime of the newest.
 * Lines of one connection (without one: of one user within 5 s) count as the largest number that any
 * one kind of line claims (`sameattempt`). Does not know who is asking.
 */
import { type FailureWindow, packed, unpacked, type Whose } from './packed-failures.js';
import type { Failure } from './ticket.js';

/** Lines of one user without a connection id belong together when they are this close. */
const SAME_ATTEMPT_MS = 5_000;

/** So far ahead is a clock that is not quite the same; what is further has another clock, or had. */
const AHEAD_MS = 60_000;

/** A time that lies ahead is taken for now (as Fail2Ban does with lines). */
export function notAhead(timeMs: number, nowMs: number): number {
  return timeMs > nowMs + AHEAD_MS ? nowMs : timeMs;
}

export interface AttemptRules {
  readonly findtimeMs: number;
  readonly sameattempt: boolean;
}

/** So many failures are kept as one text: more are unlikely to be of a flood. */
const FEW = 4;
const NONE: FailureWindow = { failures: [], groups: [] };

/** Kept for each of many ids, most of which fail once. */
export class Attempts {
  #kept: FailureWindow | string = NONE;
  #size = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** See `RecentAttempts`. */
  isRecent = false;
  /** How much each attempt counts, because of earlier bans; it is not part of what `add` gives. */
  readonly weight: number;

  constructor(weight = 1) {
    this.weight = weight;
  }

  get newestMs(): number {
    return this.#newestMs;
  }

  get size(): number {
    return this.#size;
  }

  /** The failures that count now, oldest first. */
  failuresOf(whose: Whose): readonly Failure[] {
    return this.#windowOf(whose).failures;
  }

  /** Adds one failure and gives the attempts now within findtime; keeps the newest `bound` lines at most. */
  add(failure: Failure, bound: number, { findtimeMs, sameattempt }: AttemptRules): number {
    this.#newestMs = Math.max(this.#newestMs, failure.timeMs);
    const all = withFailure(this.#windowOf(failure), failure);
    const window = newestOf(within(all, this.#newestMs - findtimeMs), bound);
    this.#keep(window);
    return sameattempt ? attemptsIn(window) : this.#size;
  }

  /** Failures that lie ahead of `nowMs`, because the clock was set back since, happened now. */
  bringBack(whose: Whose, nowMs: number): void {
    if (notAhead(this.#newestMs, nowMs) === this.#newestMs) return;
    const { failures, groups } = this.#windowOf(whose);
    this.#keep({
      failures: failures.map((each) => ({ ...each, timeMs: notAhead(each.timeMs, nowMs) })),
      groups,
    });
    this.#newestMs = Math.max(...failures.map(({ timeMs }) => notAhead(timeMs, nowMs)));
  }

  /** Keeps what there is in less memory, if it is little: nothing is likely to come for some time. */
  pack(): void {
    this.isRecent = false;
    if (typeof this.#kept !== 'string' && this.#size <= FEW) this.#kept = packed(this.#kept);
  }

  #keep(window: FailureWindow): void {
    this.#size = window.failures.length;
    this.#kept = window;
  }

  #windowOf(whose: Whose): FailureWindow {
    return typeof this.#kept === 'string' ? unpacked(this.#kept, whose) : this.#kept;
  }
}

/** It joins the group of the newest line that belongs with it; a line that spans several groups makes them one. */
function withFailure({ failures, groups }: FailureWindow, failure: Failure): FailureWindow {
  const grown = [...failures, failure];
  const kin = groups.filter((_, index) => {
    const earlier = failures[index];
    return earlier !== undefined && belongTogether(earlier, failure);
  });
  const group = kin.at(-1);
  if (group === undefined) return { failures: grown, groups: [...groups, Math.max(0, ...groups) + 1] };
  if (failure.spanSeconds === 0) return { failures: grown, groups: [...groups, group] };
  const joined = new Set(kin);
  return { failures: grown, groups: [...groups.map((each) => (joined.has(each) ? group : each)), group] };
}

function within(window: FailureWindow, oldestMs: number): FailureWindow {
  const { failures, groups } = window;
  if (failures.every(({ timeMs }) => timeMs >= oldestMs)) return window;
  return {
    failures: failures.filter(({ timeMs }) => timeMs >= oldestMs),
    groups: groups.filter((_, index) => (failures[index]?.timeMs ?? 0) >= oldestMs),
  };
}

/** One comes at a time. */
function newestOf(window: FailureWindow, bound: number): FailureWindow {
  const { failures, groups } = window;
  return failures.length <= bound ? window : { failures: failures.slice(1), groups: groups.slice(1) };
}

function attemptsIn({ failures, groups }: FailureWindow): number {
  if (failures.length === 1) return failures[0]?.attempts ?? 0;
  const byGroup = new Map<number, Map<string, number>>();
  for (const [index, { lineKind, attempts }] of failures.entries()) {
    const group = groups[index] ?? 0;
    const kinds = byGroup.get(group) ?? new Map<string, number>();
    kinds.set(lineKind, (kinds.get(lineKind) ?? 0) + attempts);
    byGroup.set(group, kinds);
  }
  let total = 0;
  for (const kinds of byGroup.values()) total += Math.max(...kinds.values());
  return total;
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
