/**
 * The configuration as `fail2ban-client -d` prints it: the commands that would set up its server, one Python list a line.
 * Takes a configuration read with `--as-fail2ban`; gives the lines. Secrets are hidden, which Fail2Ban's own does not do.
 */
import type { Configuration } from './configuration.js';
import type { PythonAction } from './action-definition.js';
import type { ReadJail } from './jail-reader.js';
import { journalMatchWords } from '../lib/journal-match.js';
import { matchGlob } from '../lib/glob.js';
import { type ReprValue, pythonRepr } from '../lib/python-repr.js';
import { TOLD_SETTINGS } from './program-settings.js';
import { hiddenSecret, isSecretName, secretsIn, withoutSecrets } from './secrets.js';
import { parseBoolean, parseInteger, parseLines, parseWords } from './values.js';

type Command = readonly ReprValue[];

const NUMBERS = new Set(['maxlines', 'maxretry', 'maxmatches', 'dbmaxmatches']);
const BOOLEANS = new Set([
  'bantime.increment',
  'bantime.overalljails',
  'ignoreself',
  'norestored',
  'actionstart_on_demand',
  'actionrepair_on_unban',
]);
const JAIL = [
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'ignorecommand',
  'ignoreself',
  'ignoreip',
  'ignorecache',
  'logtimezone',
  'logencoding',
];

/** One line each, without newline. */
export function fail2banDump(configuration: Configuration): readonly string[] {
  const program: Command[] = [];
  const { stacksize } = configuration.settings.fail2ban;
  if (stacksize !== undefined) program.push(['set', 'thread', { stacksize: Number(stacksize) }]);
  for (const name of TOLD_SETTINGS) {
    if (name === 'stacksize') continue;
    const text = configuration.settings.fail2ban[name];
    if (text !== undefined) program.push(['set', name, valueOf(name, text)]);
  }
  const byName = new Map(configuration.written.map((jail) => [jail.options.name, jail]));
  const jails = configuration.enabledJails.flatMap((name) => {
    const jail = byName.get(name);
    return jail === undefined ? [skipped(name, configuration)] : jailCommands(jail);
  });
  const starts = configuration.jails.map((jail): Command => ['start', jail.name]);
  return [...program, ...jails, ...starts].map(pythonRepr);
}

function skipped(name: string, configuration: Configuration): Command {
  const why = theirWords(configuration.brokenReasons[name] ?? '');
  return ['config-error', `Jail '${name}' skipped, because of wrong configuration: ${why}`];
}

/** Fail2Ban's own words where programs may look for them. */
function theirWords(reason: string): string {
  const [, kind, file] = /^there is no (filter|action) `(.*)`\.$/s.exec(reason) ?? [];
  if (kind === undefined || file === undefined) return reason;
  return `Unable to read ${kind === 'filter' ? 'the filter' : 'action'} ${pythonRepr(file)}`;
}

function jailCommands(jail: ReadJail): readonly Command[] {
  const { name } = jail.options;
  return [
    ['add', name, jail.written.get('backend') ?? 'auto'],
    ...filterCommands(name, jail),
    ...JAIL.flatMap((option) => optionCommands(name, option, jail.written.get(option))),
    ...(jail.options.watch.backend === 'file'
      ? logpathCommands(name, jail.written.get('logpath') ?? '')
      : []),
    ...jail.actions.flatMap((action) =>
      'python' in action
        ? [pythonCommand(name, action)]
        : actionCommands(name, action.options.name, action.written),
    ),
  ];
}

function filterCommands(name: string, jail: ReadJail): readonly Command[] {
  const { filter, written, overridden } = jail;
  const own = (option: string): boolean => overridden.has(option);
  const text = (option: string): string | undefined =>
    own(option) ? written.get(option) : filter.known.get(option);
  // Fail2Ban puts these first, and the jail's before the filter's.
  const single = (owned: boolean): readonly Command[] =>
    ['usedns', 'prefregex', 'maxlines'].flatMap((option) =>
      own(option) === owned ? optionCommands(name, option, text(option)) : [],
    );
  const regex = (option: 'failregex' | 'ignoreregex'): readonly Command[] =>
    listCommands(name, `add${option}`, filter.options[option]);
  const journal = (lines: readonly string[]): readonly Command[] =>
    lines.map((line) => ['set', name, 'addjournalmatch', ...journalMatchWords(line)]);
  const jails = parseLines(written.get('journalmatch') ?? '');
  const replaced = written.has('journalmatch') && !filter.journalMatchInInit;
  return [
    ...single(true),
    ...single(false),
    ...(own('ignoreregex') ? [] : regex('ignoreregex')),
    ...(own('failregex') ? [] : regex('failregex')),
    ...(own('datepattern') ? [] : optionCommands(name, 'datepattern', text('datepattern'))),
    ...(replaced ? [] : journal(filter.journalMatch)),
    ...(own('ignoreregex') ? regex('ignoreregex') : []),
    ...(own('failregex') ? regex('failregex') : []),
    ...(own('datepattern') ? optionCommands(name, 'datepattern', text('datepattern')) : []),
    ...journal(jails),
  ];
}

function optionCommands(name: string, option: string, text: string | undefined): readonly Command[] {
  if (text === undefined) return [];
  if (option !== 'ignoreip') return [['set', name, option, valueOf(option, text)]];
  const words = parseWords(text);
  return words.length === 0 ? [] : [['set', name, 'addignoreip', ...words]];
}

function listCommands(name: string, verb: string, values: readonly string[]): readonly Command[] {
  const [first] = values;
  if (first === undefined) return [];
  return [values.length === 1 ? ['set', name, verb, first] : ['multi-set', name, verb, values]];
}

function logpathCommands(name: string, text: string): readonly Command[] {
  return parseLines(text).flatMap((line) => {
    const [, glob = line, from = 'head'] = /^(.*?)(?:\s+(head|tail))?$/s.exec(line) ?? [];
    return matchGlob(glob).paths.map((path): Command => ['set', name, 'addlogpath', path, from]);
  });
}

/** Its arguments are JSON in the spelling of Python's json.dumps. */
function pythonCommand(name: string, action: PythonAction): Command {
  const secrets = secretsIn(Object.entries(action.python));
  const pairs = Object.entries(action.python).map(([key, value]) => {
    const shown = isSecretName(key) ? hiddenSecret(value) : withoutSecrets(value, secrets);
    return `${asciiJson(key)}: ${asciiJson(shown)}`;
  });
  return ['set', name, 'addaction', action.name, action.file, `{${pairs.join(', ')}}`];
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function actionCommands(
  name: string,
  action: string,
  written: readonly (readonly [string, string])[],
): readonly Command[] {
  const secrets = secretsIn(written);
  const pairs = written.map(([key, value]): Command => {
    const shown = isSecretName(key) ? hiddenSecret(value) : withoutSecrets(value, secrets);
    return [key, valueOf(key, shown)];
  });
  return [
    ['set', name, 'addaction', action],
    ['multi-set', name, 'action', action, pairs],
  ];
}

function valueOf(option: string, text: string): ReprValue {
  if (NUMBERS.has(option)) return parseInteger(text, -1e15, 1e15);
  return BOOLEANS.has(option) ? parseBoolean(text) : text;
}
