/**
 * One row of the outbox, as it is written and read back. Types, and the parse boundary of its rows.
 */
import type { Row } from './binding.js';

const STATES = [
  'waiting', 'sending', 'accepted', 'refused', 'unknown', 'declined', 'cancelled', 'given-up',
] as const; // prettier-ignore

export type OutboxState = (typeof STATES)[number];

export interface NewOutboxEntry {
  readonly courier: string;
  /** What it is about: entries of one subject are merged. */
  readonly subject: string;
  readonly jail: string;
  /** The ban's number in the store. */
  readonly ban: number | undefined;
  /** The heavier goes first. */
  readonly weight: number;
  readonly writtenAtMs: number;
  readonly dueAtMs: number;
  readonly expiresAtMs: number;
  readonly payload: string;
}

export interface OutboxEntry extends NewOutboxEntry {
  readonly id: number;
  readonly state: OutboxState;
  /** When it was handed to the network last. */
  readonly askedAtMs: number | undefined;
  /** Since when it may have arrived without an answer. */
  readonly doubtSinceMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** What was sent, as composed. */
  readonly letter: string | undefined;
  readonly answer: string | undefined;
}

export function readEntry(row: Row): OutboxEntry {
  const number = (name: string): number | undefined => (row[name] === null ? undefined : Number(row[name]));
  const text = (name: string): string | undefined => (row[name] === null ? undefined : String(row[name]));
  return {
    id: Number(row['id']),
    courier: String(row['courier']),
    subject: String(row['subject']),
    jail: String(row['jail']),
    ban: number('ban'),
    weight: Number(row['weight']),
    state: stateOf(row),
    writtenAtMs: Number(row['written_at_ms']),
    dueAtMs: Number(row['due_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    askedAtMs: number('asked_at_ms'),
    doubtSinceMs: number('doubt_since_ms'),
    endedAtMs: number('ended_at_ms'),
    payload: String(row['payload']),
    letter: text('letter'),
    answer: text('answer'),
  };
}

export function stateOf(row: Row): OutboxState {
  return STATES.find((state) => state === row['state']) ?? 'unknown';
}
