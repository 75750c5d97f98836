/**
 * Makes V8 give up backtracking where an expression backtracks too often, and go on with its linear engine.
 * For the whole process; expressions with backreferences or lookaround cannot fall back and are not helped.
 */
import { setFlagsFromString } from 'node:v8';

/** Must be called before the first expression is tried. */
export function enableLinearFallback(): void {
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  // Else the first text is matched by an interpreter, ten times slower, and a hostile text may be the first.
  setFlagsFromString('--no-regexp-tier-up');
}
