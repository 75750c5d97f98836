/**
 * What the failure room gives: an id whose failures are enough.
 * Takes nothing; these are the types. For how long and how wide is decided by `ban/`.
 */

/** One failure that was counted. */
export interface Failure {
  readonly jail: string;
  readonly id: string;
  readonly address: string | undefined;
  readonly user: string | undefined;
  readonly timeMs: number;
  readonly attempts: number;
  readonly spanSeconds: number;
  /** `journal:3`, `file:3`: lines of one kind add up, kinds of one connection do not. */
  readonly lineKind: string;
  readonly connection: string | undefined;
  readonly text: string;
  /** Other `<F-…>` groups of the match by lower-case name; undefined = none. */
  readonly data?: Readonly<Record<string, string>> | undefined;
}

export interface Ticket {
  readonly jail: string;
  readonly id: string;
  readonly address: string | undefined;
  /** The failures within findtime, counted. */
  readonly failures: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The newest lines, oldest first; at most `maxmatches`. */
  readonly evidence: readonly Failure[];
  /** The `<F-…>` groups of the oldest failure by lower-case name, as actions are told them. */
  readonly data?: Readonly<Record<string, string>> | undefined;
}
