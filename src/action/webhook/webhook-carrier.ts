/**
 * Carries messages to a receiver that takes HTTP. Takes the receiver; says what became of each message.
 * Whatever leaves it open whether the message was taken counts as in doubt: it is not sent again.
 */
import type { HttpsExchange, HttpsOutcome } from '../report/https-exchange.js';
import {
  type Carrier,
  type Handed,
  held,
  inDoubt,
  type Message,
  refused,
  taken,
} from '../message/message.js';
import type { Receiver } from './receiver.js';
import { webhookRequest } from './webhook-request.js';

const LONGEST_PAUSE_MS = 3_600_000;
/** What somebody has to put right; until then nothing is lost. */
const WRONG_ADDRESS: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 407, 410]);

export interface WebhookParts {
  readonly receiver: Exclude<Receiver, { readonly kind: 'apprise' }>;
  /** This host's name. */
  readonly host: string;
  readonly exchange: HttpsExchange;
}

export class WebhookCarrier implements Carrier {
  readonly #parts: WebhookParts;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  async hand(message: Message, nowMs: number): Promise<Handed> {
    const { receiver, host, exchange } = this.#parts;
    return meaningOf(await exchange(webhookRequest(receiver, message, host, nowMs)), nowMs);
  }
}

/** Of its body nothing is told: it may hold anything, and the address that was asked. */
function meaningOf(outcome: HttpsOutcome, nowMs: number): Handed {
  if (outcome.kind === 'unsent') return held(outcome.why);
  if (outcome.kind === 'in-doubt') return inDoubt(outcome.why);
  const { status, headers } = outcome;
  const words = `it answered ${status}`;
  if (status >= 200 && status < 300) return taken(words);
  if (status === 429) return held(words, pauseOf(headers['retry-after'], nowMs));
  if (status < 400) return held(`${words}: a redirection, which is not followed`);
  if (WRONG_ADDRESS.has(status)) return held(words);
  return status >= 500 || status === 408 ? inDoubt(words) : refused(words);
}

function pauseOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const atMs = /^\d{1,9}$/.test(text) ? nowMs + Number(text) * 1000 : Date.parse(text);
  return Number.isFinite(atMs) ? Math.min(atMs, nowMs + LONGEST_PAUSE_MS) : undefined;
}
