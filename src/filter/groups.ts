/**
 * What one match says, by group name: the data that a line and its connection add up to.
 * Groups that took no part are absent.
 */
export type Groups = Record<string, string>;

/** Names of groups with their numbers in the match. */
export type GroupReads = readonly (readonly [string, number])[];

/** The groups that name whom to ban, in the order in which they are asked, and the one that names a connection. */
export const IDENTITY_GROUPS = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'] as const;

/** Adds the groups of a match that took part. */
export function readGroups(match: RegExpExecArray, reads: GroupReads, into: Groups): void {
  for (let at = 0; at < reads.length; at += 1) {
    const read = reads[at];
    if (read === undefined) return;
    const value = match[read[1]];
    if (value !== undefined) into[read[0]] = value;
  }
}
