/**
 * The configuration as the commands that fail2ban-client sends its server, one Python list a line, as `-d` prints them:
 * global settings, then each jail, then every start (facts of the order: Fail2Ban 1.1's documentation of `-d`).
 * Takes the configuration as read; gives lines. Tags stay as they are in the files.
 */
import type { Configuration } from '../config/configuration.js';
import type { ReadJail } from '../config/jail-reader.js';
import { formatJournalMatch } from '../lib/journal-match.js';
import { type ReprValue, pythonRepr } from './python-repr.js';

type Command = readonly ReprValue[];

const GLOBAL = ['syslogsocket', 'loglevel', 'logtarget', 'allowipv6', 'dbfile', 'dbmaxmatches', 'dbpurgeage'];
/** Options of a jail that are sent as written, in this order. */
const PLAIN = [
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'ignorecommand',
  'ignorecache',
  'logencoding',
];

export function fail2banStream(configuration: Configuration): string[] {
  const commands: Command[] = [];
  for (const name of GLOBAL) {
    const value = configuration.settings.fail2ban[name];
    if (value !== undefined) commands.push(['set', name, value]);
  }
  for (const jail of configuration.written) commands.push(...jailCommands(jail));
  for (const name of configuration.brokenJails)
    commands.push([
      'config-error',
      `Jail '${name}' skipped, because of wrong configuration: ${reasonOf(configuration, name)}`,
    ]);
  for (const { options } of configuration.written) commands.push(['start', options.name]);
  return commands.map(pythonRepr);
}

function jailCommands({ options, written }: ReadJail): Command[] {
  const { name, filter, watch, failure } = options;
  const set = (verb: string, ...values: readonly ReprValue[]): Command => ['set', name, verb, ...values];
  const commands: Command[] = [
    ['add', name, written.get('backend') ?? (watch.backend === 'journal' ? 'systemd' : 'auto')],
    set('usedns', filter.usedns),
  ];
  if (filter.prefregex !== undefined) commands.push(set('prefregex', filter.prefregex));
  if (filter.maxlines > 1) commands.push(set('maxlines', filter.maxlines));
  commands.push(...several(name, 'addfailregex', filter.failregex));
  commands.push(...several(name, 'addignoreregex', filter.ignoreregex));
  if (filter.datepattern.length > 0) commands.push(set('datepattern', filter.datepattern.join('\n')));
  if (watch.journalMatch.length > 0)
    commands.push(set('addjournalmatch', ...formatJournalMatch(watch.journalMatch).split(' ')));
  for (const option of PLAIN) {
    const value = written.get(option);
    if (value !== undefined && value !== '') commands.push(set(option, value));
  }
  commands.push(set('ignoreself', failure.ignoreself));
  if (failure.ignoreip.length > 0) commands.push(set('addignoreip', ...failure.ignoreip));
  if (watch.backend === 'file')
    for (const file of watch.files) commands.push(set('addlogpath', file.glob, file.from));
  for (const action of options.actions) {
    const pairs = Object.entries(action.parameters);
    commands.push(set('addaction', action.name));
    if (pairs.length > 0) commands.push(['multi-set', name, 'action', action.name, pairs]);
  }
  return commands;
}

/** One value is `set`, several are `multi-set` with a list. */
function several(jail: string, verb: string, values: readonly string[]): Command[] {
  const [first] = values;
  if (first === undefined) return [];
  return [values.length === 1 ? ['set', jail, verb, first] : ['multi-set', jail, verb, values]];
}

function reasonOf({ problems }: Configuration, jail: string): string {
  return (
    problems.find(({ section, severity }) => section === jail && severity === 'error')?.message ?? 'see above'
  );
}
