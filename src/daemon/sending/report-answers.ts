/**
 * Answers what is asked about reports: the list, the preview of what waits, flush and forget, and the part of `explain`.
 * Takes the outbox and what sends; gives the answers of the control protocol. Does not send.
 */
import { readPayload } from '../../action/message/payload.js';
import { type Report, readReport } from '../../action/report/abuseipdb-report.js';
import type { EffectReport } from '../../control/answers.js';
import type {
  PreviewEntry,
  ReportEntry,
  ReportsAnswer,
  ReportsFlushed,
  ReportsForgotten,
  ReportsPreview,
} from '../../control/outgoing-answers.js';
import type { Clock } from '../../lib/clock.js';
import type { OutboxEntry } from '../../store/outbox-entry.js';
import type { Store } from '../../store/store.js';
import type { Messages } from './messages.js';
import type { Reports } from './reports.js';

const KIND = 'abuseipdb';
const MAX_ROWS = 200;

export interface ReportAnswersParts {
  readonly store: Store;
  readonly reports: Reports;
  readonly messages: Pick<Messages, 'receivers' | 'flush'>;
  readonly clock: Clock;
}

export function reportsAnswer(
  { store, reports, messages, clock }: ReportAnswersParts,
  limit: number,
): ReportsAnswer {
  const { state, detail } = reports.state();
  return {
    state,
    detail,
    allowance: reports.courier?.allowance(clock.now()) ?? null,
    counters: Object.fromEntries(store.outbox.counts(KIND)),
    receivers: messages.receivers().map((receiver) => ({
      courier: receiver.courier,
      state: receiver.state,
      detail: receiver.detail,
      counters: Object.fromEntries(store.outbox.counts(receiver.courier)),
    })),
    entries: store.outbox.newestOfAll(limit).map(entryReport),
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

export function reportsFlush({ reports, messages }: ReportAnswersParts): ReportsFlushed {
  return { hastened: reports.flush() + messages.flush() };
}

export function reportsForget(
  { store, reports, clock }: ReportAnswersParts,
  address: string,
): ReportsForgotten {
  const ofBans = store.transaction(() => store.outbox.cancelAbout(address, 'forgotten by hand', clock.now()));
  const cancelled = reports.forget(address) + ofBans;
  const sent = store.outbox
    .about([address], MAX_ROWS)
    .filter(({ courier }) => courier === KIND)
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

function textOf(entry: OutboxEntry): string {
  const { courier, state, answer, dueAtMs } = entry;
  const what = courier === KIND ? 'report' : 'message';
  const said = saidOf(entry);
  const sent = said === undefined ? '' : `; said: ${said}`;
  if (state === 'waiting') return `${what} waits, due ${new Date(dueAtMs).toISOString()}`;
  if (state === 'sending') return `${what} sent, no answer yet${sent}`;
  return `${what} ${state}: ${answer ?? ''}${sent}`;
}

function saidOf(entry: OutboxEntry): string | undefined {
  const report = reportOf(entry);
  if (report === undefined) return titleOf(entry);
  return `${report.comment} (categories ${report.categories.join(', ')})`;
}

/** What a message was called. */
function titleOf({ courier, letter }: OutboxEntry): string | undefined {
  // A parse boundary: written by the courier of messages.
  return courier === KIND || letter === undefined
    ? undefined
    : (JSON.parse(letter) as { readonly title: string }).title;
}

/** Whom an entry is about: what a report is of, or the ban of a message; nobody where it tells of a start. */
function aboutOf({ courier, subject, payload }: OutboxEntry): string {
  if (courier === KIND) return subject;
  const told = readPayload(payload);
  return 'notice' in told ? '' : (told.address ?? told.target);
}

function entryReport(entry: OutboxEntry): ReportEntry {
  return {
    id: entry.id,
    courier: entry.courier,
    address: aboutOf(entry),
    jail: entry.jail,
    state: entry.state,
    failures: entry.weight,
    writtenAtMs: entry.writtenAtMs,
    dueAtMs: entry.dueAtMs,
    askedAtMs: entry.askedAtMs ?? null,
    endedAtMs: entry.endedAtMs ?? null,
    report: reportOf(entry) ?? null,
    title: titleOf(entry) ?? null,
    answer: entry.answer ?? null,
  };
}

function reportOf({ courier, letter }: OutboxEntry): Report | undefined {
  return courier !== KIND || letter === undefined ? undefined : readReport(letter);
}
