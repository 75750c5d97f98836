/**
 * One expression of a trial: matches the lines of a buffer as Python's `re` would, and tells which lines it used up.
 * Takes the expression as written; gives its groups, absent ones as null. Keeps its last match.
 */
import { BailiffError } from '../../lib/errors.js';
import { RegexSyntaxError } from '../../lib/python-regex/regex-syntax-error.js';
import { translatePythonRegex, type TranslatedRegex } from '../../lib/python-regex/translate.js';
import { statedExpression, groupOfLabel } from './stated-tags.js';
import { type Fields, type StampedLine, strippedText } from './trial-line.js';

export interface TrialExpressionOptions {
  /** Whether `<HOST>` may be a name. */
  readonly hostNames: boolean;
  /** Whether it is tried on several lines at once. */
  readonly multiline: boolean;
}

export class TrialExpression {
  /** With its tags expanded. */
  readonly stated: string;
  readonly #translated: TranslatedRegex;
  /** `alt_user_1` → `user`, sorted; and the same for `tuple_…`. */
  readonly #alternates: readonly (readonly [string, string])[];
  readonly #tuples: readonly (readonly [string, string])[];
  #match: RegExpExecArray | null = null;
  /** The lines that the last match lies in, and those that it leaves. */
  matched: readonly StampedLine[] = [];
  unmatched: readonly StampedLine[] = [];

  /** @throws BailiffError `filter.regex`, with the expression and what is wrong with it as its message. */
  constructor(written: string, { hostNames, multiline }: TrialExpressionOptions) {
    this.stated = statedExpression(written, hostNames);
    this.#translated = translated(this.stated, multiline);
    const names = [...this.#translated.names.keys()].sort();
    this.#alternates = namesWith('alt', names);
    this.#tuples = namesWith('tuple', names);
  }

  get names(): ReadonlyMap<string, number> {
    return this.#translated.names;
  }

  get hasMatched(): boolean {
    return this.#match !== null;
  }

  /** Searches the text of a buffer; `lines` are those that the text stands for. */
  search(text: string, lines: readonly StampedLine[]): boolean {
    this.#match = this.#translated.regex.exec(text);
    if (this.#match === null) return false;
    if (lines.length <= 1) {
      this.matched = lines;
      this.unmatched = [];
    } else this.#divide(this.#match, lines);
    return true;
  }

  /** The groups of the last match. */
  groups(): Fields {
    const fields: Fields = new Map();
    for (const [name, number] of this.#translated.names) fields.set(name, this.#match?.[number] ?? null);
    for (const [name, target] of this.#alternates) {
      const value = fields.get(name);
      if (isFilled(value) && !isFilled(fields.get(target))) fields.set(target, value ?? null);
    }
    for (const [name, target] of this.#tuples) {
      const before = fields.get(target) ?? null;
      const parts =
        typeof before === 'object' && before !== null && 'tuple' in before ? before.tuple : [before];
      fields.set(target, { tuple: [...parts, fields.get(name) ?? null] });
    }
    return fields;
  }

  /** Which lines the match lies in; lines that `<SKIPLINES>` passed over are left. */
  #divide(match: RegExpExecArray, lines: readonly StampedLine[]): void {
    const text = match.input;
    const end = match.index + match[0].length;
    const lineStart = text.lastIndexOf('\n', match.index) + 1;
    const newline = text.indexOf('\n', Math.max(0, end - 1));
    const first = newlinesIn(text.slice(0, lineStart));
    const last = newlinesIn(text.slice(0, newline < 0 ? text.length : newline + 1));
    const matched = lines.slice(first, last);
    const left = lines.slice(0, first);
    let from = 0;
    for (const skipped of this.#skipped(match)) {
      const at = matched.findIndex((line, index) => index >= from && strippedText(line) === skipped);
      if (at < 0) continue;
      left.push(...matched.splice(at, 1));
      from = at;
    }
    this.matched = matched;
    this.unmatched = [...left, ...lines.slice(last)];
  }

  #skipped(match: RegExpExecArray): readonly string[] {
    let text = '';
    for (const [name, number] of this.#translated.names)
      if (/^skiplines\d+$/.test(name)) text += match[number] ?? '';
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  }
}

function translated(stated: string, multiline: boolean): TranslatedRegex {
  if (stated.trim() === '') throw new BailiffError('filter.regex', 'Cannot add empty regex');
  try {
    return translatePythonRegex(stated, { flags: { multiline }, textEnd: 'newline' });
  } catch (cause) {
    if (!(cause instanceof RegexSyntaxError)) throw cause;
    const message = `Unable to compile regular expression '${stated}':\n${cause.message}`;
    throw new BailiffError('filter.regex', message, { cause });
  }
}

function namesWith(prefix: string, names: readonly string[]): readonly (readonly [string, string])[] {
  const pattern = new RegExp(`^${prefix}_(.*?)(?:_\\d+)?$`);
  return names.flatMap((name) => {
    const target = pattern.exec(name)?.[1];
    return target === undefined ? [] : [[name, groupOfLabel(target)] as const];
  });
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function newlinesIn(text: string): number {
  return text.split('\n').length - 1;
}
