/**
 * Whether a filter can be compiled: what the reading of a configuration asks the filter stage.
 * Takes its options; gives the errors, with the option and expression they are in.
 */
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
