/**
 * Decides whether a match counts and when it is enough: Match → Ticket, by a sliding window over event times.
 * Takes the matches of one jail in order; gives for each what became of it. Memory is bounded (`maxcounted`). Does not ban.
 */
import { type Network, clientNetwork } from '../lib/address.js';
import type { Match } from '../filter/match.js';
import { type AttemptRules, Attempts, notAhead } from './attempts.js';
import { CountedIds } from './counted-ids.js';
import { AllowList, type Surroundings } from './allow-list.js';
import { groupsOf } from './failure-groups.js';
import { RecentAttempts } from './recent-attempts.js';
import type { FailureOptions } from './options.js';
import type { Failure, Ticket } from './ticket.js';

/** Lines kept per id beyond what maxretry needs: several kinds of line may tell of one attempt. */
const LINES_PER_ATTEMPT = 8;

export interface FailureSurroundings extends Surroundings {
  /** How much each failure of an id counts, because of earlier bans; undefined = once. */
  weightOf?(id: string): number;
  /** What was counted against an id before and led to nothing yet, oldest first: asked where it had to go in between. */
  earlierOf?(id: string, sinceMs: number, most: number): readonly Failure[];
}

export type Verdict =
  | {
      readonly kind: 'counted';
      readonly failure: Failure;
      readonly attempts: number;
      readonly ticket: Ticket | undefined;
    }
  | { readonly kind: 'ignored'; readonly reason: string };

export class FailureStage {
  readonly #jail: string;
  readonly #surroundings: FailureSurroundings;
  #options: FailureOptions;
  #allowList: AllowList;
  readonly #byId = new CountedIds<Attempts>();
  readonly #recent = new RecentAttempts();
  /** What Attempts go by: one for all of them. */
  #rules: AttemptRules;
  readonly #lineKinds = new Map<string, string>();
  #total = 0;

  constructor(jail: string, options: FailureOptions, surroundings: FailureSurroundings) {
    this.#jail = jail;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#allowList = new AllowList(options, surroundings);
    this.#rules = rulesOf(options);
  }

  /** Takes other options; what was counted stays, and counts by them from the next failure on. */
  reconfigure(options: FailureOptions): void {
    this.#options = options;
    this.#allowList = new AllowList(options, this.#surroundings);
    this.#rules = rulesOf(options);
  }

