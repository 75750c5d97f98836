/**
 * Tries the expressions of a filter on a text: prefregex, failregex in order, ignoreregex, successregex.
 * Takes one text whose date is cut out; gives the first expression that matches with its groups.
 * Keeps no memory of earlier lines. Before each attempt it writes to a shared slot where it stands.
 */
import type { Expression } from './expression.js';
import type { Expressions } from './expressions.js';
import type { Groups } from './groups.js';
import { ignoredFirst } from './line-gate.js';

export interface Hit {
  readonly list: 'failregex' | 'successregex' | 'ignoreregex';
  readonly expression: Expression;
  readonly match: RegExpExecArray;
  readonly groups: Groups;
}

export class Judge {
  readonly #expressions: Expressions;
  readonly #numbered: ReadonlyMap<Expression, number>;
  readonly #ignoredFirst: boolean;
  readonly #standing: Int32Array;
  /** Whether prefregex matched the last text. */
  prefixed = false;

  constructor(expressions: Expressions, standing: Int32Array) {
    this.#expressions = expressions;
    this.#numbered = new Map(expressions.all.map((expression, number) => [expression, number]));
    this.#ignoredFirst = ignoredFirst(expressions);
    this.#standing = standing;
  }

  /** The first hit, or undefined. */
  try(text: string): Hit | undefined {
    const { prefregex, failregex, successregex } = this.#expressions;
    this.prefixed = false;
    if (this.#ignoredFirst) {
      const ignored = this.#ignored(text);
      if (ignored !== undefined) return ignored;
    }
    let body = text;
    let base: Groups | undefined;
    if (prefregex !== undefined) {
      const match = this.#exec(prefregex, text);
      if (match === null) return undefined;
      prefregex.hits += 1;
      this.prefixed = true;
      const { content, ...groups } = prefregex.groups(match, undefined);
      base = groups;
      if (content !== undefined && content !== '') body = content;
    }
    for (const expression of failregex) {
      const match = this.#exec(expression, body);
      if (match === null) continue;
      expression.hits += 1;
      const ignored = this.#ignored(body);
      return ignored ?? { list: 'failregex', expression, match, groups: expression.groups(match, base) };
    }
    for (const expression of successregex) {
      const match = this.#exec(expression, body);
      if (match === null) continue;
      expression.hits += 1;
      return { list: 'successregex', expression, match, groups: expression.groups(match, base) };
    }
    return undefined;
  }

  #ignored(text: string): Hit | undefined {
    for (const expression of this.#expressions.ignoreregex) {
      const match = this.#exec(expression, text);
      if (match === null) continue;
      expression.hits += 1;
      return { list: 'ignoreregex', expression, match, groups: expression.groups(match, undefined) };
    }
    return undefined;
  }

  #exec(expression: Expression, text: string): RegExpExecArray | null {
    this.#standing[0] = this.#numbered.get(expression) ?? -1;
    return expression.regex.exec(text);
  }
}
