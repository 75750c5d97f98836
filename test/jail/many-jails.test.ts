/**
 * What jails on one log share must change nothing but time: lines heard by all of them in chunks come to what each filter
 * finds when it is given line after line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import { Ears } from '../../src/jail/ears.js';
import { equalKey } from '../../src/jail/equal-ears.js';
import type { EarsOptions } from '../../src/jail/jail-ears.js';
import { EarConnections } from '../../src/jail/kept-connections.js';
import type { JailOptions } from '../../src/jail/options.js';
import { tableOfTexts } from '../../src/source/line-table-builder.js';
import type { Lines } from '../../src/source/lines.js';
import { DAEMON, fileLine, NOW_MS, optionsOf } from '../filter/options.js';
import { jailOptions } from './jail-options.js';

/** A stamp that is cut out leaves the space behind it. */
const STAMPED: Partial<FilterOptions> = { ...DAEMON, prefregex: DAEMON.prefregex?.replace('^', '^\\s*') };

const FILTERS: readonly Partial<FilterOptions>[] = [
  STAMPED,
  { failregex: ['^warning: Authentication attempt\\n.*of <HOST> failed$'], maxlines: 3 },
  { failregex: ['^ conn<F-ID>\\d+</F-ID> refused<SKIPLINES> conn\\d+ ends at <ADDR>$'], maxlines: 5 },
  { failregex: ['^ conn\\d+ ends at <ADDR>$', '^.*of <HOST> failed\\n at'], maxlines: 2 },
  { failregex: ['^.*a.*\\n conn\\d+ ends at <ADDR>$'], maxlines: 3 },
  // Nothing that has to stand in a line is long enough to be looked for.
  { failregex: ['^ \\d+ <ADDR> \\d+$', '^a\\n.*<ADDR>'], maxlines: 2 },
  { failregex: ['^ \\d+ <ADDR> \\d+$'], datepattern: ['{^LN-BEG}'] },
  {
    failregex: ['of <HOST> failed$'],
    datepattern: ['^\\[%Y-%m-%d %H:%M:%S\\]'],
    ignoreregex: ['192\\.0\\.2\\.3 '],
  },
  { failregex: ['of <HOST> failed$', '^ conn\\d+ ends at <ADDR>$'], logTimezoneSeconds: 3600 },
  { failregex: ['ends at <ADDR>$'], logtype: 'journal', maxlines: 2 },
];

function jailOf(name: string, filter: Partial<FilterOptions>): JailOptions {
  const watch = jailOptions(name, {}).watch;
  const files = [{ glob: '/var/log/x.log', from: 'head' as const }];
  return jailOptions(
    name,
    {},
    {
      watch: { ...watch, backend: 'file', files },
      filter: optionsOf({ logtype: 'file', ...filter }),
    },
  );
}

/** Each filter twice. */
const JAILS = [...FILTERS, ...FILTERS].map((filter, index) => jailOf(`jail-${index}`, filter));

function chunkOf(texts: readonly string[]): Lines {
  return { source: 'file:/var/log/x.log', kind: 'file', lines: tableOfTexts(texts), routes: [{}], place: '' };
}

function heardTogether(chunks: readonly (readonly string[])[]): ReadonlyMap<string, readonly Match[]> {
  const names = JAILS.map(({ name }) => name);
  const ears = new Ears({
    jails: JAILS,
    connections: new Map(),
    heardBefore: new Set(names),
    sinceMs: () => -Infinity,
    now: () => NOW_MS,
    bytesAfter: 0,
  });
  const found = new Map<string, Match[]>(names.map((name) => [name, []]));
  for (const chunk of chunks)
    for (const { jail, match } of ears.hearFile(chunkOf(chunk), names).heard) found.get(jail)?.push(match);
  return found;
}

function heardAlone({ filter: options }: JailOptions, texts: readonly string[]): readonly Match[] {
  const filter = new Filter(options, { now: () => NOW_MS });
  const matches: Match[] = [];
  for (const text of texts) filter.hear(fileLine(text), matches);
  return matches;
}

const stamp = fc.constantFrom(
  '',
  '',
  '2026-11-22 14:59:30',
  '2026-11-22T14:59:58+00:00',
  'Nov 22 14:59:41',
  '[2026-11-22 14:59:45]',
  '1795358381',
);
const said = fc.constantFrom(
  ' mx daemon[7]: Failed password for root from 192.0.2.1 port 22',
  ' mx daemon[7]: Connection from 192.0.2.2 port 22',
  ' mx daemon[7]: User root not allowed because locked',
  'warning: Authentication attempt',
  ' of 192.0.2.3 failed',
  ' at noon',
  ' conn12 refused',
  ' conn12 ends at 192.0.2.4',
  ' 12 192.0.2.5 12',
  'a',
  'nothing at all',
);
const line = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(stamp, said).map(([first, last]) => first + last) },
  { weight: 1, arbitrary: fc.string({ maxLength: 9 }).map((text) => text.replaceAll('\n', '')) },
);

