/**
 * What a filter says about one line, for `bailiff match` and for tests. Types only.
 */
import type { Match } from './match.js';

/**
 * failure, success: evidence. helper: recognised, no evidence. pending: a failure whose address is not known yet.
 * ignored: taken back by ignoreregex. invalid: what stands where the address should be is none.
 */
export type Outcome = Match['kind'] | 'pending' | 'ignored' | 'invalid';

/** Which expression decided, and what came of it. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly list: 'failregex' | 'successregex' | 'ignoreregex';
  /** Index in that list. */
  readonly expression: number;
  readonly data: Readonly<Record<string, string>>;
  readonly match: Match | undefined;
}

export interface LineVerdict {
  /** Whether any expression recognised the line. */
  readonly recognised: boolean;
  /** Whether prefregex matched; undefined where the filter has none. */
  readonly prefregex: boolean | undefined;
  readonly judgement: Judgement | undefined;
  readonly timeMs: number;
  readonly dated: boolean;
}

export interface FilterCounts {
  /** Lines over 8 KiB, matched as head and tail. */
  shortened: number;
  /** Matches whose address was none. */
  invalid: number;
  /** Matches without a date of their own. */
  undated: number;
}
