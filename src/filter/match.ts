/**
 * What the filter room gives: evidence against (failure) or for (success) an address, found in one line.
 * Takes nothing; these are the types. A match says what a line claims, not whether it counts.
 */

export interface Match {
  /** failure: counts; success: a good login; helper: recognised, no evidence by itself. */
  readonly kind: 'failure' | 'success' | 'helper';
  /** What is counted and banned: a canonical address, a network (from `<SUBNET>`), or the text of `<F-ID>`. */
  readonly id: string;
  /** Canonical address, if the line gave one; undefined when `<F-ID>` names something else. */
  readonly address: string | undefined;
  /** A host name where the address should be (`<HOST>`, `<DNS>`): nobody is known until it is looked up. */
  readonly hostName?: string;
  readonly user: string | undefined;
  /** Event time, milliseconds since the epoch. */
  readonly timeMs: number;
  /**
   * The line, whole (over 8 KiB: head and tail); above it the earlier lines of its connection that were no failures by
   * themselves, or that waited for an address.
   */
  readonly text: string;
  /** How many attempts the line claims: `<F-ATTEMPTS>`, else 1. */
  readonly attempts: number;
  /** How many seconds before `timeMs` those attempts began: `<F-SECONDS>`, else 0. */
  readonly spanSeconds: number;
  /** Which expression matched: index into failregex (or successregex); lines of one kind add up. */
  readonly expression: number;
  /** `<F-MLFID>`: the connection that the line belongs to. */
  readonly connection: string | undefined;
  /** All users that the connection tried, if there were several. */
  readonly users?: readonly string[];
  /** Other `<F-…>` groups by lower-case name. */
  readonly data: Readonly<Record<string, string>>;
}

/** A filter after reading its files and parameters: tags of parameters filled in, `<HOST>` and `<F-…>` not yet expanded. */
export interface FilterOptions {
  /** For messages: `sshd[mode=aggressive]`. */
  readonly name: string;
  readonly prefregex: string | undefined;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly successregex: readonly string[];
  /** Fail2Ban's datepattern lines; empty = the default templates. */
  readonly datepattern: readonly string[];
  readonly maxlines: number;
  readonly usedns: 'yes' | 'warn' | 'no' | 'raw';
  /** Seconds east of UTC for stamps without a zone; undefined = the host's own zone. */
  readonly logTimezoneSeconds: number | undefined;
  /** journal: the text has no date; file: it has. */
  readonly logtype: 'journal' | 'file';
}
