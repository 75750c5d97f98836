/**
 * Somebody who takes their time is counted through a flood that has no network in common, since the store still knows them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureStage, type Verdict } from '../../src/failure/failure-stage.js';
import type { Match } from '../../src/filter/match.js';
import { Store } from '../../src/store/store.js';
import { jailOptions } from '../jail/jail-options.js';

const START_MS = 1_795_000_000_000;
const MOST = 1000;

function failureOf(address: string, at: number): Match {
  return {
    kind: 'failure',
    id: address,
    address,
    user: 'root',
    timeMs: START_MS + at * 1000,
    text: `root from ${address} at ${at}`,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: `${address} ${at}`,
    data: {},
  };
}

/** As the daemon has it: what is counted is written, and asked for where it had to go. */
function stageWith(store: Store): { readonly stage: FailureStage; readonly take: (match: Match) => Verdict } {
  const { failure } = jailOptions('j', { maxretry: 3, findtimeSeconds: 600, mostCounted: MOST });
  const stage = new FailureStage('j', failure, {
    ownAddresses: () => new Set(),
    namedAddresses: () => new Set(),
    earlierOf: (id, sinceMs, most) => store.failures.openOf('j', id, sinceMs, most),
  });
  const take = (match: Match): Verdict => {
    const verdict = stage.take(match, 'file');
    if (verdict.kind === 'counted') store.failures.add(verdict.failure);
    return verdict;
  };
  return { stage, take };
}

function flood(take: (match: Match) => Verdict, round: number): void {
  for (let number = 0; number < 5 * MOST; number += 1) {
    const all = round * 5 * MOST + number;
    take(failureOf(`${11 + (all & 63)}.${(all >> 6) & 255}.${(all >> 14) & 255}.1`, 100 * round));
  }
}

const SLOW = '198.51.100.7';

test('somebody who fails once in a while is banned through a flood from everywhere', (t) => {
  const store = new Store(':memory:');
  t.after(() => store.close());
  const { stage, take } = stageWith(store);
  const counts: unknown[] = [];
  for (const round of [0, 1, 2]) {
    const verdict = take(failureOf(SLOW, 100 * round));
    counts.push(verdict.kind === 'counted' && [verdict.attempts, verdict.ticket?.evidence.length]);
    flood(take, round);
  }
  assert.deepEqual(counts, [
    [1, undefined],
    [2, undefined],
    [3, 3],
  ]);
  assert.equal(stage.currentlyFailed(START_MS), MOST);
});

test('what is older than findtime, or was used up, does not come back', (t) => {
  const store = new Store(':memory:');
  t.after(() => store.close());
  const { take } = stageWith(store);
  const attemptsAt = (at: number): number | undefined => {
    const verdict = take(failureOf(SLOW, at));
    return verdict.kind === 'counted' ? verdict.attempts : undefined;
  };
  assert.equal(attemptsAt(0), 1);
  flood(take, 0);
  assert.equal(attemptsAt(601), 1, 'the first has left findtime');
  flood(take, 1);
  store.failures.useUp('j', SLOW);
  assert.equal(attemptsAt(700), 1, 'a ban rests on the second');
});

test('who was enough for a ticket begins anew, though the store has not written that yet', (t) => {
  const store = new Store(':memory:');
  t.after(() => store.close());
  const { take } = stageWith(store);
  take(failureOf(SLOW, 0));
  flood(take, 0);
  const attempts = [1, 2, 3, 4].map((at) => {
    const verdict = take(failureOf(SLOW, at));
    return verdict.kind === 'counted' && [verdict.attempts, verdict.ticket !== undefined];
  });
  assert.deepEqual(attempts, [[2, false], [3, true], [1, false], [2, false]]); // prettier-ignore
});

test('a restart in the middle of the flood counts nobody twice', (t) => {
  const store = new Store(':memory:');
  t.after(() => store.close());
  const before = stageWith(store);
  before.take(failureOf(SLOW, 0));
  flood(before.take, 0);
  before.take(failureOf(SLOW, 100));
  flood(before.take, 1);
  const after = stageWith(store);
  for (const failure of store.failures.open('j', START_MS - 1)) after.stage.restore(failure);
  const verdict = after.take(failureOf(SLOW, 200));
  assert.ok(verdict.kind === 'counted');
  assert.equal(verdict.attempts, 3);
  assert.equal(verdict.ticket?.evidence.length, 3);
});
