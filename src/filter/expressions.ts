/**
 * All expressions of a filter, compiled and checked.
 * Takes FilterOptions; gives the lists in the order in which they are tried.
 * Throws BailiffError `filter.regex` or `filter.no-address-group`.
 */
import { BailiffError } from '../lib/errors.js';
import { Expression, type ExpressionList } from './expression.js';
import { GroupNames, IDENTITY_GROUPS } from './groups.js';
import type { FilterOptions } from './match.js';

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
  const groupNames = new GroupNames();
  const common = {
    groupNames,
    filter: options.name,
    hostNames: options.usedns !== 'no',
    multiline: options.maxlines > 1,
    dated: options.logtype === 'file',
    limit,
  };
  const compile = (list: ExpressionList, texts: readonly string[]): readonly Expression[] =>
    texts.map((text, index) => new Expression({ ...common, list, index, text }));
  const [prefregex] = compile('prefregex', options.prefregex === undefined ? [] : [options.prefregex]);
  const failregex = compile('failregex', options.failregex);
  const ignoreregex = compile('ignoreregex', options.ignoreregex);
  const successregex = compile('successregex', options.successregex);
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
