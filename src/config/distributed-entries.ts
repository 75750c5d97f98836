/**
 * Digests of the options in the filters and actions that Debian distributes under names of ours: data, to tell an
 * admin's change from what was laid down. Made by `digestOf`; the files themselves are not part of this package.
 */

/** `filter.d/NAME` → digests of its options as distributed. */
export const distributedEntries: ReadonlyMap<string, ReadonlySet<string>> = new Map();
