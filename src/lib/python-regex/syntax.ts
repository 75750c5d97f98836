/**
 * The syntax tree of a Python regular expression, flags already worked in: case, dot and line anchors are resolved
 * while parsing, so that what follows needs no flags.
 * Gives types only.
 */
import type { CharacterSet } from './character-set.js';

export type AssertionKind =
  /** `\A`, and `^` outside MULTILINE. */
  | 'text-start'
  /** `\Z`. */
  | 'text-end'
  /** `$` outside MULTILINE: the end, or before a newline at the end. */
  | 'end'
  /** `^` in MULTILINE. */
  | 'line-start'
  /** `$` in MULTILINE. */
  | 'line-end'
  | 'word-edge'
  | 'not-word-edge'
  /** `\b` and `\B` under `(?a)`. */
  | 'ascii-word-edge'
  | 'not-ascii-word-edge';

export type RegexNode =
  | { readonly kind: 'character'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      /** Infinity where there is no limit. */
      readonly max: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly kind: 'group'; readonly index: number; readonly item: RegexNode }
  | { readonly kind: 'atomic'; readonly item: RegexNode }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly item: RegexNode }
  | { readonly kind: 'backreference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly kind: 'condition'; readonly group: number; readonly yes: RegexNode; readonly no: RegexNode }
  | { readonly kind: 'assertion'; readonly what: AssertionKind };

export interface RegexTree {
  readonly root: RegexNode;
  /** Python's group numbers by name. */
  readonly names: ReadonlyMap<string, number>;
  /** How many groups there are, named or not. */
  readonly groups: number;
}
