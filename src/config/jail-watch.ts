/**
 * What a jail listens to: files, journal match, or both while one of them is deaf.
 * Takes the jail's section and its filter; gives WatchOptions. A jail's journalmatch replaces its filter's; with
 * `--as-fail2ban` it is added where the filter's stands in [Init], as Fail2Ban does.
 */
import { BailiffError } from '../lib/errors.js';
import { type JournalMatch, parseJournalMatch } from '../lib/journal-match.js';
import type { WatchOptions, WatchedFiles } from '../source/options.js';
import type { LoadedFilter } from './filter-definition.js';
import type { JailContext } from './jail-context.js';
import type { JailSection } from './jail-section.js';
import { parseCall } from './parameters.js';
import { problemOf } from './problem.js';
import { trustedMatch } from './trusted-match.js';
import { parseChoice, parseLines } from './values.js';

const BACKENDS = ['systemd', 'auto', 'polling', 'pyinotify', 'gamin'] as const;

/** @throws BailiffError `config.journalmatch`, `config.choice` for an unknown backend, `config.parameters`. */
export function readWatch(
  section: JailSection,
  context: JailContext,
  filterName: string,
  backend: string,
  journal: boolean,
  filter: LoadedFilter | undefined,
): WatchOptions {
  const call = atOption(section, 'backend', () => parseCall(backend));
  atOption(section, 'backend', () => parseChoice(call.name, BACKENDS));
  for (const key of call.parameters.keys()) {
    if (key !== 'namespace')
      context.tell(problemOf(parameterIgnored(key), 'warning', section.place('backend')));
  }
  return {
    backend: journal ? 'journal' : 'file',
    journalMatch: readJournalMatch(section, context, filterName, filter),
    journalNamespace: call.parameters.get('namespace'),
    files: parseLines(section.text('logpath')).map(watchedFiles),
    logEncoding: section.text('logencoding').trim() || 'auto',
  };
}

function readJournalMatch(
  section: JailSection,
  context: JailContext,
  filterName: string,
  filter: LoadedFilter | undefined,
): JournalMatch {
  const own = parseLines(section.text('journalmatch'));
  const filters = filter?.journalMatch ?? [];
  const added = context.asFail2ban && filter?.journalMatchInInit === true;
  const lines = own.length === 0 ? filters : added ? [...filters, ...own] : own;
  const match = lines.flatMap((line) => [...parseJournalMatch(line)]);
  if (context.asFail2ban) return match;
  const trusted = trustedMatch(match, filterName, context.environment.uidOf);
  const shipped = section.place('journalmatch').file?.startsWith(context.environment.shipped) ?? true;
  if (trusted.narrowed.length > 0 && own.length > 0 && !shipped)
    context.tell(problemOf(narrowed(trusted.narrowed), 'warning', section.place('journalmatch')));
  return trusted.match;
}

function watchedFiles(line: string): WatchedFiles {
  const [, glob = line, from = 'head'] = /^(.*?)(?:\s+(head|tail))?$/s.exec(line) ?? [];
  return { glob, from: from === 'tail' ? 'tail' : 'head' };
}

function atOption<T>(section: JailSection, option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BailiffError)) throw error;
    throw new BailiffError(error.code, error.message, { where: section.place(option), remedy: error.remedy });
  }
}

function parameterIgnored(key: string): BailiffError {
  return new BailiffError(
    'config.backend-parameter',
    `\`${key}\` has no effect: one reader serves all jails.`,
    {
      remedy: 'Leave it out; `namespace` is the parameter that counts.',
    },
  );
}

function narrowed(fields: readonly string[]): BailiffError {
  const names = fields.join(', ');
  return new BailiffError(
    'config.journalmatch-trust',
    `any local user can log under ${names}: only entries of root or the service's user count.`,
    {
      remedy: 'Name the unit instead: _SYSTEMD_UNIT=….',
    },
  );
}
