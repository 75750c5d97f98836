/**
 * `status`, `status JAIL`, `status --all` and `stats` as values: lists of names and what stands behind them.
 * Takes the jails; gives what Fail2Ban's server answers. Does not draw trees.
 */
import type { Jail } from '../../jail/jail.js';
import { formatJournalMatch } from '../../lib/journal-match.js';
import type { PythonValue } from '../../lib/python-value.js';
import { targetsOf } from './ban-verbs.js';
import { logPaths } from './filter-settings.js';
import { refusal } from './refusal.js';
import type { Say, Speech } from './speech.js';

/** `words` follow `status`. */
export function statusValue(speech: Speech, words: readonly string[], say: Say): PythonValue {
  const [name, flavor = 'basic', ...more] = words;
  if (name === undefined) return overview(speech);
  if (more.length > 0) throw refusal('Invalid command (no status)');
  if (name !== '--all') {
    const jail = speech.jail(name);
    tellOutdated(speech, [jail], say);
    return jailValue(speech, jail, flavor);
  }
  const jails = sorted(speech);
  tellOutdated(speech, jails, say);
  const all: PythonValue = { dict: jails.map((jail) => [jail.name, jailValue(speech, jail, flavor)]) };
  return flavor === 'stats' ? all : [...overview(speech), all];
}

export function statsValue(speech: Speech): PythonValue {
  return { dict: sorted(speech).map((jail) => [jail.name, jailValue(speech, jail, 'stats')]) };
}

function overview(speech: Speech): readonly PythonValue[] {
  const names = sorted(speech).map(({ name }) => name);
  return [pair('Number of jail', names.length), pair('Jail list', names.join(', '))];
}

/** In the order of Python's sorted(): by code point. */
function sorted({ parts }: Speech): readonly Jail[] {
  return [...parts.jails].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** An unknown flavor is the basic one. */
function jailValue(speech: Speech, jail: Jail, flavor: string): PythonValue {
  const failed = jail.failures.currentlyFailed(speech.parts.clock.now());
  const counted = [failed, jail.failures.totalFailed] as const;
  const banned = [jail.bans.size, jail.bans.total] as const;
  if (flavor === 'stats') return [speech.spoken(jail.name).backend, { tuple: counted }, { tuple: banned }];
  const { watch } = jail.options;
  const watched: PythonValue =
    watch.backend === 'journal'
      ? pair('Journal matches', [formatJournalMatch(watch.journalMatch)])
      : pair('File list', logPaths(jail.options));
  const actions = [pair('Currently banned', banned[0]), pair('Total banned', banned[1])];
  if (flavor !== 'short') actions.push(pair('Banned IP list', targetsOf(jail)));
  // The names of networks would have to be asked of a stranger: what Fail2Ban says where it cannot ask.
  if (flavor === 'cymru')
    actions.push(...['ASN', 'Country', 'RIR'].map((what) => pair(`Banned ${what} list`, ['error'])));
  return [
    pair('Filter', [pair('Currently failed', counted[0]), pair('Total failed', counted[1]), watched]),
    pair('Actions', actions),
  ];
}

function tellOutdated({ parts }: Speech, jails: readonly Jail[], say: Say): void {
  for (const { name } of jails) {
    const because = parts.reloading.outdated(name);
    if (because !== undefined)
      say(
        'WARNING',
        `Jail '${name}' runs on with its last valid configuration; the new one is wrong: ${because}`,
      );
  }
}

function pair(name: string, value: PythonValue): PythonValue {
  return { tuple: [name, value] };
}
