/**
 * Sections that were probably meant for another jail: `[dovcot]` beside `[dovecot]`.
 * Takes the sections of all jail files; gives a warning for each of the admin's that enables nothing and is a slip away
 * from a jail of another file.
 */
import { BailiffError } from '../lib/errors.js';
import { nearestName } from './nearest-name.js';
import { type Problem, problemOf } from './problem.js';
import type { Sections } from './sections.js';

/** Letters that a slip may cost. */
const SLIP = 2;

/** @param judged whether a file is the admin's own. */
export function straySections(sections: Sections, judged: (file: string) => boolean): readonly Problem[] {
  const problems: Problem[] = [];
  for (const name of sections.names()) {
    const [first] = sections.settings(name);
    if (first === undefined || name === 'INCLUDES' || sections.own(name, 'enabled') !== undefined) continue;
    const files = filesOf(sections, name);
    if (![...files].every(judged)) continue;
    const others = sections
      .names()
      .filter((other) => other !== name && [...filesOf(sections, other)].some((file) => !files.has(file)));
    const near = nearestName(name, others, SLIP);
    if (near !== undefined) problems.push(problemOf(stray(name, near, first), 'warning'));
  }
  return problems;
}

function filesOf(sections: Sections, name: string): ReadonlySet<string> {
  return new Set(sections.settings(name).map(({ file }) => file));
}

function stray(name: string, near: string, first: { file: string; line: number }): BailiffError {
  const where = { file: first.file, line: first.line, section: name };
  return new BailiffError('config.stray-section', `[${name}] enables no jail and belongs to none.`, {
    where,
    remedy: `Did you mean [${near}]? A jail of its own needs enabled = true.`,
  });
}
