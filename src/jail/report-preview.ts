/**
 * What of a recorded day would be reported, and what not, with the rule that decided: judged, worded and merged by the
 * same code as in the daemon, as if everything sent were accepted at once. Takes a replay's request; sends nothing.
 */
import type { OutboxEntry } from '../action/outbox/outbox.js';
import { type Report, readReport } from '../action/report/abuseipdb-report.js';
import { composeReports, type JailCase } from '../action/report/compose.js';
import type { Ban } from '../ban/ban.js';
import { loadConfiguration } from '../config/configuration.js';
import type { Failure } from '../failure/ticket.js';
import { checkFilter } from './check-filter.js';
import type { Outcome } from './jail.js';
import type { ReplayEvent, ReplayRequest } from './offline-events.js';
import type { JailOptions } from './options.js';
import { replay } from './replay.js';

const DAY_MS = 86_400_000;
/** As far apart as the daemon keeps two reports of one address. */
const SPACING_MS = 960_000;

export interface PreviewedReport {
  readonly kind: 'report';
  readonly atMs: number;
  readonly address: string;
  readonly jails: readonly string[];
  /** undefined = it would not be sent. */
  readonly report: Report | undefined;
  readonly because: string | undefined;
}

export type PreviewEvent = PreviewedReport | Extract<ReplayEvent, { readonly kind: 'notice' | 'progress' }>;

interface Waiting {
  readonly dueMs: number;
  readonly case: JailCase;
}

export async function* previewReports(request: ReplayRequest): AsyncGenerator<PreviewEvent> {
  const { jails } = loadConfiguration({ ...request, checkFilter });
  const collector = new Collector(jails);
  for await (const event of replay(request, (outcome) => collector.take(outcome)))
    if (event.kind === 'notice' || event.kind === 'progress') yield event;
  yield* collector.reports().sort((one, other) => one.atMs - other.atMs);
}

/** Keeps of a replay what the store would have kept: failures until their ban, bans, good logins. */
class Collector {
  readonly #jails: ReadonlyMap<string, JailOptions>;
  readonly #open = new Map<string, Failure[]>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #logins = new Map<string, number[]>();

  constructor(jails: readonly JailOptions[]) {
    this.#jails = new Map(jails.map((jail) => [jail.name, jail]));
  }

  take(outcome: Outcome): void {
    if (outcome.kind === 'counted') {
      const { jail, id } = outcome.failure;
      const failures = this.#open.get(`${jail} ${id}`);
      if (failures === undefined) this.#open.set(`${jail} ${id}`, [outcome.failure]);
      else failures.push(outcome.failure);
    } else if (outcome.kind === 'login') {
      const { address, timeMs } = outcome;
      this.#logins.set(address, [...(this.#logins.get(address) ?? []), timeMs]);
    } else if (outcome.kind === 'decided' && outcome.decision.kind === 'ban') this.#ban(outcome.decision);
  }

  reports(): PreviewedReport[] {
    return [...this.#waiting].flatMap(([address, waiting]) => this.#reportsOf(address, waiting));
  }

  #ban(ban: Ban): void {
    const jail = this.#jails.get(ban.jail);
    const action = jail?.actions.find(({ native }) => native === 'abuseipdb');
    const keys = [ban.target, ban.address].map((id) => `${ban.jail} ${id ?? ''}`);
    const all = keys.flatMap((key) => this.#open.get(key) ?? []);
    for (const key of keys) this.#open.delete(key);
    if (jail?.report === undefined || action === undefined || ban.address === undefined) return;
    const sinceMs = Math.max(...all.map(({ timeMs }) => timeMs)) - jail.failure.findtimeSeconds * 1000;
    const given: JailCase = {
      ...ban,
      filter: jail.filter.name,
      evidence: [...new Set(all)].filter(({ timeMs }) => timeMs >= sinceMs),
      options: jail.report,
      categories: action.parameters['abuseipdb_category'] ?? '',
      allowedBecause: undefined,
      isKnownClient: false,
    };
    const dueMs = ban.bannedAtMs + jail.report.delaySeconds * 1000;
    this.#waiting.set(ban.address, [...(this.#waiting.get(ban.address) ?? []), { dueMs, case: given }]);
  }

  /** The bans of one address as its reports: those due while one may not be sent are merged into the next. */
  #reportsOf(address: string, all: readonly Waiting[]): readonly PreviewedReport[] {
    const told: PreviewedReport[] = [];
    let left = [...all].sort((one, other) => one.dueMs - other.dueMs);
    let freeMs = Number.NEGATIVE_INFINITY;
    for (let [first] = left; first !== undefined; [first] = left) {
      const atMs = Math.max(first.dueMs, freeMs);
      const due = left.filter(({ dueMs }) => dueMs <= atMs);
      left = left.filter(({ dueMs }) => dueMs > atMs);
      const { text, ids, declined } = composeReports(
        due.map((_, id) => entryOf(id, address)),
        ({ id }) => this.#known(due[id]?.case, address, atMs),
        atMs,
      );
      const jailsOf = (some: readonly number[]): readonly string[] =>
        some.flatMap((id) => due[id]?.case.jail ?? []);
      const of = { kind: 'report' as const, atMs, address };
      for (const { id, because } of declined)
        told.push({ ...of, jails: jailsOf([id]), report: undefined, because });
      if (text === undefined) continue;
      freeMs = atMs + SPACING_MS;
      told.push({ ...of, jails: jailsOf(ids), report: readReport(text), because: undefined });
    }
    return told;
  }

  #known(given: JailCase | undefined, address: string, atMs: number): JailCase | undefined {
    if (given === undefined) return undefined;
    const days = this.#jails.get(given.jail)?.failure.knownclientsDays ?? 0;
    const logins = this.#logins.get(address) ?? [];
    return {
      ...given,
      isKnownClient: logins.some((timeMs) => timeMs <= atMs && timeMs >= atMs - days * DAY_MS),
    };
  }
}

function entryOf(id: number, subject: string): OutboxEntry {
  return {
    id,
    subject,
    jail: '',
    ban: undefined,
    weight: 0,
    writtenAtMs: 0,
    expiresAtMs: 0,
    doubtSinceMs: undefined,
    payload: '',
    letter: undefined,
  };
}
