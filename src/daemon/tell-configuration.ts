/**
 * What the log and `status` say about the configuration: where it came from, what is ignored, what is wrong with it.
 */
import type { Configuration } from '../config/configuration.js';
import type { ConfigurationReport } from '../control/reports.js';
import { describeError, BailiffError } from '../lib/errors.js';
import type { NoticeBoard } from './notice-board.js';

/** Posts what the admin should know; gives the report for `status`. */
export function tellConfiguration(configuration: Configuration, notices: NoticeBoard): ConfigurationReport {
  const problems = configuration.problems.map((problem) => {
    const { code, message, remedy, file, line, section, option } = problem;
    return describeError(new BailiffError(code, message, { remedy, where: { file, line, section, option } }));
  });
  configuration.problems.forEach(({ severity }, index) => {
    if (severity === 'error')
      notices.post('alarm', 'configuration', `problem ${index}`, problems[index] ?? '');
  });
  for (const name of configuration.brokenJails)
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
