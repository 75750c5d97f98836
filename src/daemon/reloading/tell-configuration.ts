/**
 * What the log and `status` say about the configuration: where it came from, what is ignored, what is wrong with it.
 */
import type { Configuration } from '../../config/configuration.js';
import type { Problem } from '../../config/problem.js';
import type { ConfigurationReport } from '../../control/reports.js';
import { describeError, BailiffError } from '../../lib/errors.js';
import type { NoticeBoard } from '../telling/notice-board.js';

/** Warnings of something that a jail does without. */
const LOSSES: ReadonlySet<string> = new Set(['config.action-python']);

/** What an action cannot do: its jail bans all the same. */
const OF_ACTION = /^action\./;

/** A problem as one sentence with its place and remedy. */
export function describeProblem({ code, message, remedy, ...where }: Problem): string {
  const { file, line, section, option } = where;
  return describeError(new BailiffError(code, message, { remedy, where: { file, line, section, option } }));
}

/** Posts what the admin should know, in place of what was told of an earlier reading; `running` jails run on. Gives the report for `status`. */
export function tellConfiguration(
  configuration: Configuration,
  notices: NoticeBoard,
  running: ReadonlySet<string> = new Set(),
): ConfigurationReport {
  notices.withdrawAll('configuration');
  const problems = configuration.problems.map(describeProblem);
  configuration.problems.forEach(({ severity, code }, index) => {
    const isLoss = LOSSES.has(code) || OF_ACTION.test(code);
    const level = isLoss ? 'warning' : severity === 'error' ? 'alarm' : undefined;
    if (level !== undefined) notices.post(level, 'configuration', `problem ${index}`, problems[index] ?? '');
  });
  for (const name of configuration.enabledJails) notices.withdraw(name, 'broken');
  for (const name of configuration.brokenJails.filter((each) => !running.has(each)))
    notices.post(
      'alarm',
      name,
      'broken',
      'Its configuration is wrong: the jail does not run; the others do.',
    );
  return {
    directory: configuration.from === 'policy' ? null : configuration.directory,
    ignoredDirectory: configuration.ignoredDirectory ?? null,
    asFail2ban: configuration.asFail2ban,
    problems,
  };
}
