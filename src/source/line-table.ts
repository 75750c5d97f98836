/**
 * Reads the table of lines that a chunk carries. Takes columns; gives single lines.
 * Columns, because a chunk is looked through as a whole, and most of its lines are never needed as strings.
 */
import { ownText } from '../lib/own-text.js';
import type { Line, Lines, LineTable } from './lines.js';

/** A table whose text is a string, as single lines are cut from. */
export type TextTable = Omit<LineTable, 'text'> & { readonly text: string };

/**
 * The table with its bytes as one string. All at once: V8 cuts and copies a piece of a string faster than it makes one
 * of bytes.
 */
export function textTable(table: LineTable): TextTable {
  const { text } = table;
  return { ...table, text: typeof text === 'string' ? text : text.toString('latin1') };
}

export function* linesOf(table: LineTable): Generator<Line> {
  const texts = textTable(table);
  for (let index = 0; index < table.length; index += 1) yield lineAt(texts, index);
}

export function lineAt(table: TextTable, index: number): Line {
  const { timesMs, routes } = table;
  return { text: textAt(table, index), timeMs: timesMs[index] ?? Number.NaN, route: routes[index] ?? 0 };
}

/** The text of a line, in memory of its own. */
export function textAt({ text, starts, ends }: TextTable, index: number): string {
  return ownText(text.slice(starts[index], ends[index]));
}

/** How many lines a chunk stands for, those left out included. */
export function lengthOf({ lines, sifted }: Lines): number {
  return (sifted?.passed ?? []).reduce<number>((sum, count = 0) => sum + count, lines.length);
}
