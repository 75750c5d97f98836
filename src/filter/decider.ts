/**
 * What a line that an expression recognised comes to: evidence against or for whom, or nothing yet. Takes the expression,
 * its groups and the text; gives a Decision. Remembers connections; a filter that tries the same expressions on the same
 * lines may have come to it already (see shared-decision.ts). Does not match, and knows nothing of counting or banning.
 */
import { type Connection, Connections } from './connections.js';
import { type Decision, decision, kindOf } from './decision.js';
import { claimOf, claimOfConnection, type LineClaim, matchOf } from './evidence.js';
import type { Expression } from './expression.js';
import { GROUP, type GroupNames, type Groups } from './groups.js';
import { identify } from './identity.js';
import type { Match } from './match.js';
import { type SharedDecision, sharedDecision } from './shared-decision.js';
import type { FilterCounts } from './verdict.js';

/** An expression that matched. */
export interface Recognised {
  readonly expression: Expression;
  readonly groups: Groups;
}

export interface DeciderSettings {
  /** What stands where an address should be is taken as it is. */
  readonly isRaw: boolean;
  /** Whether somebody asks what changed of connections. */
  readonly tellsChanges: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class Decider {
  readonly connections: Connections;
  readonly #names: GroupNames;
  readonly #counts: FilterCounts;
  readonly #isRaw: boolean;
  readonly #now: () => number;
  readonly #shared: SharedDecision;
  /** Of the last line: what its connection was before it, and what it is now. */
  #before: Connection | undefined;
  #after: Connection | undefined;

  constructor(names: GroupNames, counts: FilterCounts, { isRaw, tellsChanges, now }: DeciderSettings) {
    this.connections = new Connections(names, tellsChanges);
    this.#names = names;
    this.#counts = counts;
    this.#isRaw = isRaw;
    this.#now = now;
    this.#shared = sharedDecision(names);
  }

  /** What another filter has made of the line; undefined: none has, or this one may come to something else. */
  recall(serial: number, expression: Expression, timeMs: number): Decision | undefined {
    const shared = this.#shared;
    if (!shared.isOf(serial, expression, timeMs, this.#isRaw)) return undefined;
    const { key, before, after } = shared;
    if (key !== undefined && !this.connections.follow(key, before, after)) return undefined;
    expression.hits += 1;
    return shared.decision;
  }

  /** The same as `decide`, for other filters too. `serial`: the line's; it brought its time. */
  decideOnce(serial: number, hit: Recognised, text: string, timeMs: number): Decision {
    const decided = this.decide(hit, text, timeMs, true);
    const { expression, groups } = hit;
    if (!this.#shared.isAskedFor || expression.list !== 'failregex' || decided.outcome === 'invalid')
      return decided;
    const of = { serial, expression, timeMs, isRaw: this.#isRaw };
    this.#shared.note(of, groups[GROUP.mlfid], this.#before, this.#after, decided);
    return decided;
  }

  /** `dated`: the line brought its time. */
  decide({ expression, groups }: Recognised, text: string, timeMs: number, dated: boolean): Decision {
    const { list, index } = expression;
    if (list === 'prefregex') throw new RangeError('prefregex decides nothing');
    if (list === 'ignoreregex') return decision('ignored', list, index, groups, undefined);
    if (!dated) this.#counts.undated += 1;
    const line = claimOf(list, index, text, groups);
    const mlfid = groups[GROUP.mlfid];
    if (list === 'successregex') {
      if (mlfid !== undefined && (groups[GROUP.mlfforget] ?? '') !== '') this.connections.forget(mlfid);
      return this.#name('success', line, groups, timeMs);
    }
    if (mlfid === undefined) return this.#name(kindOf(groups), line, groups, timeMs);
    return this.#decideConnection(mlfid, line, groups, timeMs);
  }

  #decideConnection(mlfid: string, line: LineClaim, groups: Groups, timeMs: number): Decision {
    const merged = this.connections.merge(mlfid, groups, line.text, this.#now());
    const { before, place } = merged;
    this.#before = before;
    this.#after = place?.value;
    if (merged.gained) return this.#name('success', line, merged.groups, timeMs);
    if (merged.helper) return this.#name('helper', line, merged.groups, timeMs);
    const failing = claimOfConnection(merged.pending ?? line, merged.text, merged.users);
    const judged = this.#name('failure', failing, merged.groups, timeMs);
    if (judged.outcome === 'pending') this.#after = this.connections.wait(mlfid, merged, failing);
    return judged;
  }

  #name(kind: Match['kind'], line: LineClaim, groups: Readonly<Groups>, timeMs: number): Decision {
    const { list, expression } = line;
    if (kind === 'helper') return decision('helper', list, expression, groups, undefined);
    const identity = identify(groups, this.#isRaw);
    if (identity === undefined) {
      return decision(kind === 'failure' ? 'pending' : 'helper', list, expression, groups, undefined);
    }
    if (identity === 'invalid') {
      this.#counts.invalid += 1;
      return decision('invalid', list, expression, groups, undefined);
    }
    const { all } = this.#names;
    return decision(kind, list, expression, groups, matchOf(kind, line, groups, all, identity, timeMs));
  }
}
