/**
 * What `config check` warns of beside what does not hold: expressions that can be turned against their purpose, and
 * jails that hear nothing of what their service logs. Takes a configuration; gives problems, all of them warnings.
 */
import { placeOf } from '../../config/check-expressions.js';
import type { Configuration } from '../../config/configuration.js';
import { type Problem, problemOf } from '../../config/problem.js';
import { BailiffError } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import { lintFilters } from './lint-filters.js';
import { unheardFailures } from './unheard-failures.js';

/** How long the logs of the last day are read at most. */
const LOGS_MS = 5000;
const JOURNALS = ['/var/log/journal', '/run/log/journal'];

export async function lint(
  configuration: Pick<Configuration, 'written'>,
  journals: readonly string[] = JOURNALS,
): Promise<readonly Problem[]> {
  const ofFilters = await lintFilters(configuration);
  // An expression that does not come back must not be tried on a day's logs.
  const runaways = new Set(ofFilters.filter(({ code }) => code === 'lint.runaway').map(({ file }) => file));
  const jails = configuration.written.filter(
    ({ filter }) =>
      !['prefregex', 'failregex', 'ignoreregex'].some((option) =>
        runaways.has(filter.places.get(option)?.file),
      ),
  );
  const nowMs = Date.now();
  const found = await unheardFailures(
    jails.map(({ options }) => options),
    { journals, nowMs, untilMs: nowMs + LOGS_MS },
  );
  const ofLogs = found.map(({ jail, where, failures, line }) => {
    const filter = jails.find(({ options }) => options.name === jail)?.filter;
    const error = new BailiffError(
      'lint.unheard',
      `its filter recognises nothing of the last day in ${where}, though ${failures} lines tell of logins that failed, such as \`${visible(line).slice(0, 160)}\`.`,
      {
        remedy: `\`bailiff match ${filter?.options.name ?? jail} --line TEXT\` shows what it sees: another mode or datepattern, or a filter for this version of the service, may be needed.`,
      },
    );
    const { file, line: number } = filter === undefined ? {} : placeOf(filter, 'failregex', 0);
    return problemOf(error, 'warning', { file, line: number, section: jail, option: 'filter' });
  });
  return [...ofFilters, ...ofLogs];
}