test('jails that hear a log together find what each filter finds alone, line by line', () => {
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 12 }), { minLength: 1, maxLength: 6 }), (chunks) => {
      const together = heardTogether(chunks);
      for (const jail of JAILS)
        assert.deepEqual(together.get(jail.name), heardAlone(jail, chunks.flat()), jail.name);
    }),
    { numRuns: 150 },
  );
});

test('a match over several lines is found where many others stand before it, in the same chunk or an earlier one', () => {
  const others = Array.from({ length: 200 }, () => '2026-11-22 14:59:30nothing at all');
  const [first, last] = [
    '2026-11-22 14:59:31 conn12 refused',
    '2026-11-22 14:59:32 conn12 ends at 192.0.2.4',
  ];
  for (const chunks of [
    [[...others, first, 'x', last]],
    [others, [first], ['x'], [last]],
    [
      [...others, first],
      ['x', last],
    ],
  ]) {
    const matches = heardTogether(chunks).get('jail-2') ?? [];
    assert.deepEqual(
      matches.map(({ address, timeMs }) => [address, timeMs]),
      [['192.0.2.4', Date.UTC(2026, 10, 22, 14, 59, 32)]],
    );
  }
});

const FAILED = '2026-11-22 14:59:31 mx daemon[7]: Failed password for root from 192.0.2.1 port 22';
const CONNECTED = '2026-11-22 14:59:31 mx daemon[8]: Connection from 192.0.2.2 port 22';
const LOCKED = '2026-11-22 14:59:32 mx daemon[8]: User root not allowed because locked';

function earsOf(names: readonly string[], more: Partial<EarsOptions> = {}): Ears {
  return new Ears({
    jails: names.map((name) => jailOf(name, STAMPED)),
    connections: new Map(),
    heardBefore: new Set(names),
    sinceMs: () => -Infinity,
    now: () => NOW_MS,
    ...more,
  });
}

test('equal jails each have their counts and their state of connections', () => {
  const { ears, connections } = earsOf(['a', 'b']).hearFile(chunkOf([FAILED, CONNECTED]), ['a', 'b']);
  const counts = {
    way: 'file',
    lines: 2,
    recognised: 2,
    skipped: 0,
    lastHeardMs: Date.UTC(2026, 10, 22, 14, 59, 31),
  };
  assert.deepEqual(ears, [
    { jail: 'a', ...counts },
    { jail: 'b', ...counts },
  ]);
  assert.deepEqual(
    connections.map(([name]) => name),
    ['a/file', 'b/file'],
  );
  const kept = new EarConnections(new Map());
  for (const each of connections) kept.change(...each);
  const more = earsOf(['a', 'b'], { connections: kept.all });
  const { heard } = more.hearFile(chunkOf([LOCKED]), ['a', 'b']);
  assert.deepEqual(
    heard.map(({ jail, match }) => [jail, match.address]),
    [
      ['a', '192.0.2.2'],
      ['b', '192.0.2.2'],
    ],
  );
});

test('a filter is the same under another name', () => {
  const keys = ['daemon', 'daemon[mode=normal]'].map((name) => {
    const jail = jailOf(name, { ...STAMPED, name });
    return equalKey(jail, 'file', jail.filter, { sinceMs: 0, connections: undefined });
  });
  assert.ok(keys[0] !== undefined);
  assert.equal(keys[0], keys[1]);
});

test('equal jails that look back differently far each leave out what is too old for them', () => {
  const sinceMs = (jail: string): number => (jail === 'a' ? NOW_MS : -Infinity);
  const { heard, ears } = earsOf(['a', 'b'], { sinceMs }).hearFile(chunkOf([FAILED]), ['a', 'b']);
  assert.deepEqual(
    heard.map(({ jail }) => jail),
    ['b'],
  );
  assert.deepEqual(
    ears.map(({ jail, skipped }) => [jail, skipped]),
    [
      ['a', 1],
      ['b', 0],
    ],
  );
});

test('an equal jail that hears something alone goes on with what it knew', () => {
  const ears = earsOf(['a', 'b', 'c']);
  ears.hearFile(chunkOf([CONNECTED]), ['a', 'b', 'c']);
  const alone = ears.hearFile(chunkOf([LOCKED, FAILED]), ['b']);
  assert.deepEqual(
    alone.heard.map(({ jail, match }) => [jail, match.address]),
    [
      ['b', '192.0.2.2'],
      ['b', '192.0.2.1'],
    ],
  );
  assert.deepEqual(
    alone.ears.map(({ jail, lines, recognised }) => [jail, lines, recognised]),
    [['b', 3, 3]],
  );
  const others = ears.hearFile(chunkOf([LOCKED]), ['a', 'b', 'c']);
  assert.deepEqual(
    others.heard.map(({ jail }) => jail),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    others.ears.map(({ jail, lines }) => [jail, lines]),
    [
      ['a', 2],
      ['b', 4],
      ['c', 2],
    ],
  );
});
