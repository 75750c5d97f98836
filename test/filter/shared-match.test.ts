/**
 * Filters that have expressions in common hear the same line each as if it were alone, and run what they share once.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import { sharedMatch } from '../../src/filter/shared-match.js';
import { DAEMON, filterOf, journalLine } from './options.js';

const LINES = [
  'mx daemon[7]: Failed password for root from 192.0.2.1 port 22',
  'mx daemon[8]: Failed password for root from 192.0.2.1 port 22',
  'mx daemon[7]: User alice not allowed because locked',
  'mx other[7]: Failed password for root from 192.0.2.1 port 22',
  'mx daemon[7]: Connection from 192.0.2.2 port 22',
  'mx daemon[7]: Failed password for bob from 192.0.2.2 port 22',
] as const;

/** Of one text in JavaScript as `MARKED`'s, though another part of the line is searched by it. */
const WHOLE: Partial<FilterOptions> = {
  prefregex: '^mx <F-TEXT>daemon.+</F-TEXT>$',
  failregex: ['(?P<where>[a-z]+)[^!]*? <HOST> port \\d+$'],
};
const MARKED: Partial<FilterOptions> = { ...WHOLE, prefregex: '^mx <F-CONTENT>daemon.+</F-CONTENT>$' };
const FEWER: Partial<FilterOptions> = { ...DAEMON, failregex: DAEMON.failregex?.slice(1) ?? [] };

function heardBeside(all: readonly Partial<FilterOptions>[]): readonly (readonly Match[])[] {
  const filters = all.map((options) => filterOf(options));
  const found = filters.map((): Match[] => []);
  for (const text of LINES)
    for (const [index, filter] of filters.entries()) filter.hear(journalLine(text), found[index] ?? []);
  return found;
}

test('filters with the same expressions find beside each other what each finds alone', () => {
  const all = [DAEMON, FEWER, WHOLE, DAEMON, MARKED, WHOLE];
  const beside = heardBeside(all);
  for (const [index, options] of all.entries()) assert.deepEqual(beside[index], heardBeside([options])[0]);
  assert.ok(beside.every((matches) => matches.length > 0));
  assert.deepEqual(beside[2]?.[0]?.data, { text: 'daemon[7]: Failed password for root from 192.0.2.1 port 22', where: 'mx' }); // prettier-ignore
  assert.equal(beside[4]?.[0]?.data['where'], 'daemon');
});

test('an expression of two filters is run once for a text, that of one each time', () => {
  const prefix = /^(.*)$/.exec('of 192.0.2.1');
  assert.ok(prefix !== null);
  const alone = sharedMatch(/of (\S+)$/);
  assert.notEqual(alone.of('of 192.0.2.1', prefix), alone.of('of 192.0.2.1', prefix));
  const shared = sharedMatch(/of (\S+)$/);
  assert.equal(shared, alone);
  const match = shared.of('of 192.0.2.1', prefix);
  assert.equal(shared.of('of 192.0.2.1', prefix), match);
  assert.notEqual(shared.of('of 192.0.2.2', prefix), match);
  assert.equal(shared.of('by 192.0.2.2', prefix), null);
});
