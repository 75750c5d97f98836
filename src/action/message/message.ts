/**
 * What is told about bans to people and programs outside: a title, a text and the bans as data.
 * These are the types: a form makes messages of bans, a carrier hands one over and says what became of it.
 */
import type { Delivery, Answer } from '../outbox/courier.js';

/** One ban, as it is told. */
export interface BanNote {
  readonly jail: string;
  /** Address or network. */
  readonly target: string;
  readonly address: string | undefined;
  readonly bannedAtMs: number;
  /** undefined = for ever. */
  readonly untilMs: number | undefined;
  readonly failures: number;
  readonly isByHand: boolean;
}

export interface Message {
  /** One line. */
  readonly title: string;
  /** Lines with `\n`; nothing in it that cannot be seen. */
  readonly text: string;
  /** All that it is about; the text of a digest may name fewer. None where it is about something else. */
  readonly bans: readonly BanNote[];
}

/** What became of one message. */
export interface Handed extends Pick<Delivery, 'fault' | 'pauseUntilMs'> {
  readonly answer: Answer;
}

export interface Carrier {
  /** Hands a message over, once. Never rejects. */
  hand(message: Message, nowMs: number): Promise<Handed>;
}

/** Nothing was taken, and nothing will be until somebody changes something: it waits. */
export function held(why: string, pauseUntilMs?: number): Handed {
  return { answer: { kind: 'retry', detail: why }, fault: why, pauseUntilMs };
}

/** It may have been taken: it is not sent again. */
export function inDoubt(why: string): Handed {
  return { answer: { kind: 'unknown', detail: why }, fault: why, pauseUntilMs: undefined };
}

export function taken(detail: string): Handed {
  return { answer: { kind: 'accepted', detail }, fault: undefined, pauseUntilMs: undefined };
}

/** Refused for good; the receiver works. */
export function refused(detail: string): Handed {
  return { answer: { kind: 'refused', detail }, fault: undefined, pauseUntilMs: undefined };
}