  /** Ids with failures within findtime of `nowMs`. */
  currentlyFailed(nowMs: number): number {
    const oldestMs = nowMs - this.#options.findtimeSeconds * 1000;
    let count = 0;
    for (const [, attempts] of this.#byId) if (attempts.newestMs >= oldestMs) count += 1;
    return count;
  }

  get totalFailed(): number {
    return this.#total;
  }

  get forgotten(): number {
    return this.#byId.forgotten;
  }

  /** Why an address is never charged in this jail; undefined = it may be. */
  allowedBecause(address: string): string | undefined {
    return this.#allowList.reasonFor(address);
  }

  /** Something of ignoreip that a network would cover; undefined = nothing. */
  allowedIn(network: Network): string | undefined {
    return this.#allowList.within(network);
  }

  /** Takes one match of kind failure, heard over `way` at `nowMs`. */
  take(match: Match, way: 'journal' | 'file' | 'ban', nowMs = Number.POSITIVE_INFINITY): Verdict {
    const failure = this.#failureOf(match, way, nowMs);
    if (failure === undefined) return { kind: 'ignored', reason: 'unresolved' };
    const reason = match.address === undefined ? undefined : this.#allowList.reasonFor(match.address);
    if (reason !== undefined) return { kind: 'ignored', reason };
    return this.#count(failure, nowMs);
  }

  /** Puts back a failure that the store kept; it was counted before and gives no ticket again. */
  restore(failure: Failure): void {
    // What is known of who had to go on the way is asked for when it comes back.
    if (this.#byId.mayHaveGone(failure.id)) return;
    this.#attemptsOf(failure.id).add(failure, this.#bound(), this.#rules);
  }

  /** Forgets what was counted against an id, e.g. because it was banned or let off. */
  forget(id: string): void {
    this.#byId.delete(id);
  }

  /** Drops the ids whose failures have all left findtime. */
  sweep(nowMs: number): void {
    const oldestMs = nowMs - this.#options.findtimeSeconds * 1000;
    for (const [id, attempts] of this.#byId) if (attempts.newestMs < oldestMs) this.#byId.delete(id);
  }

  #count(failure: Failure, nowMs: number): Verdict {
    this.#total += 1;
    const earlier = this.#earlierOf(failure);
    const window = this.#attemptsOf(failure.id);
    for (const each of earlier) window.add(each, this.#bound(), this.#rules);
    // What is known of somebody from before the clock was set back must not make all that follows too old to count.
    window.bringBack(failure, nowMs);
    const attempts = window.add(failure, this.#bound(), this.#rules);
    if (attempts * window.weight < this.#options.maxretry)
      return { kind: 'counted', failure, attempts, ticket: undefined };
    const failures = window.failuresOf(failure);
    this.#byId.delete(failure.id);
    const ticket: Ticket = {
      jail: this.#jail,
      id: failure.id,
      address: failure.address,
      failures: attempts,
      firstMs: Math.min(...failures.map((each) => each.timeMs)),
      lastMs: window.newestMs,
      evidence: this.#options.maxmatches > 0 ? failures.slice(-this.#options.maxmatches) : [],
      data: failures[0] && groupsOf(failures[0]),
    };
    return { kind: 'counted', failure, attempts, ticket };
  }

  #attemptsOf(id: string): Attempts {
    const attempts = this.#byId.get(id) ?? new Attempts(this.#surroundings.weightOf?.(id));
    this.#byId.put(id, attempts, this.#options.mostCounted);
    this.#recent.use(attempts);
    return attempts;
  }

  #earlierOf({ id, timeMs }: Failure): readonly Failure[] {
    if (!this.#byId.mayHaveGone(id)) return [];
    return this.#surroundings.earlierOf?.(id, timeMs - this.#rules.findtimeMs, this.#bound()) ?? [];
  }

  #bound(): number {
    return this.#options.maxretry * LINES_PER_ATTEMPT + LINES_PER_ATTEMPT;
  }

  #failureOf(match: Match, way: 'journal' | 'file' | 'ban', nowMs: number): Failure | undefined {
    const id = this.#idOf(match);
    if (id === undefined) return undefined;
    return {
      jail: this.#jail,
      id,
      address: match.address,
      user: match.user,
      timeMs: notAhead(match.timeMs, nowMs),
      attempts: match.attempts,
      spanSeconds: match.spanSeconds,
      lineKind: this.#lineKind(way, match.expression),
      connection: match.connection,
      text: match.text,
      ...(hasAny(match.data) && { data: match.data }),
    };
  }

  /** One text for all lines of a kind: there are hundreds of thousands of failures. */
  #lineKind(way: string, expression: number): string {
    const kind = `${way}:${expression}`;
    const known = this.#lineKinds.get(kind);
    if (known === undefined) this.#lineKinds.set(kind, kind);
    return known ?? kind;
  }

  /** Addresses are counted at the jail's width; an `<F-ID>` as it stands; a bare host name not at all. */
  #idOf(match: Match): string | undefined {
    if (match.address !== undefined && match.id === match.address) {
      return clientNetwork(match.address, this.#options.ipv6prefix);
    }
    if (match.hostName !== undefined) return undefined;
    return match.id;
  }
}

function rulesOf({ findtimeSeconds, sameattempt }: FailureOptions): AttemptRules {
  return { findtimeMs: findtimeSeconds * 1000, sameattempt };
}

function hasAny(data: Match['data']): boolean {
  for (const _ in data) return true;
  return false;
}
