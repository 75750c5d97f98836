/**
 * A RegExp for what JavaScript alone would match otherwise than Python: it puts the newline behind a line that Python
 * sees there, finds again what groups held, or walks the tree of the expression.
 * To whoever calls `exec` or `test` it is a RegExp like others; it knows no flags `g` and `y`.
 */
import type { Emitted } from './emit.js';
import { interpret, type Marks } from './interpret.js';
import type { RoundReader } from './rounds.js';
import type { RegexTree } from './syntax.js';

export interface PythonRegExpOptions {
  readonly tree: RegexTree;
  /** What JavaScript finds the match with; undefined: it is walked for. */
  readonly emitted: Emitted | undefined;
  /** Whether texts come without the newline at their end. */
  readonly bare: boolean;
  /** Whether `emitted` is written for such texts. */
  readonly emittedBare: boolean;
  /** Groups that JavaScript may have forgotten, by Python's numbers. */
  readonly lossy: ReadonlySet<number>;
  /** How they are found again; undefined: by walking. */
  readonly rounds: RoundReader | undefined;
  readonly spans: boolean;
}

export class PythonRegExp extends RegExp {
  readonly #options: PythonRegExpOptions;

  constructor(options: PythonRegExpOptions) {
    super(options.emitted?.source ?? '(?:)', options.spans ? 'd' : '');
    this.#options = options;
  }

  override exec(text: string): RegExpExecArray | null {
    const { emitted, bare, emittedBare, lossy } = this.#options;
    if (emittedBare) {
      const match = super.exec(text);
      if (match !== null && lossy.size > 0) this.#recall(match, `${text}\n`, text);
      return match;
    }
    const seen = bare ? `${text}\n` : text;
    const match = emitted === undefined ? this.#walked(seen) : super.exec(seen);
    if (match === null) return null;
    if (emitted !== undefined && lossy.size > 0) this.#recall(match, seen, text);
    if (bare) clip(match, text);
    return match;
  }

  /** Finds again what groups held in earlier rounds. */
  #recall(match: RegExpExecArray, seen: string, text: string): void {
    const { tree, emitted, lossy, rounds, spans } = this.#options;
    const numbers = emitted?.numbers ?? new Map<number, number>();
    const held = spans ? undefined : rounds?.(seen);
    if (held !== undefined) {
      for (const group of lossy) {
        const number = numbers.get(group);
        const value = held.get(group);
        if (number !== undefined && value !== undefined) match[number] = value;
      }
      return;
    }
    const marks = interpret(tree, seen, match.index, true);
    if (marks === undefined) return;
    fill(match, seen, marks, numbers);
    if (seen !== text) clip(match, text);
  }

  #walked(seen: string): RegExpExecArray | null {
    const { tree } = this.#options;
    const marks = interpret(tree, seen, 0, false);
    if (marks === undefined) return null;
    // The expression of the superclass matches everywhere, and lends its shape.
    const match = super.exec(seen);
    if (match === null) return null;
    match.index = marks[0] ?? 0;
    const numbers = Array.from({ length: tree.groups + 1 }, (_, group) => [group, group] as const);
    fill(match, seen, marks, new Map(numbers));
    return match;
  }
}

function fill(
  match: RegExpExecArray,
  seen: string,
  marks: Marks,
  numbers: ReadonlyMap<number, number>,
): void {
  const texts: (string | undefined)[] = match;
  const spans: ([number, number] | undefined)[] | undefined = match.indices;
  for (const [group, number] of numbers) {
    const [from = -1, end = -1] = marks.slice(2 * group, 2 * group + 2);
    texts[number] = end < 0 ? undefined : seen.slice(from, end);
    if (spans !== undefined) spans[number] = end < 0 ? undefined : [from, end];
  }
}

/** Takes the newline, which only Python sees, out of what was matched. */
function clip(match: RegExpExecArray, text: string): void {
  const texts: (string | undefined)[] = match;
  match.input = text;
  match.index = Math.min(match.index, text.length);
  for (const [number, group] of texts.entries())
    if (group?.endsWith('\n') === true) texts[number] = group.slice(0, -1);
  for (const span of match.indices ?? []) {
    if (span === undefined) continue;
    span[0] = Math.min(span[0], text.length);
    span[1] = Math.min(span[1], text.length);
  }
}
