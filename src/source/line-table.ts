/**
 * Reads the table of lines that a chunk carries. Takes columns; gives single lines.
 * Columns, because a chunk is looked through as a whole, and most of its lines are never needed as strings.
 */
import { ownText } from '../lib/own-text.js';
import type { Line, Lines, LineTable } from './lines.js';

export function* linesOf(table: LineTable): Generator<Line> {
  for (let index = 0; index < table.length; index += 1) yield lineAt(table, index);
}

export function lineAt({ text, starts, ends, timesMs, routes }: LineTable, index: number): Line {
  return {
    text:
      typeof text === 'string'
        ? ownText(text.slice(starts[index], ends[index]))
        : text.toString('latin1', starts[index], ends[index]),
    timeMs: timesMs[index] ?? Number.NaN,
    route: routes[index] ?? 0,
  };
}

/** How many lines a chunk stands for, those left out included. */
export function lengthOf({ lines, sifted }: Lines): number {
  return (sifted?.passed ?? []).reduce<number>((sum, count = 0) => sum + count, lines.length);
}
