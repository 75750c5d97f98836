/**
 * What the lint worker is given and what it says. Plain data.
 */
import type { AddressChoice } from './address-choice.js';
import type { LintSubject } from './linted-expression.js';
import type { RunawayLine } from './runaway-lines.js';

export interface ExpressionFindings {
  /** A line by which a client chooses the address. */
  readonly choice: AddressChoice | undefined;
  /** Named groups that can never match. */
  readonly deadGroups: readonly string[];
  /** Nothing matches the expression. */
  readonly dead: boolean;
}

export interface LintStart {
  readonly subjects: readonly LintSubject[];
  /** Which subject to begin with. */
  readonly from: number;
}

export type FromLint =
  /** What was found without running away. */
  | { readonly kind: 'found'; readonly index: number; readonly findings: ExpressionFindings }
  /** Is going to try a line; whoever hears nothing more knows which. */
  | { readonly kind: 'trying'; readonly index: number; readonly line: RunawayLine | undefined }
  | { readonly kind: 'ended' };
