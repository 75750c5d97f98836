/**
 * Carries bans to one receiver as messages: one for each ban while few are due, a digest of all once more are due than the
 * rate has left. Takes entries of the outbox; hands each message over at most once: a mailbox takes everything twice.
 */
import type { Allowance, Composed, Courier, Delivery, Letter, Room } from '../outbox/courier.js';
import type { OutboxEntry } from '../outbox/outbox.js';
import type { WhoisAnswer } from '../whois/whois.js';
import type { BanNote, Carrier, Message } from './message.js';
import { type MessagePayload, readPayload } from './payload.js';
import { Rate, type RateOptions } from './rate.js';
import { messageOfMany, messageOfOne } from './words.js';

/** So many of those due are looked at for one whose whois is there. */
const LOOKED_AT = 4;

export interface MessageCourierParts {
  readonly kind: string;
  readonly carrier: Carrier;
  readonly rate: RateOptions;
  /** This host's name. */
  readonly host: string;
  /** Lines that a ban rests on. */
  readonly linesOf: (entry: OutboxEntry) => readonly string[];
  readonly whois: ((address: string) => WhoisAnswer) | undefined;
  readonly memory?: string | undefined;
}

interface Due {
  readonly entry: OutboxEntry;
  readonly payload: MessagePayload;
}

export class MessageCourier implements Courier {
  readonly kind: string;
  readonly repeatMs = 0;
  readonly spacingMs = 0;
  readonly #parts: MessageCourierParts;
  readonly #rate: Rate;

  constructor(parts: MessageCourierParts) {
    this.#parts = parts;
    this.kind = parts.kind;
    this.#rate = new Rate(parts.rate, parts.memory);
  }

  allowance(): Allowance | undefined {
    return undefined;
  }

  room(_due: number, _isRepeat: boolean, nowMs: number): Room {
    if (this.#rate.left(nowMs) >= 1) return { kind: 'open', most: 1, isShared: false };
    return { kind: 'closed', untilMs: this.#rate.nextMs(nowMs), because: 'so many messages went lately' };
  }

  /** A message of one ban whose whois is there, else nothing yet; a digest where the rate has no room for each. */
  compose(entries: readonly OutboxEntry[], nowMs: number): Composed {
    const due: Due[] = [];
    for (const entry of entries) {
      const payload = readPayload(entry.payload);
      if ('notice' in payload) return composed({ ...payload.notice, bans: [] }, [entry]);
      due.push({ entry, payload });
    }
    const fresh = due.filter(({ payload }) => !payload.isHeld);
    if (fresh.length > this.#rate.left(nowMs)) return this.#digest(fresh);
    for (const { entry, payload } of fresh.slice(0, LOOKED_AT)) {
      const whois = this.#whoisOf(payload);
      if (whois?.kind === 'asked') continue;
      const lines = payload.tellsLines ? this.#parts.linesOf(entry) : undefined;
      return composed(messageOfOne({ ban: noteOf(entry, payload), lines, whois }, this.#parts.host), [entry]);
    }
    return fresh.length > 0 ? composed(undefined, []) : this.#digest(due);
  }

  charge(_letters: number, nowMs: number): void {
    this.#rate.take(nowMs);
  }

  async send([letter]: readonly Letter[], nowMs: number): Promise<Delivery> {
    if (letter === undefined) return { answers: [], fault: undefined, pauseUntilMs: undefined };
    // A parse boundary: written by `compose`.
    const { answer, ...rest } = await this.#parts.carrier.hand(JSON.parse(letter.text) as Message, nowMs);
    return { answers: [answer], ...rest };
  }

  /** The title will do: it is never sent again, and a digest has many rows. */
  kept(text: string): string {
    // A parse boundary: written by `compose`.
    const { title } = JSON.parse(text) as Message;
    return JSON.stringify({ title });
  }

  memory(): string {
    return this.#rate.memory();
  }

  #digest(due: readonly Due[]): Composed {
    if (due.length === 0) return composed(undefined, []);
    const bans = due.map(({ entry, payload }) => noteOf(entry, payload));
    return composed(
      messageOfMany(bans, this.#parts.host),
      due.map(({ entry }) => entry),
    );
  }

  #whoisOf({ tellsWhois, address }: MessagePayload): WhoisAnswer | undefined {
    if (!tellsWhois) return undefined;
    if (address === undefined) return { kind: 'absent', because: 'what is banned is no address' };
    return this.#parts.whois?.(address) ?? { kind: 'absent', because: 'it is switched off (`whoisserver`)' };
  }
}

function composed(message: Message | undefined, entries: readonly OutboxEntry[]): Composed {
  return { text: message && JSON.stringify(message), ids: entries.map(({ id }) => id), declined: [] };
}

function noteOf({ jail }: OutboxEntry, payload: MessagePayload): BanNote {
  const { target, address, bannedAtMs, untilMs, failures, isByHand } = payload;
  return { jail, target, address, bannedAtMs, untilMs, failures, isByHand };
}
