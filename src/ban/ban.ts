/**
 * What the ban room gives: who is kept out, at which width, until when; and when that ends.
 * Takes nothing; these are the types. How it is enforced is decided by `action/`.
 */

export interface Ban {
  readonly kind: 'ban';
  readonly jail: string;
  /** Canonical address or network: `192.0.2.1`, `2001:db8:a:1::/64`; or the text of an `<F-ID>`. */
  readonly target: string;
  /** The offending address that filled the measure. */
  readonly address: string | undefined;
  /** Milliseconds since the epoch. */
  readonly bannedAtMs: number;
  /** Milliseconds since the epoch; undefined = for ever. */
  readonly untilMs: number | undefined;
  readonly failures: number;
  /** Who decided: the jail's count, an admin, the store after a restart, or Fail2Ban before Bailiff. */
  readonly origin: 'jail' | 'hand' | 'restored' | 'imported';
  /** The lines that it rests on, oldest first, where it is told for the first time; undefined = they are in the store. */
  readonly evidence: readonly string[] | undefined;
  /** The `<F-…>` groups of the failure that began it, by lower-case name; undefined = none, or in the store as `evidence` is. */
  readonly data?: Readonly<Record<string, string>> | undefined;
  /** Under which id its failures were counted, where that is not its target. */
  readonly countedAs?: string | undefined;
  /** The how-manyeth ban of the target, as `bantime.increment` counts; undefined = the first. */
  readonly banCount?: number | undefined;
  /** Whether it lasts longer than the jail's own time because of earlier bans. */
  readonly isGrown?: boolean | undefined;
  /** Whether it is no new ban but a later end of one that is on. */
  readonly prolongs?: boolean | undefined;
}

export interface Unban {
  readonly kind: 'unban';
  readonly jail: string;
  readonly target: string;
  readonly atMs: number;
  readonly why: 'expired' | 'hand' | 'ignored' | 'jail-gone';
}

export type Decision = Ban | Unban;
