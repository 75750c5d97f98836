/**
 * Makes V8 give up backtracking where an expression backtracks too often, and go on with its linear engine.
 * For the whole process; expressions with backreferences or lookaround cannot fall back and are not helped.
 */
import { setFlagsFromString } from 'node:v8';

/** Must be called before the first expression is tried. */
export function enableLinearFallback(): void {
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}

/**
 * Makes V8 compile an expression to machine code now: it does so at the second text, and interprets the first, which
 * takes ten times as long and may be hostile. Not by `--no-regexp-tier-up`: set while the process runs, that flag
 * crashes every expression that had matched one text before (V8 11.3).
 */
export function compileNow(regex: RegExp): void {
  for (let time = 0; time < 2; time += 1) {
    regex.lastIndex = 0;
    regex.exec(' ');
  }
  regex.lastIndex = 0;
}
