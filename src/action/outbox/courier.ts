/**
 * What carries things out of the host: one courier for each kind of receiver (AbuseIPDB, mail, a webhook).
 * Takes entries of one subject and makes a letter of them; hands letters over and says what became of each.
 * These are the types; the dispatcher decides when. A courier never touches the store.
 */
import type { OutboxEntry } from './outbox.js';

export interface Letter {
  /** The entries that it is made of. */
  readonly ids: readonly number[];
  readonly subject: string;
  /** The jail of its first entry. */
  readonly jail: string;
  /** What is sent, as JSON: a repeated sending sends exactly this. */
  readonly text: string;
  /** Whether it was handed over before without an answer: "you have told me already" means that it arrived. */
  readonly isRepeat: boolean;
}

export interface Composed {
  /** undefined = nothing is left to send. */
  readonly text: string | undefined;
  /** The entries that the text speaks of. */
  readonly ids: readonly number[];
  /** Entries that are not sent, with the rule that decided. */
  readonly declined: readonly { readonly id: number; readonly because: string }[];
}

export type Answer =
  | { readonly kind: 'accepted'; readonly detail: string }
  /** For good: it is not asked again. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Certainly not taken: it waits again. */
  | { readonly kind: 'retry'; readonly detail: string }
  /** May have arrived. */
  | { readonly kind: 'unknown'; readonly detail: string };

export interface Delivery {
  /** One for each letter, in order. */
  readonly answers: readonly Answer[];
  /** What is wrong with the receiver or the way to it; undefined = nothing. */
  readonly fault: string | undefined;
  /** Not before (milliseconds since the epoch) will the receiver take anything more. */
  readonly pauseUntilMs: number | undefined;
}

export type Room =
  /** So many letters may go in one delivery; `share` = they count against what jails share. */
  | { readonly kind: 'open'; readonly most: number; readonly isShared: boolean }
  | { readonly kind: 'closed'; readonly untilMs: number; readonly because: string };

/** What the receiver takes in a day, and what is left of it. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
}

export interface Courier {
  /** `abuseipdb`; the entries of the outbox bear it. */
  readonly kind: string;
  /** How long the receiver refuses a second letter of the same subject by itself, so that asking again is safe; 0 = never. */
  readonly repeatMs: number;
  /** How far two letters of one subject must lie apart; 0 = any. */
  readonly spacingMs: number;
  /** What jails share; undefined = no limit. */
  allowance(nowMs: number): Allowance | undefined;
  /** Whether there is room now, with so many entries due, or to be asked again. */
  room(due: number, isRepeat: boolean, nowMs: number): Room;
  /** Entries of one subject, the oldest first. */
  compose(entries: readonly OutboxEntry[], nowMs: number): Composed;
  /** Takes what is sent off the allowance: before it is sent, since the answer may be lost. */
  charge(letters: number, nowMs: number): void;
  /** Never rejects. */
  send(letters: readonly Letter[], nowMs: number): Promise<Delivery>;
  /** What the store keeps of a letter that is never sent again; without it, all of it. */
  kept?(text: string): string;
  /** Asks the receiver for something harmless, after a fault; gives what is wrong. */
  probe?(nowMs: number): Promise<Pick<Delivery, 'fault' | 'pauseUntilMs'>>;
  /** What it has to remember over a restart, as JSON. */
  memory(): string;
}
