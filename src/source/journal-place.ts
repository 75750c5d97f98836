/**
 * The place in a journal: its opaque cursor and the time of the entry, so that a lost cursor still has a time to go on from.
 * Takes and gives the JSON text kept by the store. Cursors are compared by seqnum where they come from one journald.
 */
import type { Place } from './lines.js';

export interface JournalPlace {
  readonly cursor: string;
  /** Microseconds since the epoch, journald's own clock. */
  readonly realtimeUs: number;
}

/** The text to keep. */
export function formatJournalPlace(place: JournalPlace): Place {
  return JSON.stringify({ cursor: place.cursor, realtimeUs: place.realtimeUs });
}

/** The place of a kept text; undefined where it is none. */
export function parseJournalPlace(text: Place | undefined): JournalPlace | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('cursor' in value) || typeof value.cursor !== 'string') return undefined;
    if (!('realtimeUs' in value) || typeof value.realtimeUs !== 'number') return undefined;
    return { cursor: value.cursor, realtimeUs: value.realtimeUs };
  } catch {
    return undefined;
  }
}

/** How many entries lie between two cursors of one journald (0 = neighbours); undefined where they cannot be compared. */
export function entriesBetween(before: string, after: string): number | undefined {
  const left = seqnumOf(before);
  const right = seqnumOf(after);
  if (left === undefined || right === undefined || left.id !== right.id) return undefined;
  return right.seqnum - left.seqnum - 1;
}

function seqnumOf(cursor: string): { id: string; seqnum: number } | undefined {
  const found = /^s=([0-9a-f]{32});i=([0-9a-f]{1,13});/.exec(cursor);
  return found === null ? undefined : { id: found[1] ?? '', seqnum: Number.parseInt(found[2] ?? '', 16) };
}
