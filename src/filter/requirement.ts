/**
 * What a line must hold for an expression of a filter to be worth trying, and the shape in which it is asked.
 * Takes the compiled expressions; gives for each the sets of texts of which one each must stand in the line.
 * A line that lacks one cannot match; a line that has them may.
 */
import type { RequiredText } from '../lib/python-regex/required-text.js';
import type { Expression } from './expression.js';
import type { Expressions } from './expressions.js';

/** Every set must be met; without any the expression is tried on every line. `never`: it decides nothing by itself. */
export type Requirement = readonly RequiredText[] | 'never';

/** Shorter texts are not looked for. */
const SHORTEST = 3;
/** Texts from this length on are mostly rare. */
const RARE = 6;
const NO_WORD = /[^A-Za-z ]/;

/** In the order of `expressions.all`. */
export function requirementsOf(expressions: Expressions): readonly Requirement[] {
  const { prefregex } = expressions;
  const isEarly = ignoredFirst(expressions);
  return expressions.all.map((expression): Requirement => {
    if (expression.list === 'prefregex') return 'never';
    if (expression.list === 'ignoreregex') return isEarly ? tellingOf(expression) : 'never';
    const own = tellingOf(expression);
    // What prefregex needs mostly stands in every line that the jail hears.
    return own.some(isRare) || prefregex === undefined || isEarly ? own : [...own, ...tellingOf(prefregex)];
  });
}

/** Whether ignoreregex is tried before failregex: where there are clearly fewer of them. */
export function ignoredFirst(expressions: Expressions): boolean {
  const { ignoreregex, failregex } = expressions;
  return ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2;
}

/** The same expressions, each to be tried on every line. */
export function withoutConditions(requirements: readonly Requirement[]): readonly Requirement[] {
  return requirements.map((requirement) => (requirement === 'never' ? 'never' : []));
}

/**
 * The same of expressions that are tried on several lines at once: one of the lines must hold one text of each set. A text
 * over a line's end stands for its longest piece.
 */
export function requirementsOfOneLine(requirements: readonly Requirement[]): readonly Requirement[] {
  return requirements.map((requirement) => {
    if (requirement === 'never') return 'never';
    const within = requirement.map((texts) => texts.map(longestPiece));
    // Another set may be met by another line.
    return within.filter((texts) => texts.every((text) => text.length >= SHORTEST)).slice(0, 1);
  });
}

function longestPiece(text: string): string {
  return text.split('\n').reduce((longest, piece) => (piece.length > longest.length ? piece : longest));
}

/** The most telling set, and those that tell lines apart which have that one: words alone stand in most of them. */
function tellingOf({ needs }: Expression): readonly RequiredText[] {
  const long = needs.filter((texts) => texts.every((text) => text.length >= SHORTEST));
  return long
    .filter((texts, place) => place === 0 || texts.every((text) => NO_WORD.test(text)))
    .map(essential);
}

function isRare(texts: RequiredText): boolean {
  return texts.every((text) => text.length >= RARE);
}

/** Without those that hold another one. */
function essential(texts: RequiredText): RequiredText {
  return texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)));
}
