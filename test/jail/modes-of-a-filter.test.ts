/**
 * Modes of a filter that hear one log take what one of them made of a line, and each comes to the same matches and the
 * same connections as if it were alone.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import { Ears } from '../../src/jail/ears.js';
import { EarConnections } from '../../src/jail/kept-connections.js';
import { tableOfTexts } from '../../src/source/line-table-builder.js';
import { DAEMON, fileLine, NOW_MS, optionsOf } from '../filter/options.js';
import { jailOptions } from './jail-options.js';

const [FAILED, CONNECTION, LOCKED, CLOSED, ACCEPTED, SUMMED] = DAEMON.failregex ?? [];
const RESET = '^<F-NOFAIL>Connection reset</F-NOFAIL> by <HOST> as <F-WHY>\\w+</F-WHY>$';

/** Lists of one family; the same expression stands in another place, or is missing, or recognises the line otherwise. */
const LISTS: readonly (readonly (string | undefined)[])[] = [
  [FAILED, CONNECTION, LOCKED, CLOSED, ACCEPTED, SUMMED],
  [FAILED, CONNECTION, LOCKED, CLOSED, ACCEPTED, SUMMED, RESET],
  [FAILED, '^Connection from <HOST> port \\d+$', LOCKED, CLOSED, ACCEPTED, SUMMED],
  [FAILED, CONNECTION, LOCKED, CLOSED, ACCEPTED],
  [CONNECTION, FAILED, RESET, LOCKED],
];

const SUCCESS = '^Accepted \\S+ for <F-USER>\\S+</F-USER> from <HOST><F-MLFFORGET></F-MLFFORGET>$';
const VARIANTS: readonly Partial<FilterOptions>[] = [
  { successregex: ['^never <HOST>$'] },
  { usedns: 'raw' },
  { successregex: [SUCCESS] },
  { logTimezoneSeconds: 3600 },
  {},
];

/** What is alike stands side by side, so that one can take what the one before it found. */
const MODES: readonly FilterOptions[] = VARIANTS.flatMap((variant, kind) =>
  LISTS.map((list, number) =>
    optionsOf({
      ...DAEMON,
      name: `daemon[mode=${number}, kind=${kind}]`,
      prefregex: DAEMON.prefregex?.replace('^', '^\\s*'),
      failregex: list
        .filter((text) => text !== undefined)
        .slice(0, variant.successregex?.includes(SUCCESS) ? 4 : undefined),
      ignoreregex: [],
      logtype: 'file',
      ...variant,
    }),
  ),
);

interface Come {
  readonly matches: readonly Match[];
  readonly connections: ReadonlyMap<string, string>;
}

function heardTogether(
  modes: readonly FilterOptions[],
  chunks: readonly (readonly string[])[],
): readonly Come[] {
  const watch = {
    ...jailOptions('x', {}).watch,
    backend: 'file' as const,
    files: [{ glob: '/x', from: 'head' as const }],
  };
  const jails = modes.map((filter, index) => jailOptions(`jail-${index}`, {}, { watch, filter }));
  const names = jails.map(({ name }) => name);
  const kept = new EarConnections(new Map());
  const ears = new Ears({
    jails,
    connections: new Map(),
    heardBefore: new Set(names),
    sinceMs: () => -Infinity,
    now: () => NOW_MS,
    bytesAfter: 0,
  });
  const matches = new Map<string, Match[]>(names.map((name) => [name, []]));
  for (const texts of chunks) {
    const lines = tableOfTexts(texts);
    const batch = ears.hearFile({ source: 'file:/x', kind: 'file', lines, routes: [{}], place: '' }, names);
    for (const { jail, match } of batch.heard) matches.get(jail)?.push(match);
    for (const change of batch.connections) kept.change(...change);
  }
  return names.map((name) => ({
    matches: matches.get(name) ?? [],
    connections: kept.all.get(`${name}/file`) ?? new Map<string, string>(),
  }));
}

function heardAlone(options: FilterOptions, texts: readonly string[]): Come {
  const filter = new Filter(options, { now: () => NOW_MS });
  const matches: Match[] = [];
  for (const text of texts) filter.hear(fileLine(text), matches);
  return { matches, connections: filter.connections };
}

function read({ matches, connections }: Come): unknown {
  return { matches, connections: new Map([...connections].map(([key, state]) => [key, JSON.parse(state)])) };
}

const said = fc.constantFrom(
  'Failed password for root from 192.0.2.1 port 22',
  'Failed password for bob from 192.0.2.1 port 22',
  'Failed publickey for root from 192.0.2.1 port 22',
  'Failed publickey for root from 2001:db8::1 port 22',
  'Connection from 192.0.2.1 port 22',
  'Connection from 192.0.2.2 port 22',
  'Connection closed by 192.0.2.1',
  'Connection reset by 192.0.2.1 as usual',
  'User root not allowed because locked',
  'User eve not allowed because locked',
  'Accepted password for root from 192.0.2.1',
  'Accepted password for bob from 192.0.2.1',
  'auth failed, 3 attempts in 4 secs: rip=192.0.2.3',
  'auth failed, 3 attempts in 4 secs: rip=host.example',
);
const line = fc
  .tuple(fc.constantFrom('30', '31'), fc.integer({ min: 1, max: 3 }), said)
  .map(([second, process, text]) => `2026-11-22 14:59:${second} mx daemon[${process}]: ${text}`);

/** Stamps are read from bytes once some lines of one hour have come, and only lines whose stamp is are judged by bytes. */
const BEFORE: readonly string[] = Array.from(
  { length: 6 },
  (_, second) => `2026-11-22 14:59:1${second} mx daemon[9]: Connection from 192.0.2.9 port 22`,
);

test('modes of a filter on one log each find what they find alone', () => {
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 12 }), { minLength: 1, maxLength: 4 }), (chunks) => {
      const together = heardTogether(MODES, [BEFORE, ...chunks]);
      for (const [index, options] of MODES.entries()) {
        const alone = heardAlone(options, [...BEFORE, ...chunks.flat()]);
        const come = together[index];
        assert.ok(come !== undefined);
        assert.deepEqual(read(come), read(alone), options.name);
      }
    }),
    { numRuns: 120 },
  );
});

test('what one mode made of a line is what the next one gives, where they are the same', () => {
  const texts = [
    '2026-11-22 14:59:30 mx daemon[7]: Connection from 192.0.2.1 port 22',
    '2026-11-22 14:59:31 mx daemon[7]: User root not allowed because locked',
    '2026-11-22 14:59:32 mx daemon[7]: Failed password for root from 192.0.2.1 port 22',
  ];
  const [first, second] = heardTogether(MODES.slice(0, 2), [BEFORE, texts]);
  assert.equal(first?.matches.length, 2);
  for (const [index, match] of (first?.matches ?? []).entries()) assert.equal(second?.matches[index], match);
});
