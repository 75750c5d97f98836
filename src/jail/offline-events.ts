/**
 * What `match` and `replay` ask of `jail/offline.ts`, and the events that it gives them. Types only.
 * Times are milliseconds since the epoch; texts are as they came from the log.
 */

export interface OfflineConfiguration {
  /** undefined = found as for the daemon. */
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
}

export interface MatchRequest extends OfflineConfiguration {
  /** `sshd`, `sshd[mode=aggressive]`, or a filter's file. */
  readonly filter: string;
  readonly input:
    | { readonly kind: 'lines'; readonly lines: readonly string[] }
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'stdin' };
  /** Whether each line is wanted; without it the summary alone comes. */
  readonly eachLine: boolean;
}

export interface MatchLine {
  readonly kind: 'line';
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** failure: the only kind that is a match; pending: waits for other lines; helper: recognised, no evidence. */
  readonly verdict: 'failure' | 'success' | 'ignored' | 'helper' | 'pending' | 'missed';
  /** The address or name that the line gives. */
  readonly host: string | undefined;
  /** Where the filter names one. */
  readonly id: string | undefined;
  readonly user: string | undefined;
  readonly attempts: number | undefined;
  readonly timeMs: number | undefined;
  /** Index into failregex (success: successregex; ignored: ignoreregex). */
  readonly regex: number | undefined;
}

export interface ExpressionHits {
  readonly list: 'prefregex' | 'failregex' | 'ignoreregex' | 'successregex';
  readonly index: number;
  readonly expression: string;
  readonly hits: number;
}

export interface MatchSummary {
  readonly kind: 'summary';
  readonly filter: string;
  readonly lines: number;
  readonly failures: number;
  readonly successes: number;
  readonly ignored: number;
  readonly helpers: number;
  readonly missed: number;
  /** Lines in which no date was found. */
  readonly undated: number;
  readonly hits: readonly ExpressionHits[];
  readonly elapsedMs: number;
}

export interface OfflineProgress {
  readonly kind: 'progress';
  readonly done: number;
  /** undefined = unknown, as for standard input. */
  readonly total: number | undefined;
  readonly unit: 'bytes' | 'lines';
}

export type MatchEvent = MatchLine | MatchSummary | OfflineProgress;

export interface ReplayRequest extends OfflineConfiguration {
  /** A journal file or directory. */
  readonly journalPath: string | undefined;
  /** A file that `journalctl -o export` wrote. */
  readonly journalExport: string | undefined;
  readonly logs: readonly { readonly jail: string; readonly path: string }[];
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
}

export interface ReplayBan {
  readonly kind: 'ban';
  readonly timeMs: number;
  readonly jail: string;
  readonly address: string;
  /** undefined = for ever. */
  readonly untilMs: number | undefined;
  readonly failures: number;
  readonly evidence: readonly string[];
}

export interface ReplayUnban {
  readonly kind: 'unban';
  readonly timeMs: number;
  readonly jail: string;
  readonly address: string;
  readonly why: string;
}

/** Something that was skipped, unreadable, odd. */
export interface ReplayNotice {
  readonly kind: 'notice';
  readonly level: 'info' | 'warning' | 'alarm';
  readonly text: string;
}

export interface ReplaySummary {
  readonly kind: 'summary';
  readonly lines: number;
  readonly failures: number;
  readonly bans: number;
  readonly unbans: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly elapsedMs: number;
  readonly jails: readonly {
    readonly jail: string;
    readonly lines: number;
    readonly recognised: number;
    readonly failures: number;
    readonly bans: number;
  }[];
}

export type ReplayEvent = ReplayBan | ReplayUnban | ReplayNotice | ReplaySummary | OfflineProgress;
