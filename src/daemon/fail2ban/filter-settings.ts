/**
 * `get JAIL …` and `set JAIL …` for what is heard: log files, journal, expressions, dates.
 * Takes words; hands the hearing worker a jail with other options, which goes on where it was. Gives values as Fail2Ban's
 * server does.
 */
import { statSync } from 'node:fs';
import { parseZone } from '../../config/values.js';
import type { JailOptions } from '../../jail/options.js';
import { matchGlob } from '../../lib/glob.js';
import { formatJournalMatch, parseJournalMatch } from '../../lib/journal-match.js';
import { type PythonValue, reprOf } from '../../lib/python-value.js';
import { compiledNames, requireIdentity, requireRunnable } from './checked-expression.js';
import { datePatternAnswer, unknownSign } from './date-pattern-name.js';
import { boundedInteger, integerOf } from './python-numbers.js';
import { refusal, refusalOf, wordAt } from './refusal.js';
import type { JailVerb, Speech } from './speech.js';

/** As in the configuration. */
const MOST_LINES = 1000;

type List = 'failregex' | 'ignoreregex';

export function filterSettings(speech: Speech): {
  readonly get: Readonly<Record<string, JailVerb>>;
  readonly set: Readonly<Record<string, JailVerb>>;
} {
  const optionsOf = (jail: string): JailOptions => speech.jail(jail).options;
  const alter = async (
    jail: string,
    verb: keyof typeof get,
    edit: (options: JailOptions) => JailOptions,
  ): Promise<PythonValue> => {
    await speech.parts.live.alter(jail, edit);
    return get[verb](jail);
  };

  const get = {
    logpath: (jail) => logPaths(optionsOf(jail)),
    logencoding: (jail) => speech.spoken(jail).logencoding,
    journalmatch: (jail) => {
      const { watch } = optionsOf(jail);
      return watch.backend === 'journal'
        ? watch.journalMatch.map((group) => formatJournalMatch([group]).split(' '))
        : [];
    },
    prefregex: (jail) => {
      const { prefregex } = optionsOf(jail).filter;
      return prefregex === undefined ? '' : spelled(speech, jail, prefregex);
    },
    failregex: (jail) => optionsOf(jail).filter.failregex.map((text) => spelled(speech, jail, text)),
    ignoreregex: (jail) => optionsOf(jail).filter.ignoreregex.map((text) => spelled(speech, jail, text)),
    usedns: (jail) => optionsOf(jail).filter.usedns,
    datepattern: (jail) => {
      const { filter, watch } = optionsOf(jail);
      if (watch.backend === 'journal' && filter.datepattern.length === 0) return null;
      return datePatternAnswer(filter.datepattern);
    },
    logtimezone: (jail) => speech.spoken(jail).logtimezone,
    maxlines: (jail) => optionsOf(jail).filter.maxlines,
  } satisfies Readonly<Record<string, JailVerb>>;

  const add = (list: List, jail: string, text: string): Promise<PythonValue> => {
    const options = optionsOf(jail);
    const shown = spelled(speech, jail, text);
    if (list === 'failregex') requireIdentity(shown, options);
    else compiledNames(shown);
    const edit = editFilter((filter) => ({ ...filter, [list]: [...filter[list], text] }));
    requireRunnable(edit(options));
    return alter(jail, list, edit);
  };
  const remove = (list: List, jail: string, word: string): Promise<PythonValue> => {
    const index = integerOf(word);
    const texts = optionsOf(jail).filter[list];
    const at = index < 0 ? texts.length + index : index;
    const text = texts[at];
    if (text !== undefined) speech.spoken(jail).forgetSpelling(text);
    const without = texts.filter((_, each) => each !== at);
    return alter(
      jail,
      list,
      editFilter((filter) => ({ ...filter, [list]: without })),
    );
  };

  const set = {
    addlogpath: (jail, words) => {
      const [path, from] = followed(words);
      const { watch } = optionsOf(jail);
      if (watch.backend === 'journal') return get.logpath(jail);
      if (statSync(path, { throwIfNoEntry: false }) === undefined)
        throw refusalOf(`[Errno 2] No such file or directory: ${reprOf(path)}`, [
          2,
          'No such file or directory',
        ]);
      if (logPaths(optionsOf(jail)).includes(path)) return get.logpath(jail);
      return alter(jail, 'logpath', (options) => ({
        ...options,
        watch: { ...options.watch, files: [...options.watch.files, { glob: path, from }] },
      }));
    },
    dellogpath: (jail, words) => {
      const path = wordAt(words, 0);
      const paths = logPaths(optionsOf(jail));
      if (!paths.includes(path)) return get.logpath(jail);
      // A glob is given up for the files it stood for.
      const files = paths.filter((each) => each !== path).map((glob) => ({ glob, from: 'head' as const }));
      return alter(jail, 'logpath', (options) => ({ ...options, watch: { ...options.watch, files } }));
    },
    logencoding: (jail, words) => {
      const encoding = wordAt(words, 0);
      const spoken = speech.spoken(jail);
      const isAuto = encoding.toLowerCase() === 'auto';
      if (!isAuto && !isEncoding(encoding)) throw refusal(`unknown encoding: ${encoding}`);
      spoken.logencoding = isAuto ? 'UTF-8' : encoding;
      return alter(jail, 'logencoding', (options) => ({
        ...options,
        watch: { ...options.watch, logEncoding: isAuto ? 'auto' : encoding },
      }));
    },
    addjournalmatch: (jail, words) => {
      if (optionsOf(jail).watch.backend !== 'journal') return [];
      // An empty match would be every entry of the journal.
      if (words.length === 0) return get.journalmatch(jail);
      const added = matchOf(words);
      return alter(jail, 'journalmatch', (options) => ({
        ...options,
        watch: { ...options.watch, journalMatch: [...options.watch.journalMatch, ...added] },
      }));
    },
    deljournalmatch: (jail, words) => {
      const { watch } = optionsOf(jail);
      if (watch.backend !== 'journal') return [];
      const texts = watch.journalMatch.map((group) => formatJournalMatch([group]));
      const at = texts.indexOf(words.join(' '));
      if (at < 0) throw refusal(`Match ${reprOf(words)} not found`);
      const kept = watch.journalMatch.filter((_, each) => each !== at);
      return alter(jail, 'journalmatch', (options) => ({
        ...options,
        watch: { ...options.watch, journalMatch: kept },
      }));
    },
    prefregex: (jail, words) => {
      const text = wordAt(words, 0);
      const options = optionsOf(jail);
      if (text !== '') compiledNames(spelled(speech, jail, text));
      const edit = editFilter((filter) => ({ ...filter, prefregex: text === '' ? undefined : text }));
      requireRunnable(edit(options));
      return alter(jail, 'prefregex', edit);
    },
    addfailregex: (jail, words) => add('failregex', jail, wordAt(words, 0)),
    delfailregex: (jail, words) => remove('failregex', jail, wordAt(words, 0)),
    addignoreregex: (jail, words) => add('ignoreregex', jail, wordAt(words, 0)),
    delignoreregex: (jail, words) => remove('ignoreregex', jail, wordAt(words, 0)),
    usedns: (jail, words) => {
      const word = wordAt(words, 0).toLowerCase();
      const usedns = USEDNS.find((each) => each === word) ?? 'no';
      // Expressions stay as they were spelled when they were added.
      get.failregex(jail);
      get.ignoreregex(jail);
      return alter(
        jail,
        'usedns',
        editFilter((filter) => ({ ...filter, usedns })),
      );
    },
    datepattern: (jail, words) => {
      const text = wordAt(words, 0);
      speech.jail(jail);
      const wrong = unknownSign(text);
      if (wrong !== undefined) {
        const code = (wrong.sign.codePointAt(0) ?? 0).toString(16);
        throw refusal(
          `Failed to set datepattern ${reprOf(text)} (may be an invalid format or unescaped percent char): ` +
            `unsupported format character '${wrong.sign}' (0x${code}) at index ${wrong.index}`,
        );
      }
      const datepattern = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
      const edit = editFilter((filter) => ({ ...filter, datepattern }));
      requireRunnable(edit(optionsOf(jail)));
      return alter(jail, 'datepattern', edit);
    },
    logtimezone: (jail, words) => {
      const zone = wordAt(words, 0);
      const spoken = speech.spoken(jail);
      const logTimezoneSeconds = zoneOf(zone);
      spoken.logtimezone = zone;
      return alter(
        jail,
        'logtimezone',
        editFilter((filter) => ({ ...filter, logTimezoneSeconds })),
      );
    },
    maxlines: (jail, words) => {
      const maxlines = boundedInteger(wordAt(words, 0), MOST_LINES);
      speech.jail(jail);
      if (maxlines <= 0) throw refusal('maxlines must be integer greater than zero');
      return alter(
        jail,
        'maxlines',
        editFilter((filter) => ({ ...filter, maxlines })),
      );
    },
  } satisfies Readonly<Record<string, JailVerb>>;
  return { get, set };
}

