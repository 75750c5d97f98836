/**
 * What shell actions ask of their surroundings: only when a command names the tag, never beforehand.
 * These are the types; `daemon/` answers from the store, the jails and the resolver.
 */
import type { Ban } from '../../ban/ban.js';

export interface PastFailures {
  readonly failures: number;
  /** Lines, oldest first. */
  readonly lines: readonly string[];
}

export interface JailCounters {
  readonly found: number;
  readonly foundTotal: number;
  readonly banned: number;
  readonly bannedTotal: number;
}

export interface ShellSurroundings {
  /** The lines that a ban rests on, oldest first; a ban kept over a restart does not carry them. */
  evidenceOf(ban: Ban): readonly string[];
  /** The `<F-…>` groups of the failure that began it, by lower-case name. */
  dataOf(ban: Ban): Readonly<Record<string, string>>;
  /** What the address was banned for, in this jail or in all of them, this ban included. */
  pastOf(ban: Ban, where: 'jail' | 'all'): PastFailures;
  counters(jail: string): JailCounters;
  /** The name of an address by DNS; undefined where it has none, or too slow a one. */
  hostNameOf(address: string): Promise<string | undefined>;
}
