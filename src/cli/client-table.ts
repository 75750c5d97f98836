/**
 * The table of `stats`, as fail2ban-client draws it.
 * Takes the daemon's value: jail → backend, (failed now, in all), (banned now, in all). Gives lines.
 */
import { type PythonValue, textOf } from '../lib/python-value.js';

const LEAST_WIDTHS = [8, 8, 3, 3, 3, 3];
const BAR = ' ║ ';
const INNER_BAR = ' │ ';

export function statsTable(value: PythonValue): string {
  const entries = typeof value === 'object' && value !== null && 'dict' in value ? value.dict : [];
  if (entries.length === 0) return 'No jails found.';
  const rows = entries.map(([name, row]) => [name, ...cellsOf(row)]);
  const widths = LEAST_WIDTHS.map((least, at) =>
    Math.max(least, ...rows.map((row) => Array.from(row[at] ?? '').length)),
  );
  const width = (at: number): number => widths[at] ?? 0;
  const wide = [width(0), width(1), 3 + width(2) + width(3), 3 + width(4) + width(5)];
  const line = (cells: readonly string[]): string =>
    [
      (cells[0] ?? '').padEnd(width(0)),
      (cells[1] ?? '').padEnd(width(1)),
      [(cells[2] ?? '').padStart(width(2)), (cells[3] ?? '').padStart(width(3))].join(INNER_BAR),
      [(cells[4] ?? '').padStart(width(4)), (cells[5] ?? '').padStart(width(5))].join(INNER_BAR),
    ].join(BAR);
  const rule = (cross: string): string => `${wide.map((count) => '═'.repeat(count)).join(`═${cross}═`)}═`;
  const head = ['', '', 'Filter', 'Actions'].map((text, at) => text.padEnd(wide[at] ?? 0)).join(BAR);
  const names = ['Jail', 'Backend'].map((text, at) => text.padEnd(width(at))).join(BAR);
  const underline = wide.slice(2).map((count) => '─'.repeat(count));
  return [
    head,
    `${names} ╟─${underline.join('─╫─')}─`,
    line(['', '', 'cur', 'tot', 'cur', 'tot']),
    rule('╬'),
    ...rows.map(line),
    rule('╩'),
  ].join('\n');
}

function cellsOf(row: PythonValue): readonly string[] {
  if (!Array.isArray(row)) return [];
  const items: readonly PythonValue[] = row;
  return items.flatMap((item) =>
    typeof item === 'object' && item !== null && 'tuple' in item ? item.tuple.map(textOf) : [textOf(item)],
  );
}
