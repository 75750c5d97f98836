/**
 * What AbuseIPDB's answer to one report means. Its documentation and what it does: docs.abuseipdb.com, docs/reports.md.
 * A 429 has two senses, told apart by its words: the day's requests are used up, or this address was reported within 15
 * minutes. Whatever is not its own JSON may have come from anybody in between, so nothing is sure after it.
 */
import type { Answer } from '../outbox/courier.js';
import { endOfDayMs } from './quota.js';
import type { HttpsOutcome } from './https-exchange.js';

const DAY_MS = 86_400_000;
/** Of what is wrong so much is kept, with every report that it is said of. */
const MOST_ERRORS = 5;
const LONGEST_DETAIL = 200;
/** A key that is not known, or may not do this, is tried again so seldom. */
const KEY_PAUSE_MS = 3_600_000;
/** Statuses that speak of what was sent; any other speaks of the way, the account or the service. */
const OF_THE_REPORT: ReadonlySet<number> = new Set([400, 413, 422]);

export interface Meaning {
  readonly answer: Answer;
  readonly fault: string | undefined;
  readonly pauseUntilMs: number | undefined;
  /** The day's requests are used up until then; undefined = there are more. */
  readonly usedUpUntilMs: number | undefined;
  /** `data` of the answer. */
  readonly data: unknown;
}

type Answered = Extract<HttpsOutcome, { readonly kind: 'answered' }>;

/** `isRepeat`: this was sent before, without an answer. `hide` takes out of its words what nobody is to see. */
export function meaningOf(
  outcome: HttpsOutcome,
  isRepeat: boolean,
  nowMs: number,
  hide: (text: string) => string,
): Meaning {
  if (outcome.kind === 'unsent') return fault({ kind: 'retry', detail: outcome.why }, outcome.why);
  if (outcome.kind === 'in-doubt') return fault({ kind: 'unknown', detail: outcome.why }, outcome.why);
  const { data, errors } = readBody(outcome.body, hide);
  const { status } = outcome;
  const words = errors.join(' ') || `HTTP ${status}`;
  if (status >= 200 && status < 300)
    return data === undefined
      ? fault({ kind: 'unknown', detail: `HTTP ${status}, and no answer of AbuseIPDB in it` }, words)
      : { ...fine({ kind: 'accepted', detail: `accepted (HTTP ${status})` }), data };
  if (status >= 500) return fault({ kind: 'unknown', detail: words }, words);
  if (/15 minutes/.test(words)) return fine(within15Minutes(isRepeat));
  if (status === 429) return tooMany(outcome, words, nowMs);
  if (errors.length > 0 && (status === 401 || status === 403))
    return {
      ...fault({ kind: 'retry', detail: words }, `the key is refused: ${words}`),
      pauseUntilMs: nowMs + KEY_PAUSE_MS,
    };
  if (errors.length > 0 && OF_THE_REPORT.has(status))
    return fine({ kind: 'refused', detail: `refused (HTTP ${status}): ${words}` });
  return fault({ kind: 'retry', detail: words }, words);
}

function within15Minutes(isRepeat: boolean): Answer {
  return isRepeat
    ? { kind: 'accepted', detail: 'accepted: it had arrived, only its answer was lost' }
    : { kind: 'refused', detail: 'reported within the last 15 minutes by this key already' };
}

function tooMany({ headers }: Answered, words: string, nowMs: number): Meaning {
  const after = headers['retry-after'] ?? '';
  // Seconds, or a date (RFC 9110, 10.2.3).
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - nowMs) / 1000;
  const resetMs = Number(headers['x-ratelimit-reset']) * 1000;
  const told = Math.max(seconds > 0 ? nowMs + seconds * 1000 : 0, resetMs > nowMs ? resetMs : 0);
  const untilMs = told === 0 ? undefined : Math.min(told, nowMs + DAY_MS);
  const answer: Answer = { kind: 'retry', detail: words };
  if (/daily|rate limit of/i.test(words) || headers['x-ratelimit-remaining'] === '0')
    return { ...fine(answer), usedUpUntilMs: untilMs ?? endOfDayMs(nowMs) };
  return { ...fault(answer, words), pauseUntilMs: untilMs };
}

function fine(answer: Answer): Meaning {
  return { answer, fault: undefined, pauseUntilMs: undefined, usedUpUntilMs: undefined, data: undefined };
}

function fault(answer: Answer, words: string): Meaning {
  return { ...fine(answer), fault: words };
}

/** The parse boundary for whatever comes from there. */
function readBody(
  body: string,
  hide: (text: string) => string,
): { readonly data: unknown; readonly errors: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { data: undefined, errors: [] }; // A page of a proxy, most likely.
  }
  if (typeof value !== 'object' || value === null) return { data: undefined, errors: [] };
  const list: readonly unknown[] = 'errors' in value && Array.isArray(value.errors) ? value.errors : [];
  const details = list.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'detail' in entry && typeof entry.detail === 'string'
      ? [entry.detail]
      : [],
  );
  // Hidden before it is cut: half a key is one as well.
  const errors = details.slice(0, MOST_ERRORS).map((detail) => hide(detail).slice(0, LONGEST_DETAIL));
  return { data: 'data' in value ? (value.data ?? undefined) : undefined, errors };
}
