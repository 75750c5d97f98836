/**
 * A few failures of one id as one text: a third of what they take as objects, and a single thing for the collector to look
 * at. A flood is tens of thousands of ids that fail once or twice.
 * Takes failures with the attempt that each belongs to; gives them back as they were. Does not count.
 */
import type { Failure } from './ticket.js';

/** Failures in the order in which they came, and of each which attempt it belongs to. */
export interface FailureWindow {
  readonly failures: readonly Failure[];
  readonly groups: readonly number[];
}

/** Whose failures they are: it is in every one of them. */
export type Whose = Pick<Failure, 'jail' | 'id'>;

/** null: undefined. */
type Packed = readonly [
  group: number,
  timeMs: number,
  lineKind: string,
  text: string,
  address: string | null,
  user: string | null,
  connection: string | null,
  attempts: number,
  spanSeconds: number,
  data: Readonly<Record<string, string>> | null,
];

export function packed({ failures, groups }: FailureWindow): string {
  const rows = failures.map((each, index): Packed => [
    groups[index] ?? 0,
    each.timeMs,
    each.lineKind,
    each.text,
    each.address ?? null,
    each.user ?? null,
    each.connection ?? null,
    each.attempts,
    each.spanSeconds,
    each.data ?? null,
  ]);
  return JSON.stringify(rows);
}

export function unpacked(text: string, { jail, id }: Whose): FailureWindow {
  // A parse boundary: `packed` alone writes such a text.
  const rows = JSON.parse(text) as readonly Packed[];
  return {
    groups: rows.map(([group]) => group),
    failures: rows.map(
      ([, timeMs, lineKind, line, address, user, connection, attempts, spanSeconds, data]): Failure => ({
        jail,
        id,
        address: address ?? undefined,
        user: user ?? undefined,
        timeMs,
        attempts,
        spanSeconds,
        lineKind,
        connection: connection ?? undefined,
        text: line,
        ...(data !== null && { data }),
      }),
    ),
  };
}
