/**
 * The trees, lists and sentences that fail2ban-client prints, to the letter (values after `:` and a TAB).
 * Takes the words that were asked and the daemon's value; gives text of several lines. Does not ask.
 */
import { type PythonValue, reprOf, textOf } from '../lib/python-value.js';
import { statusShape } from './client-status.js';
import { statsTable } from './client-table.js';

/** What Fail2Ban's client fails to print as it should. */
export class ShapeError extends Error {
  /** As much of the shape as it got to, and the value. */
  readonly text: string;

  constructor(text: string) {
    super('the value has another shape');
    this.text = text;
  }
}

/** @throws ShapeError */
export function shapeOf(words: readonly string[], value: PythonValue): string {
  const [verb, first] = words;
  switch (verb) {
    case 'ping':
      return `Server replied: ${textOf(value)}`;
    case 'start':
      return 'Jail started';
    case 'stop':
      return words.length === 1 ? 'Shutdown successful' : 'Jail stopped';
    case 'add':
      return `Added jail ${textOf(value)}`;
    case 'flushlogs':
      return `logs: ${textOf(value)}`;
    case 'echo':
      return itemsOf(value).map(textOf).join(' ');
    case 'status':
      return statusOf(words, value);
    case 'stats':
    case 'statistics':
      return statsTable(value);
    default:
      return (
        (first === undefined ? undefined : serverShape(first, value)) ??
        jailShape(words, value) ??
        textOf(value)
      );
  }
}

export function itemsOf(value: PythonValue): readonly PythonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('tuple' in value) return value.tuple;
  return 'dict' in value || 'float' in value ? [] : value;
}

function statusOf([, name, flavor]: readonly string[], value: PythonValue): string {
  if (flavor !== 'stats') return statusShape(name, value);
  // Fail2Ban's client takes the row of the table of statistics for a tree.
  const raw = reprOf(value);
  if (name === '--all') throw new ShapeError(raw + raw);
  const branch = textOf(itemsOf(value)[0] ?? '').slice(0, 1);
  throw new ShapeError(reprOf([`Status for the jail: ${name ?? ''}`, `|- ${branch}`]) + raw);
}

/** What `get` and `set` of the whole server print. */
function serverShape(setting: string, value: PythonValue): string | undefined {
  switch (setting) {
    case 'syslogsocket':
      return `Current syslog socket is:\n\`- ${textOf(value)}`;
    case 'logtarget':
      return `Current logging target is:\n\`- ${textOf(value)}`;
    case 'loglevel':
      return `Current logging level is ${reprOf(value)}`;
    case 'dbfile':
      return value === null
        ? 'Database currently disabled'
        : `Current database file is:\n\`- ${textOf(value)}`;
    case 'dbpurgeage':
      return value === null
        ? 'Database currently disabled'
        : `Current database purge age is:\n\`- ${textOf(value)}seconds`;
    default:
      return undefined;
  }
}

/** What `get JAIL` and `set JAIL` print. */
function jailShape([verb, jail, setting, third]: readonly string[], value: PythonValue): string | undefined {
  const items = itemsOf(value).map(textOf);
  switch (setting) {
    case 'logpath':
    case 'addlogpath':
    case 'dellogpath':
      return listed('Current monitored log file(s):', items) ?? 'No file is currently monitored';
    case 'logencoding':
      return `Current log encoding is set to:\n${textOf(value)}`;
    case 'journalmatch':
    case 'addjournalmatch':
    case 'deljournalmatch':
      return items.length === 0
        ? 'No journal match filter set'
        : `Current match filter:\n${matchText(value)}`;
    case 'datepattern':
      return `Current date pattern set to: ${datePatternText(value)}`;
    case 'ignoreip':
    case 'addignoreip':
    case 'delignoreip':
      return listed('These IP addresses/networks are ignored:', items) ?? 'No IP address/network is ignored';
    case 'failregex':
    case 'addfailregex':
    case 'delfailregex':
    case 'ignoreregex':
    case 'addignoreregex':
    case 'delignoreregex':
      return (
        listed(
          'The following regular expression are defined:',
          items.map((text, index) => `[${index}]: ${text}`),
        ) ?? 'No regular expression is defined'
      );
    case 'actions':
      if (items.length === 0) return `No actions for jail ${jail ?? ''}`;
      return `The jail ${jail ?? ''} has the following actions:\n${items.join(', ')}`;
    case 'actionproperties':
      return namesText('properties', jail, third, items);
    case 'actionmethods':
      return namesText('methods', jail, third, items);
    case 'banip':
      if (verb !== 'get') return undefined;
      return items.join(third === '--with-time' ? '\n' : (third ?? ' '));
    default:
      return undefined;
  }
}

function listed(head: string, items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined;
  const lines = items.map((item, index) => `${index === items.length - 1 ? '`-' : '|-'} ${item}`);
  return [head, ...lines].join('\n');
}

function matchText(value: PythonValue): string {
  return itemsOf(value)
    .map((group) => itemsOf(group).map(textOf).join(' '))
    .join(' + ');
}

function datePatternText(value: PythonValue): string {
  const [pattern, name] = itemsOf(value);
  if (pattern === undefined || name === undefined) return 'Not set/required';
  return pattern === null ? textOf(name) : `${textOf(pattern)} (${textOf(name)})`;
}

function namesText(
  what: string,
  jail: string | undefined,
  action: string | undefined,
  names: readonly string[],
): string {
  const whose = `jail ${jail ?? ''} action ${action ?? ''}`;
  if (names.length === 0) return `No ${what} for ${whose}`;
  return `The ${whose} has the following ${what}:\n${names.join(', ')}`;
}
