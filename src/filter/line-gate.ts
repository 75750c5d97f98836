/**
 * One cheap test that most lines fail: whether a line holds any of the texts that the expressions need.
 * Takes the compiled expressions; gives RegExps, none where some expression needs no fixed text.
 * A line that fails the test cannot match.
 */
import type { RequiredText } from '../lib/python-regex/required-text.js';
import type { Expressions } from './expressions.js';

/** Filters of thousands of expressions go without: the gate would be as slow as they are. */
const MOST_TEXTS = 2000;

/** Every one must hold for a line that can match. */
export type LineGate = readonly RegExp[];

export function lineGate(expressions: Expressions): LineGate {
  const { prefregex, failregex, successregex, ignoreregex } = expressions;
  const deciding = [...failregex, ...successregex];
  const early = ignoredFirst(expressions);
  if (early) deciding.push(...ignoreregex);
  const needs = [anyOf(deciding.map(({ needs }) => needs))];
  if (prefregex !== undefined && !early) needs.push(prefregex.needs);
  return needs
    .filter((texts) => texts !== undefined && texts.length > 0)
    .map((texts) => essential(texts ?? []))
    .sort((a, b) => shortest(b) - shortest(a))
    .map(alternatives);
}

/** Whether ignoreregex is tried before failregex: where there are clearly fewer of them. */
export function ignoredFirst(expressions: Expressions): boolean {
  const { ignoreregex, failregex } = expressions;
  return ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2;
}

function anyOf(needs: readonly (RequiredText | undefined)[]): RequiredText | undefined {
  const all = new Set<string>();
  for (const texts of needs) {
    if (texts === undefined) return undefined;
    for (const text of texts) all.add(text);
  }
  return all.size > MOST_TEXTS ? undefined : [...all];
}

/** Without those that hold another one. */
function essential(texts: RequiredText): RequiredText {
  return texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)));
}

function shortest(texts: RequiredText): number {
  return Math.min(...texts.map((text) => text.length));
}

function alternatives(texts: RequiredText): RegExp {
  return new RegExp(texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'));
}
