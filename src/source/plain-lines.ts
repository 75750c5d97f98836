/**
 * Lines of a file as a table, cut where the newlines stand: no string for each line, most of which nobody ever needs.
 * Takes a text that ends with a newline; gives the table. Decodes nothing, and cuts no line short.
 */
import type { TextTable } from './line-table.js';

const RETURN = 13;

/** The time of each stands in its text. `\r` before the newline is dropped. */
export function plainLines(text: string): TextTable {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline > start && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
    starts.push(start);
    ends.push(end);
    start = newline + 1;
  }
  return {
    length: starts.length,
    text,
    starts: new Int32Array(starts),
    ends: new Int32Array(ends),
    timesMs: new Float64Array(starts.length).fill(Number.NaN),
    routes: new Int32Array(starts.length),
  };
}
