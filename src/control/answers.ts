/**
 * What the daemon answers about addresses and bans: the results of `banned`, `ban`, `unban`, `explain`, `top`.
 * Plain data that survives JSON: `null` means none. `--json` prints it as it is, so names are stable (docs/json.md).
 * Times are milliseconds since the epoch. Texts and users may hold what an attacker wrote.
 */
import type { BanReport } from './reports.js';

export interface BannedReport {
  /** In the order of the configuration; bans in order of their end. */
  readonly jails: readonly { readonly jail: string; readonly banned: readonly BanReport[] }[];
}

export interface BanOutcome {
  /** As it was understood: canonical. */
  readonly target: string;
  readonly outcome: 'banned' | 'prolonged' | 'already' | 'refused';
  /** Why it was refused. */
  readonly because: string | null;
}

export interface BanResult {
  /** How many are newly banned. */
  readonly banned: number;
  readonly targets: readonly BanOutcome[];
}

export interface UnbanResult {
  /** How many bans were lifted, over all jails. */
  readonly unbanned: number;
  readonly targets: readonly { readonly target: string; readonly jails: readonly string[] }[];
}

export interface ReleaseResult {
  readonly jail: string;
  /** How many bans that were held back follow. */
  readonly banned: number;
}

export interface JailBan extends BanReport {
  readonly jail: string;
}

export interface PastBan extends JailBan {
  readonly endedAtMs: number | null;
  /** `expired`, `hand`, `ignored`, `jail-gone`; null while it holds. */
  readonly endedWhy: string | null;
}

export interface EvidenceReport {
  readonly jail: string;
  readonly timeMs: number;
  readonly user: string | null;
  readonly text: string;
  readonly attempts: number;
  readonly counted: boolean;
  /** Why it did not count: `ignoreip`, `known client`, `same attempt`, `outside findtime`. */
  readonly because: string | null;
}

export interface DecisionReport {
  readonly timeMs: number;
  readonly jail: string;
  readonly kind: 'ban' | 'unban' | 'ignored' | 'refused';
  readonly text: string;
}

export interface EffectReport {
  readonly timeMs: number;
  readonly jail: string;
  readonly action: string;
  readonly state: 'done' | 'waiting' | 'failed' | 'skipped';
  readonly text: string;
}

export interface Explanation {
  readonly address: string;
  readonly bans: readonly JailBan[];
  readonly history: readonly PastBan[];
  /** Oldest first. */
  readonly evidence: readonly EvidenceReport[];
  readonly decisions: readonly DecisionReport[];
  readonly effects: readonly EffectReport[];
  /** Jails that never count it, and why. */
  readonly ignored: readonly { readonly jail: string; readonly because: string }[];
  /** A good login that is remembered. */
  readonly knownClient: { readonly user: string | null; readonly lastLoginMs: number } | null;
}

export interface TopEntry {
  readonly name: string;
  readonly failures: number;
  readonly bans: number;
}

export interface TopReport {
  readonly sinceMs: number;
  readonly addresses: readonly TopEntry[];
  readonly users: readonly TopEntry[];
  readonly jails: readonly TopEntry[];
}
