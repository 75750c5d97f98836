/**
 * A part of an expression together with all that follows it, as it is written into a function: what every file here
 * speaks of. Local 0 is the position. A step is written as the end of a function, which returns 0 where there is no
 * match, else one more than where the match ends. Behind the text stand two newlines, of which the first belongs to it.
 */
import { type CharacterSet, union } from '../python-regex/character-set.js';
import { type Code, OP } from './wasm-code.js';

export const POSITION = 0;
export const NEWLINE = 0xa;

/**
 * Globals of the module. `base`: where the room has its block, given to the module. `end`: behind the newline that Python
 * sees at the end of the text.
 */
export const GLOBAL = { base: 0, start: 1, end: 2, fuel: 3 } as const;
/** Of these, the module has its own. */
export const OWN_GLOBALS = 3;

export interface Step {
  /** What must come next; undefined: nothing need come, or it is not known. */
  readonly first: CharacterSet | undefined;
  /** Characters that must come next, without the newline. */
  readonly literal: readonly number[];
  /** Writes it as the end of a function. */
  write(code: Code): void;
}

/** Thrown for what cannot be written; somebody else has to match it. */
export class NotWritten extends Error {}

/** The end of an expression, or of a part that is matched for itself. */
export const FOUND: Step = {
  first: undefined,
  literal: [],
  write: (code) => code.get(POSITION).const(1).op(OP.add, OP.return),
};

/** Matches nothing. */
export const NEVER: Step = { first: [], literal: [], write: (code) => void code.fail() };

/** What must come next for one of the steps. */
export function unionOf(steps: readonly Step[]): CharacterSet | undefined {
  const firsts = steps.flatMap(({ first }) => (first === undefined ? [] : [first]));
  return firsts.length === steps.length ? union(firsts) : undefined;
}

/** Takes what `amount` puts on the stack from the fuel that is left. */
export function spend(code: Code, amount: () => void): void {
  code.global(GLOBAL.fuel);
  amount();
  code.op(OP.subtract).setGlobal(GLOBAL.fuel);
}
