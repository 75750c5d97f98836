/**
 * What came of one line: the type, and how it is made. Takes what the expression and its groups say. Not yet by name, since
 * that is only wanted where a line is examined for somebody to read.
 */
import { GROUP, type Groups } from './groups.js';
import type { Match } from './match.js';
import type { Judgement } from './verdict.js';

/** What came of a line, its groups still by number. */
export type Decision = Omit<Judgement, 'data'> & { readonly groups: Readonly<Groups> };

export function decision(
  outcome: Judgement['outcome'],
  list: Judgement['list'],
  expression: number,
  groups: Readonly<Groups>,
  match: Match | undefined,
): Decision {
  return { outcome, list, expression, groups, match };
}

/** Without a connection only `<F-NOFAIL>` and `<F-MLFGAINED>` change what a line is. */
export function kindOf(groups: Readonly<Groups>): Match['kind'] {
  if ((groups[GROUP.mlfgained] ?? '') !== '') return 'success';
  return (groups[GROUP.nofail] ?? '') === '' ? 'failure' : 'helper';
}
