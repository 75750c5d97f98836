/**
 * Filters for the tests: options with defaults, lines as a file or the journal would give them.
 */
import { Filter, type FilterEnvironment } from '../../src/filter/filter.js';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import type { Line } from '../../src/source/lines.js';

/** 2026-11-22T15:00:00Z */
export const NOW_MS = Date.UTC(2026, 10, 22, 15);

export function optionsOf(changes: Partial<FilterOptions>): FilterOptions {
  return {
    name: 'test',
    prefregex: undefined,
    failregex: [],
    ignoreregex: [],
    successregex: [],
    datepattern: [],
    maxlines: 1,
    usedns: 'warn',
    logTimezoneSeconds: 0,
    logtype: 'journal',
    ...changes,
  };
}

export function filterOf(
  changes: Partial<FilterOptions>,
  environment: Partial<FilterEnvironment> = {},
): Filter {
  return new Filter(optionsOf(changes), { now: () => NOW_MS, ...environment });
}

export function journalLine(text: string, timeMs = NOW_MS): Line {
  return { text, timeMs, route: 0 };
}

export function fileLine(text: string): Line {
  return { text, timeMs: Number.NaN, route: 0 };
}

/** All matches of some texts, one after the other. */
export function heard(
  filter: Filter,
  texts: readonly string[],
  lineOf: (text: string) => Line = journalLine,
): Match[] {
  const out: Match[] = [];
  for (const text of texts) filter.hear(lineOf(text), out);
  return out;
}

/** A filter in the shape of a daemon's: a prefix that names the connection, and what it says. */
export const DAEMON: Partial<FilterOptions> = {
  name: 'daemon',
  prefregex: '^<F-MLFID>\\S+ daemon\\[\\d+\\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$',
  failregex: [
    '^Failed (?:<F-NOFAIL>publickey</F-NOFAIL>|\\S+) for (?P<new>invalid user )?<F-USER>\\S+</F-USER> from <HOST> port \\d+$',
    '^<F-NOFAIL>Connection from</F-NOFAIL> <HOST>(?: port \\d+)?$',
    '^User <F-USER>.*</F-USER> not allowed because locked$',
    '^<F-NOFAIL><F-MLFFORGET>Connection closed</F-MLFFORGET></F-NOFAIL> by <HOST>$',
    '^<F-MLFFORGET><F-MLFGAINED>Accepted \\S+</F-MLFGAINED></F-MLFFORGET> for <F-USER>\\S+</F-USER> from <HOST>(?:\\s|$)',
    '^auth failed, <F-ATTEMPTS>\\d+</F-ATTEMPTS> attempts in <F-SECONDS>\\d+</F-SECONDS> secs: rip=<HOST>',
  ],
  ignoreregex: ['from 192\\.0\\.2\\.99 '],
};
