/**
 * Answers what is asked about reports: the list, the preview of what waits, flush and forget, and the part of `explain`.
 * Takes the outbox and what is reports; gives the answers of the control protocol. Does not send.
 */
import { type Report, readReport } from '../action/report/abuseipdb-report.js';
import type { EffectReport } from '../control/answers.js';
import type {
  PreviewEntry,
  ReportEntry,
  ReportsAnswer,
  ReportsFlushed,
  ReportsForgotten,
  ReportsPreview,
} from '../control/outgoing-answers.js';
import type { Clock } from '../lib/clock.js';
import type { OutboxEntry } from '../store/outbox-entry.js';
import type { Store } from '../store/store.js';
import type { Reports } from './reports.js';

const KIND = 'abuseipdb';
const MAX_ROWS = 200;

export interface ReportAnswersParts {
  readonly store: Store;
  readonly reports: Reports;
  readonly clock: Clock;
}

export function reportsAnswer({ store, reports, clock }: ReportAnswersParts, limit: number): ReportsAnswer {
  const { state, detail } = reports.state();
  return {
    state,
    detail,
    allowance: reports.courier?.allowance(clock.now()) ?? null,
    counters: Object.fromEntries(store.outbox.counts(KIND)),
    entries: store.outbox.newest(KIND, limit).map(entryReport),
  };
}

/** What would be sent of what waits, in the order in which it is due. */
export function reportsPreview({ store, reports, clock }: ReportAnswersParts, limit: number): ReportsPreview {
  const bySubject = new Map<string, OutboxEntry[]>();
  for (const entry of store.outbox.open(KIND, limit))
    bySubject.set(entry.subject, [...(bySubject.get(entry.subject) ?? []), entry]);
  const entries = [...bySubject].flatMap(([address, waiting]): PreviewEntry[] => {
    const atMs = Math.max(clock.now(), ...waiting.map(({ dueAtMs }) => dueAtMs));
    const { text, ids, declined } = reports.compose(waiting, atMs);
    const jailsOf = (some: readonly number[]): readonly string[] =>
      waiting.filter(({ id }) => some.includes(id)).map(({ jail }) => jail);
    const not = declined.map(({ id, because }) => ({
      address,
      jails: jailsOf([id]),
      atMs,
      report: null,
      because,
    }));
    return text === undefined
      ? not
      : [...not, { address, jails: jailsOf(ids), atMs, report: readReport(text), because: null }];
  });
  return { entries };
}

export function reportsFlush({ reports }: ReportAnswersParts): ReportsFlushed {
  return { hastened: reports.flush() };
}

export function reportsForget({ store, reports }: ReportAnswersParts, address: string): ReportsForgotten {
  const cancelled = reports.forget(address);
  const sent = store.outbox
    .about([address], MAX_ROWS)
    .filter(({ state }) => state === 'accepted' || state === 'sending' || state === 'unknown').length;
  return { address, cancelled, sent };
}

/** What `explain` tells of reports about any of `targets`, oldest first. */
export function reportEffects(store: Store, targets: readonly string[]): readonly EffectReport[] {
  return store.outbox.about(targets, MAX_ROWS).map((entry) => ({
    timeMs: entry.endedAtMs ?? entry.askedAtMs ?? entry.writtenAtMs,
    jail: entry.jail,
    action: entry.courier,
    state: EFFECT_STATES[entry.state],
    text: textOf(entry),
  }));
}

const EFFECT_STATES = {
  waiting: 'waiting',
  sending: 'waiting',
  accepted: 'done',
  refused: 'failed',
  unknown: 'failed',
  'given-up': 'failed',
  declined: 'skipped',
  cancelled: 'skipped',
} as const;

function textOf({ state, answer, letter, dueAtMs }: OutboxEntry): string {
  const report = reportOf(letter);
  const sent =
    report === undefined ? '' : `; said: ${report.comment} (categories ${report.categories.join(', ')})`;
  if (state === 'waiting') return `report waits, due ${new Date(dueAtMs).toISOString()}`;
  if (state === 'sending') return `report sent, no answer yet${sent}`;
  return `report ${state}: ${answer ?? ''}${sent}`;
}

function entryReport(entry: OutboxEntry): ReportEntry {
  return {
    id: entry.id,
    address: entry.subject,
    jail: entry.jail,
    state: entry.state,
    failures: entry.weight,
    writtenAtMs: entry.writtenAtMs,
    dueAtMs: entry.dueAtMs,
    askedAtMs: entry.askedAtMs ?? null,
    endedAtMs: entry.endedAtMs ?? null,
    report: reportOf(entry.letter) ?? null,
    answer: entry.answer ?? null,
  };
}

function reportOf(letter: string | undefined): Report | undefined {
  return letter === undefined ? undefined : readReport(letter);
}
