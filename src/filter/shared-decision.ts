/**
 * What the last line came to, for filters that share their prefregex: modes of a filter try mostly the same expressions,
 * and know the same of a connection as long as they have recognised the same of its lines.
 * Takes who decided, by what; gives the decision to who would come to the same.
 */
import type { Connection } from './connections.js';
import type { Decision } from './decision.js';
import type { Expression } from './expression.js';
import type { GroupNames } from './groups.js';

/** By what a line was decided. */
export interface DecidedBy {
  /** The line's. */
  readonly serial: number;
  readonly expression: Expression;
  readonly timeMs: number;
  readonly isRaw: boolean;
}

export class SharedDecision {
  #askers = 0;
  #serial = -1;
  #regex: RegExp | undefined;
  #index = -1;
  #timeMs = Number.NaN;
  #isRaw = false;
  /** The connection's, if the line named one. */
  key: string | undefined;
  before: Connection | undefined;
  after: Connection | undefined;
  decision: Decision | undefined;

  join(): this {
    this.#askers += 1;
    return this;
  }

  /** Whether there is a second filter. */
  get isAskedFor(): boolean {
    return this.#askers > 1;
  }

  /** Whether the last decision is that of a line by an expression. */
  isOf(serial: number, expression: Expression, timeMs: number, isRaw: boolean): boolean {
    return (
      serial === this.#serial &&
      // Expressions of one text and settings have one RegExp.
      expression.regex === this.#regex &&
      expression.index === this.#index &&
      timeMs === this.#timeMs &&
      isRaw === this.#isRaw
    );
  }

  note(
    { serial, expression, timeMs, isRaw }: DecidedBy,
    key: string | undefined,
    before: Connection | undefined,
    after: Connection | undefined,
    decision: Decision,
  ): void {
    this.#serial = serial;
    this.#regex = expression.regex;
    this.#index = expression.index;
    this.#timeMs = timeMs;
    this.#isRaw = isRaw;
    this.key = key;
    this.before = before;
    this.after = after;
    this.decision = decision;
  }
}

const known = new WeakMap<GroupNames, SharedDecision>();

/** One and the same for filters whose groups have the same numbers. */
export function sharedDecision(names: GroupNames): SharedDecision {
  const shared = known.get(names) ?? new SharedDecision();
  known.set(names, shared);
  return shared.join();
}
