/**
 * What the outbox keeps of a message: the ban, and what is to be told of it. Written with the ban; no secret is in it.
 */
import type { BanNote } from './message.js';

export interface MessagePayload extends Omit<BanNote, 'jail'> {
  readonly tellsWhois: boolean;
  readonly tellsLines: boolean;
  /** Held back until the day's digest. */
  readonly isHeld: boolean;
}

/** Something else to be told than a ban. */
export interface NoticePayload {
  readonly notice: { readonly title: string; readonly text: string };
}

export function writePayload(payload: MessagePayload | NoticePayload): string {
  return JSON.stringify(payload);
}

export function readPayload(text: string): MessagePayload | NoticePayload {
  // A parse boundary: our own row of the store. JSON has no undefined.
  const payload = JSON.parse(text) as MessagePayload | NoticePayload;
  if ('notice' in payload) return payload;
  const { address, untilMs, ...rest } = payload;
  return { ...rest, address, untilMs };
}