const USEDNS = ['yes', 'warn', 'no', 'raw'] as const;

/** The files that are followed now; a glob that nothing matches yet is shown itself. */
export function logPaths({ watch }: JailOptions): readonly string[] {
  if (watch.backend === 'journal') return [];
  const paths = watch.files.flatMap(({ glob }) => {
    const found = matchGlob(glob).paths;
    return found.length === 0 ? [glob] : found;
  });
  return [...new Set(paths)];
}

/** The same edit of the filter on the way that is configured and on the other one. */
function editFilter(
  edit: (filter: JailOptions['filter']) => JailOptions['filter'],
): (options: JailOptions) => JailOptions {
  return (options) => ({
    ...options,
    filter: edit(options.filter),
    otherFilter: options.otherFilter && edit(options.otherFilter),
  });
}

function matchOf(words: readonly string[]): JailOptions['watch']['journalMatch'] {
  try {
    return parseJournalMatch(words.join(' '));
  } catch {
    throw refusal('Invalid match');
  }
}

function spelled(speech: Speech, jail: string, text: string): string {
  return speech.spoken(jail).spelled(text, speech.jail(jail).options.filter.usedns !== 'no');
}

function followed(words: readonly string[]): readonly [path: string, from: 'head' | 'tail'] {
  const path = wordAt(words, 0);
  if (words.length > 2) throw refusal('Only one file can be added at a time');
  const from = (words[1] ?? 'head').toLowerCase();
  if (from !== 'head' && from !== 'tail') throw refusal("File option must be 'head' or 'tail'");
  return [path, from];
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    // No encoding has this name.
    return false;
  }
}

function zoneOf(zone: string): number | undefined {
  try {
    return parseZone(zone);
  } catch {
    throw refusal(`Unknown or unsupported time zone: ${reprOf(zone)}`);
  }
}
