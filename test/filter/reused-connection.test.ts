import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions, Match } from '../../src/filter/match.js';

const OPTIONS: FilterOptions = {
  name: 'smtpd',
  prefregex: '^\\S+ <F-MLFID>smtpd\\[\\d+\\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$',
  failregex: ['^reject from <ADDR>$', '^bad password of <F-USER>\\S+</F-USER> from <ADDR>$'],
  ignoreregex: [],
  successregex: [],
  datepattern: [],
  maxlines: 1,
  usedns: 'no',
  logTimezoneSeconds: undefined,
  logtype: 'journal',
};

function hear(filter: Filter, text: string): Match | undefined {
  const found: Match[] = [];
  filter.hear({ text: `mx smtpd[7]: ${text}`, timeMs: 1_795_000_000_000, route: 0 }, found);
  return found[0];
}

test('a process that serves the next client charges that client, of whichever family', () => {
  const filter = new Filter(OPTIONS, { now: () => 1_795_000_000_000 });
  assert.equal(hear(filter, 'bad password of bob from 198.51.100.1')?.address, '198.51.100.1');
  const next = hear(filter, 'reject from 2001:db8::5');
  assert.equal(next?.address, '2001:db8::5');
  assert.equal(next?.user, undefined, 'the name that the first client gave is not the second one’s');
  assert.equal(hear(filter, 'reject from 198.51.100.2')?.address, '198.51.100.2');
});
