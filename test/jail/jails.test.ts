import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Match } from '../../src/filter/match.js';
import type { Outcome } from '../../src/jail/jail.js';
import { Jails } from '../../src/jail/jails.js';
import { jailOptions, surroundings } from './jail-options.js';

const NOW_MS = 1_795_000_000_000;

function failure(address: string, at = 0): Match {
  return {
    kind: 'failure',
    id: address,
    address,
    user: `user${at}`,
    timeMs: NOW_MS + at * 1000,
    text: 'a line',
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
  };
}

function bansIn(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === 'decided' ? [`${outcome.decision.jail} ${outcome.decision.target}`] : [],
  );
}

test('recidive counts the bans of the other jails and bans in the same step', () => {
  const jails = new Jails(
    [
      ...['a', 'b', 'c'].map((name) => jailOptions(name, { maxretry: 1 })),
      jailOptions('recidive', { maxretry: 3 }, { countsBans: true }),
    ],
    surroundings,
  );
  const heard = ['a', 'b', 'c'].map((jail) => ({
    jail,
    way: 'journal' as const,
    match: failure('198.51.100.7'),
  }));
  assert.deepEqual(bansIn(jails.take({ heard }, NOW_MS)), [
    'a 198.51.100.7',
    'b 198.51.100.7',
    'c 198.51.100.7',
    'recidive 198.51.100.7',
  ]);
});

test('hits of a banned address are told and not counted', () => {
  const jails = new Jails([jailOptions('a', { maxretry: 2 })], surroundings);
  const heard = [0, 10, 20, 30].map((at) => ({
    jail: 'a',
    way: 'journal' as const,
    match: failure('198.51.100.7', at),
  }));
  assert.deepEqual(
    jails.take({ heard }, NOW_MS + 30_000).map((outcome) => outcome.kind),
    ['counted', 'counted', 'decided', 'banned-already', 'banned-already'],
  );
});

test('a good login of an address is told with its time', () => {
  const jails = new Jails([jailOptions('a', {})], surroundings);
  const match: Match = { ...failure('198.51.100.7'), kind: 'success' };
  assert.deepEqual(jails.take({ heard: [{ jail: 'a', way: 'journal', match }] }, NOW_MS), [
    { kind: 'login', jail: 'a', address: '198.51.100.7', timeMs: NOW_MS },
  ]);
});
