/**
 * Makes and reads the table of lines that a chunk carries. Takes single lines; gives columns, and single lines again.
 * Columns, because a chunk is looked through as a whole, and most of its lines are never needed as strings.
 */
import type { Line, LineTable } from './lines.js';

/** The lines of a chunk that is being read, one after the other. */
export class LineTableBuilder {
  readonly #texts: string[] = [];
  readonly #times: number[] = [];
  readonly #routes: number[] = [];

  add(text: string, timeMs: number, route: number): void {
    this.#texts.push(text);
    this.#times.push(timeMs);
    this.#routes.push(route);
  }

  /** The table of what was added since the last time. */
  take(): LineTable {
    const length = this.#texts.length;
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    let end = 0;
    for (let index = 0; index < length; index += 1) {
      starts[index] = end;
      end += this.#texts[index]?.length ?? 0;
      ends[index] = end;
    }
    const timesMs = Float64Array.from(this.#times);
    const routes = Int32Array.from(this.#routes);
    const text = this.#texts.join('');
    for (const column of [this.#texts, this.#times, this.#routes]) column.length = 0;
    return { length, text, starts, ends, timesMs, routes };
  }
}

export function tableOf(lines: readonly Line[]): LineTable {
  const builder = new LineTableBuilder();
  for (const { text, timeMs, route } of lines) builder.add(text, timeMs, route);
  return builder.take();
}

/** Lines of a file: their time stands in their text. */
export function tableOfTexts(texts: readonly string[]): LineTable {
  const builder = new LineTableBuilder();
  for (const text of texts) builder.add(text, Number.NaN, 0);
  return builder.take();
}

export function* linesOf(table: LineTable): Generator<Line> {
  for (let index = 0; index < table.length; index += 1) yield lineAt(table, index);
}

export function lineAt({ text, starts, ends, timesMs, routes }: LineTable, index: number): Line {
  return {
    text: text.slice(starts[index], ends[index]),
    timeMs: timesMs[index] ?? Number.NaN,
    route: routes[index] ?? 0,
  };
}
