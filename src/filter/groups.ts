/**
 * What one match says, by group name: the data that a line and its connection add up to.
 * Groups that took no part are absent.
 */
export type Groups = Record<string, string>;

/** The groups that name whom to ban, in the order in which they are asked, and the one that names a connection. */
export const IDENTITY_GROUPS = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'] as const;
