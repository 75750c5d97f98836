/**
 * All expressions of a filter, compiled and checked.
 * Takes FilterOptions; gives the lists in the order in which they are tried.
 * Throws BailiffError `filter.regex` or `filter.no-address-group`.
 */
import { BailiffError } from '../lib/errors.js';
import { Expression, type ExpressionList, type ExpressionSettings, translationToKeep } from './expression.js';
import { GroupNames, IDENTITY_GROUPS } from './groups.js';
import type { KeptTranslation } from './kept-translations.js';
import type { FilterOptions } from './match.js';

const EXPRESSION_LISTS = ['prefregex', 'failregex', 'ignoreregex', 'successregex'] as const;

export interface Expressions {
  readonly prefregex: Expression | undefined;
  readonly failregex: readonly Expression[];
  readonly ignoreregex: readonly Expression[];
  readonly successregex: readonly Expression[];
  /** All of them; the position here is what the shared slot tells. */
  readonly all: readonly Expression[];
  readonly groupNames: GroupNames;
}

export function compileExpressions(options: FilterOptions, limit?: (regex: RegExp) => RegExp): Expressions {
  const groupNames = groupNamesOf(options);
  const compile = (list: ExpressionList): readonly Expression[] =>
    settingsOf(options, list, groupNames, limit).map((settings) => new Expression(settings));
  const [prefregex] = compile('prefregex');
  const failregex = compile('failregex');
  const ignoreregex = compile('ignoreregex');
  const successregex = compile('successregex');
  for (const expression of [...failregex, ...successregex])
    requireIdentity(expression, prefregex, options.name);
  const all = [
    ...(prefregex === undefined ? [] : [prefregex]),
    ...failregex,
    ...successregex,
    ...ignoreregex,
  ];
  return { prefregex, failregex, ignoreregex, successregex, all, groupNames };
}

/** More than so many are forgotten; who has them keeps them. */
const MOST_KNOWN = 256;
const known = new Map<string, GroupNames>();

/** Groups have the same numbers in all filters with the same prefregex, so that they can share what they find. */
function groupNamesOf({ prefregex }: FilterOptions): GroupNames {
  if (prefregex === undefined) return new GroupNames();
  const names = known.get(prefregex) ?? new GroupNames();
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(prefregex, names);
  return names;
}

/** What each expression of a list is made with. */
function settingsOf(
  options: FilterOptions,
  list: ExpressionList,
  groupNames: GroupNames,
  limit?: (regex: RegExp) => RegExp,
): readonly ExpressionSettings[] {
  const { name: filter, prefregex } = options;
  const texts = list === 'prefregex' ? (prefregex === undefined ? [] : [prefregex]) : options[list];
  const common = { groupNames, filter, list, limit };
  const hostNames = options.usedns !== 'no';
  const multiline = options.maxlines > 1;
  const dated = options.logtype === 'file';
  return texts.map((text, index) => ({ ...common, hostNames, multiline, dated, index, text }));
}

/** The translations of all expressions of some filters, to be kept beside the code that made them. */
export function translationsToKeep(
  filters: readonly FilterOptions[],
): Readonly<Record<string, KeptTranslation>> {
  const groupNames = new GroupNames();
  const all = filters.flatMap((filter) =>
    EXPRESSION_LISTS.flatMap((list) => settingsOf(filter, list, groupNames)),
  );
  return Object.fromEntries(
    all.flatMap((settings) => {
      const kept = translationToKeep(settings);
      return kept === undefined ? [] : [kept];
    }),
  );
}

function requireIdentity(expression: Expression, prefregex: Expression | undefined, filter: string): void {
  const named = IDENTITY_GROUPS.some(
    (group) => expression.names.has(group) || prefregex?.names.has(group) === true,
  );
  if (named) return;
  const message = `${filter}: ${expression.list} ${expression.index} names nobody: ${expression.text}`;
  throw new BailiffError('filter.no-address-group', message, {
    where: { option: expression.list },
    remedy:
      'Put <HOST>, <ADDR>, <F-ID>…</F-ID> or <F-MLFID>…</F-MLFID> where the address or the connection stands.',
  });
}
