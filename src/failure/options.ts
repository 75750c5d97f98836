/**
 * What decides whether a match counts and when it is enough. `config/` fills it in.
 */
export interface FailureOptions {
  readonly maxretry: number;
  readonly findtimeSeconds: number;
  /** Addresses, networks and names; names are resolved elsewhere. */
  readonly ignoreip: readonly string[];
  readonly ignoreself: boolean;
  /** Evidence lines kept in a ticket. */
  readonly maxmatches: number;
  /** Lines of one connection count as the largest number that any one kind of line claims. */
  readonly sameattempt: boolean;
  /** Width at which IPv6 is counted: 1–128. */
  readonly ipv6prefix: number;
  /** Ids counted at once; beyond it whoever takes most room is forgotten first. */
  readonly mostCounted: number;
  /** Days that a good login is remembered. */
  readonly knownclientsDays: number;
  /** A command that says whether a failure is ignored, its tags as written. */
  readonly ignorecommand?: string;
  readonly ignorecache?: IgnoreCache;
}

/** For how long the verdict on an address is remembered, and under which key. */
export interface IgnoreCache {
  /** With tags: `<F-USER>@<ip-host>`. */
  readonly key: string;
  readonly maxCount: number;
  readonly maxTimeSeconds: number;
}
