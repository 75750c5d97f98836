/**
 * Makes V8 give up backtracking where an expression backtracks too often, and go on with its linear engine.
 * Importing this module does it, once per thread; it must be imported before the first expression is compiled.
 * Expressions with backreferences or lookaround cannot fall back and are not helped.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
