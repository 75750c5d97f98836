/**
 * Where a command prints: makes every text visible first, lays out tables and colours only on a terminal.
 * Takes texts as they came from logs or the daemon. Elsewhere than on a terminal a table is one row a line, its cells
 * separated by tabs, without a header.
 */
import { styleText } from 'node:util';
import { visible } from '../lib/visible-text.js';
import { jsonText } from './json-text.js';
import { tableLines } from './table.js';

export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export type Style = 'bold' | 'red' | 'green' | 'yellow' | 'dim';

export class Terminal {
  readonly #out: Sink;
  readonly #err: Sink;

  constructor(out: Sink = process.stdout, err: Sink = process.stderr) {
    this.#out = out;
    this.#err = err;
  }

  /** Whether somebody looks. */
  get interactive(): boolean {
    return this.#out.isTTY === true;
  }

  line(text = '', style?: Style): void {
    this.#out.write(`${this.#styled(visible(text), style)}\n`);
  }

  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    const shown = rows.map((row) => row.map(visible));
    if (!this.interactive) {
      for (const row of shown) this.#out.write(`${row.join('\t')}\n`);
      return;
    }
    const [head = '', ...lines] = tableLines(header, shown, this.#out.columns);
    this.#out.write(`${this.#styled(head, 'bold')}\n`);
    for (const line of lines) this.#out.write(`${line}\n`);
  }

  /** A line of JSON for each value, written at once. */
  json(...values: readonly unknown[]): void {
    if (values.length > 0) this.#out.write(values.map((value) => `${jsonText(value)}\n`).join(''));
  }

  /** What goes wrong, on standard error. */
  complain(text: string): void {
    this.#err.write(`${visible(text)}\n`);
  }

  #styled(text: string, style: Style | undefined): string {
    if (style === undefined || !this.interactive || process.env['NO_COLOR']) return text;
    return styleText(style, text);
  }
}
