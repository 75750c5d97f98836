/**
 * Whether a filter can be compiled: what the reading of a configuration asks the filter stage.
 * Takes its options; gives the errors, with the option and expression they are in.
 */
import { isDeepStrictEqual } from 'node:util';
import { compileExpressions } from '../filter/expressions.js';
import type { FilterOptions } from '../filter/match.js';
import { BailiffError } from '../lib/errors.js';

export function checkFilter(options: FilterOptions): readonly BailiffError[] {
  try {
    compileExpressions(options);
    return [];
  } catch (error) {
    if (error instanceof BailiffError) return [error];
    throw error;
  }
}

/** The same for who knows that `sound` filters can be compiled: these are not compiled again, which is most of the reading. */
export function checkFilterBut(
  sound: readonly FilterOptions[],
): (options: FilterOptions) => readonly BailiffError[] {
  return (options) => {
    const isKnown = sound.some((known) => known.name === options.name && isDeepStrictEqual(known, options));
    return isKnown ? [] : checkFilter(options);
  };
}
