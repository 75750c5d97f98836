/**
 * Whether an expression may be added to a jail, judged as Fail2Ban judges it and in its words.
 * Takes the expression; throws a Refusal. That our own filter can run it is asked of the filter stage as well.
 */
import { checkFilter } from '../../jail/check-filter.js';
import type { JailOptions } from '../../jail/options.js';
import { RegexSyntaxError } from '../../lib/python-regex/regex-syntax-error.js';
import { translatePythonRegex } from '../../lib/python-regex/translate.js';
import { refusal } from './refusal.js';
import { spelledExpression } from './spelled-expression.js';

const IDENTITIES = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];

/** What our parser says, in the words of Python's. */
const PYTHON_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^a `\(` lacks its `\)`/, 'missing ), unterminated subpattern'],
  [/^a `\)` has no `\(`/, 'unbalanced parenthesis'],
  [/^there is nothing (?:for|to repeat)/, 'nothing to repeat'],
  [/^a repetition is repeated/, 'multiple repeat'],
  [/^a class .* lacks its/, 'unterminated character set'],
];

/** The groups of an expression, spelled as Fail2Ban spells it. @throws Refusal where Python would not compile it. */
export function compiledNames(spelled: string): ReadonlySet<string> {
  if (spelled === '') throw refusal('Cannot add empty regex');
  try {
    const { names } = translatePythonRegex(spelled, { flags: { multiline: false }, textEnd: 'bare' });
    return new Set(names.keys());
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw refusal(`Unable to compile regular expression '${spelled}':\n${pythonWords(error)}`);
  }
}

/** @throws Refusal where nothing in the expression, nor in prefregex, can name somebody. */
export function requireIdentity(spelled: string, { filter }: JailOptions): void {
  const names = [...compiledNames(spelled)];
  const { prefregex } = filter;
  if (prefregex !== undefined) names.push(...compiledNames(spelledExpression(prefregex, true)));
  if (!names.some((name) => IDENTITIES.includes(name))) throw refusal(`No failure-id group in '${spelled}'`);
}

/** @throws Refusal where our own filter cannot run these options. */
export function requireRunnable({ filter }: JailOptions): void {
  const [error] = checkFilter(filter);
  if (error !== undefined) throw refusal(error.message);
}

function pythonWords({ message, position }: RegexSyntaxError): string {
  const words = PYTHON_WORDS.find(([ours]) => ours.test(message))?.[1];
  return words === undefined ? message : `${words} at position ${position}`;
}
