/** The filters of some jails, each jail's own and that of its other way. Takes jails; compiles nothing. */
import type { FilterOptions } from '../filter/match.js';
import type { JailOptions } from './options.js';

export function filtersOf(jails: readonly JailOptions[]): readonly FilterOptions[] {
  return jails.flatMap(({ filter, otherFilter }) =>
    otherFilter === undefined ? [filter] : [filter, otherFilter],
  );
}
