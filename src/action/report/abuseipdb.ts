/**
 * The courier to AbuseIPDB: single reports for what is fresh, one bulk report where it is behind.
 * Takes composed reports; gives what became of each. Keeps count of the day's requests to each endpoint. Decides nothing
 * about bans, and knows no log.
 */
import { randomBytes } from 'node:crypto';
import type { Allowance, Answer, Composed, Courier, Delivery, Letter, Room } from '../outbox/courier.js';
import type { OutboxEntry } from '../outbox/outbox.js';
import { meaningOf, type Meaning } from './abuseipdb-answer.js';
import { readReport } from './abuseipdb-report.js';
import { bulkCsv, MOST_ROWS, multipart, refusedRows } from './bulk-csv.js';
import type { HttpsExchange, HttpsOutcome } from './https-exchange.js';
import { endOfDayMs, Quota, type QuotaMemory } from './quota.js';

/** What a free account has, until the headers say otherwise. */
const LIMITS = { report: 1000, 'bulk-report': 5, check: 1000 } as const;
const MINUTE_MS = 60_000;
/** So many that are due are sent in one go, a few minutes apart at least. */
const BEHIND = 500;
const BULK_APART_MS = 10 * MINUTE_MS;
const DAY_MS = 86_400_000;

type Endpoint = keyof typeof LIMITS;
type Quotas = Readonly<Record<Endpoint, Quota>>;

export interface AbuseIpdbParts {
  readonly key: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly exchange: HttpsExchange;
  readonly compose: (entries: readonly OutboxEntry[], nowMs: number) => Composed;
  readonly memory: string | undefined;
}

export class AbuseIpdb implements Courier {
  readonly kind = 'abuseipdb';
  /** AbuseIPDB refuses a second report for 15 minutes; a minute of them is for the way. */
  readonly repeatMs = 14 * MINUTE_MS;
  readonly spacingMs = 16 * MINUTE_MS;
  readonly #parts: AbuseIpdbParts;
  readonly #quotas: Quotas;
  /** Whatever it says of the key is kept and shown, but not the key. */
  readonly #hide: (text: string) => string;
  #bulkAtMs: number;

  constructor(parts: AbuseIpdbParts) {
    this.#parts = parts;
    this.#hide = (text) => text.replaceAll(parts.key, '…');
    const { quotas = {}, bulkAtMs = 0 } = readMemory(parts.memory);
    const quota = (endpoint: Endpoint): Quota => new Quota(LIMITS[endpoint], quotas[endpoint]);
    this.#quotas = { report: quota('report'), 'bulk-report': quota('bulk-report'), check: quota('check') };
    this.#bulkAtMs = bulkAtMs;
  }

  allowance(nowMs: number): Allowance {
    const { report } = this.#quotas;
    return { limit: report.limit(nowMs), remaining: report.remaining(nowMs) };
  }

