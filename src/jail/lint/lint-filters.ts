/**
 * What an admin should know about the expressions of the enabled jails, though they hold: warnings with file and line.
 * Takes a configuration as it was read; gives problems. Which lines prove them is found out by `lint-expressions.ts`.
 */
import { placeOf } from '../../config/check-expressions.js';
import type { Configuration } from '../../config/configuration.js';
import type { LoadedFilter } from '../../config/filter-definition.js';
import { type Problem, problemOf } from '../../config/problem.js';
import { BailiffError } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import { type LintedFindings, lintExpressions } from './lint-expressions.js';
import type { LintSubject } from './linted-expression.js';
import { runawayText } from './runaway-lines.js';
import { strayTags } from './stray-tags.js';

const LISTS = ['prefregex', 'failregex', 'ignoreregex', 'successregex'] as const;

interface Linted extends LintSubject {
  readonly list: (typeof LISTS)[number];
  readonly index: number;
  readonly filter: LoadedFilter;
}

/** Warnings, in the order of the jails; the same expression is told once. */
export async function lintFilters({ written }: Pick<Configuration, 'written'>): Promise<readonly Problem[]> {
  const subjects = distinct(written.flatMap(({ filter }) => expressionsOf(filter)));
  const found = await lintExpressions(
    subjects.map(({ text, hostNames, multiline }) => ({ text, hostNames, multiline })),
  );
  return subjects.flatMap((subject, index) => {
    const findings = found[index];
    const errors = findings === undefined ? [] : errorsOf(subject, findings);
    return errors.map((error) =>
      problemOf(error, 'warning', placeOf(subject.filter, subject.list, subject.index)),
    );
  });
}

function expressionsOf(filter: LoadedFilter): readonly Linted[] {
  const { options } = filter;
  const common = { filter, hostNames: options.usedns !== 'no', multiline: options.maxlines > 1 };
  return LISTS.flatMap((list) => {
    const written = options[list];
    const texts = written === undefined ? [] : typeof written === 'string' ? [written] : written;
    return texts.map((text, index) => ({ ...common, list, index, text }));
  });
}

function distinct(subjects: readonly Linted[]): readonly Linted[] {
  const seen = new Map<string, Linted>();
  for (const subject of subjects) {
    const key = `${subject.list} ${subject.hostNames} ${subject.multiline} ${subject.text}`;
    if (!seen.has(key)) seen.set(key, subject);
  }
  return [...seen.values()];
}

function errorsOf({ text, list, filter }: Linted, findings: LintedFindings): readonly BailiffError[] {
  const what = `${filter.options.name}: \`${shortened(text)}\``;
  const errors: BailiffError[] = [];
  const add = (code: string, message: string, remedy: string): void =>
    void errors.push(new BailiffError(code, `${what} ${message}`, { remedy }));
  const stray = strayTags(text);
  if (stray.length > 0)
    add(
      'lint.tag',
      `holds ${stray.join(', ')}, which ${stray.length === 1 ? 'is no tag' : 'are no tags'} and matched as text.`,
      'Write <HOST>, <ADDR>, <F-USER>…</F-USER> in capitals, each opened before it is closed.',
    );
  if (findings.dead)
    add('lint.never', 'can match nothing.', 'Look for text behind `$`, before `^`, or an empty class.');
  else if (findings.deadGroups.length > 0)
    add(
      'lint.group-never',
      `has groups that nothing can fill: ${findings.deadGroups.join(', ')}.`,
      'Look for text behind `$` or before `^` in the branch that they stand in.',
    );
  // What is taken back or proves a good login charges nobody.
  if (findings.choice !== undefined && (list === 'failregex' || list === 'prefregex')) {
    const { how, line, given, real } = findings.choice;
    if (how === 'loose')
      add(
        'lint.address-loose',
        `may match in the middle of a line, where a client's words may stand: \`${line}\` gives ${given}.`,
        'Begin it with ^ and what the service itself writes there.',
      );
    else
      add(
        'lint.address-choice',
        `lets a client choose the address: \`${line}\` gives ${given}, not ${real}.`,
        'End it with what the service writes behind the address and $; let nothing before the address hold blanks, or match it with (?:(?! from ).)*.',
      );
  }
  if (findings.runaway !== undefined)
    add(
      'lint.runaway',
      `does not come to an end on \`${visible(runawayText(findings.runaway, true))}\`.`,
      'Let no repetition hold another one that can match the same text.',
    );
  return errors;
}

function shortened(text: string): string {
  const shown = visible(text);
  return shown.length > 70 ? `${shown.slice(0, 70)}…` : shown;
}
