/**
 * Whether a filter can be compiled: what the reading of a configuration asks the filter stage.
 * Takes its options; gives the errors, with the option and expression they are in.
 */
import { Filter } from '../filter/filter.js';
import type { FilterOptions } from '../filter/match.js';
import { BailiffError } from '../lib/errors.js';

export function checkFilter(options: FilterOptions): readonly BailiffError[] {
  try {
    new Filter(options, { now: () => Date.now() });
    return [];
  } catch (error) {
    if (error instanceof BailiffError) return [error];
    throw error;
  }
}