  room(due: number, isRepeat: boolean, nowMs: number): Room {
    const single = this.#quotas.report.remaining(nowMs);
    if (this.#isBulkDue(due, isRepeat, single, nowMs))
      return { kind: 'open', most: MOST_ROWS, isShared: false };
    if (single > 0) return { kind: 'open', most: 1, isShared: true };
    const untilMs = this.#quotas.report.opensAtMs(nowMs);
    return { kind: 'closed', untilMs, because: "the day's reports are used up" };
  }

  compose(entries: readonly OutboxEntry[], nowMs: number): Composed {
    return this.#parts.compose(entries, nowMs);
  }

  charge(letters: number, nowMs: number): void {
    this.#quotas[letters > 1 ? 'bulk-report' : 'report'].charge(nowMs);
    if (letters > 1) this.#bulkAtMs = nowMs;
  }

  send(letters: readonly Letter[], nowMs: number): Promise<Delivery> {
    const [first] = letters;
    return letters.length === 1 && first !== undefined
      ? this.#sendOne(first, nowMs)
      : this.#sendBulk(letters, nowMs);
  }

  async probe(nowMs: number): Promise<Pick<Delivery, 'fault' | 'pauseUntilMs'>> {
    const { check } = this.#quotas;
    if (check.remaining(nowMs) === 0)
      return { fault: "the day's checks are used up", pauseUntilMs: check.opensAtMs(nowMs) };
    check.charge(nowMs);
    const outcome = await this.#ask('GET', '', '', 'check?ipAddress=127.0.0.1&maxAgeInDays=1');
    // Also where the day's checks are used up: whoever counts them answers.
    return faultOf(this.#hear('check', outcome, false, nowMs));
  }

  memory(): string {
    const { report, check } = this.#quotas;
    const quotas = {
      report: report.memory(),
      'bulk-report': this.#quotas['bulk-report'].memory(),
      check: check.memory(),
    };
    return JSON.stringify({ quotas, bulkAtMs: this.#bulkAtMs });
  }

  /** Few bulk reports are left in a day: they are for what single ones cannot do. */
  #isBulkDue(due: number, isRepeat: boolean, single: number, nowMs: number): boolean {
    const bulk = this.#quotas['bulk-report'];
    if (due < 2 || bulk.remaining(nowMs) === 0) return false;
    // A bulk report without an answer is asked again as one, while that is safe.
    if (isRepeat) return true;
    const sinceMs = nowMs - this.#bulkAtMs;
    if (due >= BEHIND) return sinceMs >= BULK_APART_MS;
    return due > single && sinceMs >= DAY_MS / Math.max(1, bulk.limit(nowMs));
  }

  async #sendOne(letter: Letter, nowMs: number): Promise<Delivery> {
    const { address, categories, comment, timestamp } = readReport(letter.text);
    const form = new URLSearchParams({ ip: address, categories: categories.join(','), comment, timestamp });
    const outcome = await this.#ask('POST', 'application/x-www-form-urlencoded', form.toString(), 'report');
    const meaning = this.#hear('report', outcome, letter.isRepeat, nowMs);
    return { answers: [meaning.answer], ...faultOf(meaning) };
  }

  async #sendBulk(letters: readonly Letter[], nowMs: number): Promise<Delivery> {
    const reports = letters.map(({ text }) => readReport(text));
    const boundary = `bailiff-${randomBytes(12).toString('hex')}`;
    const body = multipart(bulkCsv(reports), boundary);
    const type = `multipart/form-data; boundary=${boundary}`;
    const meaning = this.#hear(
      'bulk-report',
      await this.#ask('POST', type, body, 'bulk-report'),
      false,
      nowMs,
    );
    // Refused as a file: its rows are sent singly.
    if (meaning.answer.kind === 'refused') {
      this.#quotas['bulk-report'].close(endOfDayMs(nowMs));
      return { ...all(letters, { kind: 'retry', detail: meaning.answer.detail }), ...faultOf(meaning) };
    }
    if (meaning.answer.kind !== 'accepted') return { ...all(letters, meaning.answer), ...faultOf(meaning) };
    const refused = refusedRows(meaning.data, reports, this.#hide);
    if (refused === undefined)
      return {
        ...all(letters, { kind: 'unknown', detail: 'an answer without `savedReports`' }),
        fault: 'no answer to a bulk report',
      };
    const answers = letters.map((letter, at) => rowAnswer(letter, refused.get(at)));
    return { answers, fault: undefined, pauseUntilMs: undefined };
  }

  async #ask(method: 'GET' | 'POST', type: string, body: string, path: string): Promise<HttpsOutcome> {
    const { exchange, url, key } = this.#parts;
    const content: Readonly<Record<string, string>> = method === 'GET' ? {} : { 'Content-Type': type };
    // Without Accept it answers a page for people; who stands before it may turn away what has no name.
    const headers = { Key: key, Accept: 'application/json', 'User-Agent': 'Bailiff', ...content };
    return exchange({ method, url: `${url}/${path}`, headers, body });
  }

  /** Takes the meaning of an answer, and the day's count from its headers. */
  #hear(endpoint: Endpoint, outcome: HttpsOutcome, isRepeat: boolean, nowMs: number): Meaning {
    const meaning = meaningOf(outcome, isRepeat, nowMs, this.#hide);
    const quota = this.#quotas[endpoint];
    if (outcome.kind === 'answered' && meaning.usedUpUntilMs === undefined)
      quota.hear(
        count(outcome.headers['x-ratelimit-limit']),
        count(outcome.headers['x-ratelimit-remaining']),
        nowMs,
      );
    if (meaning.usedUpUntilMs !== undefined) quota.close(meaning.usedUpUntilMs);
    return meaning;
  }
}

function rowAnswer({ isRepeat }: Letter, error: string | undefined): Answer {
  if (error === undefined) return { kind: 'accepted', detail: 'accepted in a bulk report' };
  if (/duplicate/i.test(error) && isRepeat)
    return { kind: 'accepted', detail: 'accepted: it had arrived, only its answer was lost' };
  return { kind: 'refused', detail: `refused in a bulk report: ${error}` };
}

function all(letters: readonly Letter[], answer: Answer): Delivery {
  return { answers: letters.map(() => answer), fault: undefined, pauseUntilMs: undefined };
}

function faultOf({ fault, pauseUntilMs }: Meaning): Pick<Delivery, 'fault' | 'pauseUntilMs'> {
  return { fault, pauseUntilMs };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Written by `memory` alone. */
function readMemory(text: string | undefined): {
  readonly quotas?: Partial<Record<Endpoint, QuotaMemory>>;
  readonly bulkAtMs?: number;
} {
  // A parse boundary: our own row of the store.
  return text === undefined ? {} : (JSON.parse(text) as ReturnType<typeof readMemory>);
}
