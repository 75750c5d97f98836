/**
 * One cheap test that most lines fail: whether a line holds any of the texts that the expressions need.
 * Takes the compiled expressions; gives a RegExp, or undefined where some expression needs no fixed text.
 * A line that fails the test cannot match.
 */
import { requiredText } from '../lib/python-regex/required-text.js';
import type { Expressions } from './expressions.js';

/**
 * `dated`: the lines still hold their date, which is cut out before an expression sees them; then no text is looked for
 * that could have come together only by the cut, which leaves two signs side by side.
 */
export function lineGate(expressions: Expressions, dated: boolean): RegExp | undefined {
  const cut = dated ? pieces : undefined;
  const { prefregex, failregex, successregex, ignoreregex } = expressions;
  const deciding = [...failregex, ...successregex];
  if (ignoredFirst(expressions)) deciding.push(...ignoreregex);
  const needed = new Set<string>();
  for (const expression of deciding) {
    const texts = requiredText(expression.tree.root, cut);
    if (texts === undefined)
      return prefregex === undefined || ignoredFirst(expressions)
        ? undefined
        : gateOf(requiredText(prefregex.tree.root, cut));
    for (const text of texts) needed.add(text);
  }
  return gateOf([...needed]);
}

/** Whether ignoreregex is tried before failregex: where there are clearly fewer of them. */
export function ignoredFirst(expressions: Expressions): boolean {
  const { ignoreregex, failregex } = expressions;
  return ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2;
}

function gateOf(texts: readonly string[] | undefined): RegExp | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  const shortest = texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)));
  return new RegExp(shortest.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'));
}

function pieces(text: string): readonly string[] {
  return text.split(/(?<=[^\p{L}\p{N}_])(?=[^\p{L}\p{N}_])/u);
}
