/**
 * `get` and `set` for the daemon as a whole: log, database, IPv6.
 * Takes words; gives values as Fail2Ban's server does. The database is Bailiff's own and stays where it is.
 */
import type { PythonValue } from '../../lib/python-value.js';
import type { LogControl } from '../telling/log-control.js';
import { integerOf, secondsOf } from './python-numbers.js';
import { refusal, wordAt } from './refusal.js';
import type { Verb } from './speech.js';

/** What is kept of the settings that Fail2Ban has for the whole server. */
export interface ServerSettings {
  readonly log: LogControl;
  readonly databasePath: string;
  syslogSocket: string;
  keptMatches: number;
  /** Seconds that past bans are kept. */
  purgeAgeSeconds: number;
}

export function serverSettings(
  settings: ServerSettings,
  jailCount: () => number,
): {
  readonly get: Readonly<Record<string, Verb>>;
  readonly set: Readonly<Record<string, Verb>>;
} {
  const { log } = settings;
  const get = {
    loglevel: () => log.level,
    logtarget: () => log.target,
    syslogsocket: () => settings.syslogSocket,
    thread: (): PythonValue => ({ dict: [['stacksize', 0]] }),
    dbfile: () => settings.databasePath,
    dbmaxmatches: () => settings.keptMatches,
    dbpurgeage: () => settings.purgeAgeSeconds,
  } satisfies Readonly<Record<string, Verb>>;
  const set = {
    loglevel: (words) => {
      const word = wordAt(words, 0);
      if (!log.setLevel(word)) throw refusal(`Invalid log level '${word.toUpperCase()}'`);
      return get.loglevel();
    },
    logtarget: (words) => {
      if (!log.setTarget(wordAt(words, 0))) throw refusal('Failed to change log target');
      return get.logtarget();
    },
    syslogsocket: (words) => {
      settings.syslogSocket = wordAt(words, 0);
      return get.syslogsocket();
    },
    allowipv6: (words) => wordAt(words, 0),
    thread: (words) => {
      wordAt(words, 0);
      throw refusal("'str' object has no attribute 'items'");
    },
    dbfile: (words) => {
      if (wordAt(words, 0) === settings.databasePath) return settings.databasePath;
      const why = jailCount() > 0 ? 'when there are jails present' : 'while Bailiff runs';
      throw refusal(`Cannot change database ${why}`);
    },
    dbmaxmatches: (words) => {
      settings.keptMatches = integerOf(wordAt(words, 0));
      return get.dbmaxmatches();
    },
    dbpurgeage: (words) => {
      settings.purgeAgeSeconds = secondsOf(wordAt(words, 0)).seconds;
      return get.dbpurgeage();
    },
  } satisfies Readonly<Record<string, Verb>>;
  return { get, set };
}
