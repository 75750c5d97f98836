/**
 * What the daemon answers about reports, mails and webhooks: the results of `reports`, `reports-preview`, `reports-flush`, `reports-forget`.
 * Plain data that survives JSON: `null` means none. `--json` prints it as it is, so names are stable (docs/json.md).
 * Times are milliseconds since the epoch. Details may hold what the receiver wrote.
 */
import type { EnforcementReport } from './reports.js';

export interface ReportEntry {
  readonly id: number;
  /** `abuseipdb`, `mail to root@localhost from …`, `ntfy HOST (…)`. */
  readonly courier: string;
  readonly address: string;
  readonly jail: string;
  /** `waiting`, `sending`, `accepted`, `refused`, `unknown`, `declined`, `cancelled`, `given-up`. */
  readonly state: string;
  readonly failures: number;
  readonly writtenAtMs: number;
  readonly dueAtMs: number;
  /** When it was sent last; null = not yet. */
  readonly askedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** What was sent; null = nothing yet. */
  readonly report: SentReport | null;
  /** The title of a mail or message; null = none, or not yet. */
  readonly title: string | null;
  /** The receiver's answer, or the rule that decided. */
  readonly answer: string | null;
}

/** All that leaves the host. */
export interface SentReport {
  readonly address: string;
  readonly categories: readonly number[];
  readonly comment: string;
  readonly timestamp: string;
}

export interface ReportsAnswer {
  readonly state: EnforcementReport['state'];
  readonly detail: string;
  /** What is left of today; null where nothing is sent. */
  readonly allowance: { readonly limit: number; readonly remaining: number } | null;
  /** How many reports are in each state. */
  readonly counters: Readonly<Record<string, number>>;
  /** Mailboxes and webhooks. */
  readonly receivers: readonly ReceiverReport[];
  /** Of all of them, newest first. */
  readonly entries: readonly ReportEntry[];
}

/** Where mails or messages go. */
export interface ReceiverReport {
  readonly courier: string;
  readonly state: EnforcementReport['state'];
  readonly detail: string;
  readonly counters: Readonly<Record<string, number>>;
}

export interface PreviewEntry {
  readonly address: string;
  readonly jails: readonly string[];
  /** When it would be sent. */
  readonly atMs: number;
  /** null = it would not be sent. */
  readonly report: SentReport | null;
  /** The rule that decided against it; null = it would be sent. */
  readonly because: string | null;
}

export interface ReportsPreview {
  readonly entries: readonly PreviewEntry[];
}

export interface ReportsFlushed {
  /** How many were held back until now. */
  readonly hastened: number;
}

export interface ReportsForgotten {
  readonly address: string;
  /** How many are not sent any more. */
  readonly cancelled: number;
  /** How many were sent, or may have been: those are AbuseIPDB's. */
  readonly sent: number;
}
