import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import type { Outcome } from '../../src/jail/jail.js';
import { Store } from '../../src/store/store.js';

test('an entry that no store would take is lost, told, and holds up none of the others', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new Store(':memory:');
  const told: string[] = [];
  const ledger = new Ledger(store, (text) => told.push(text));
  const isTwice = (): void => {
    for (const _ of [1, 2]) store.places.keep('file:/a', 'x', 1);
    throw new Error('UNIQUE constraint failed: ban.jail, ban.target');
  };
  ledger.note(isTwice);
  for (const name of ['one', 'two', 'three']) ledger.note(() => store.places.meet(name, 1));
  t.mock.timers.tick(1000);
  assert.deepEqual(
    ['one', 'two', 'three'].filter((name) => store.places.hasMet(name)),
    ['one', 'two', 'three'],
  );
  assert.equal(store.places.places().size, 0);
  assert.deepEqual(ledger.state(), { suspended: undefined, waiting: 0, lost: 1 });
  assert.match(told.at(-1) ?? '', /1 entries are missing/);
  ledger.close();
  store.close();
});

/** A thousand addresses that failed once, and one that is banned. */
function batchOf(number: number): readonly Outcome[] {
  const target = `198.51.100.${number}`;
  const failed = Array.from({ length: 1000 }, (_, index): Outcome => {
    const address = `10.${number}.${index >> 8}.${index & 255}`;
    const failure = {
      jail: 'j',
      id: address,
      address,
      user: undefined,
      timeMs: 1,
      attempts: 1,
      spanSeconds: 0,
      lineKind: 'file:1',
      connection: undefined,
      text: '',
    };
    return { kind: 'counted', failure, attempts: 1 };
  });
  const ban = {
    kind: 'ban',
    jail: 'j',
    target,
    address: target,
    bannedAtMs: 1,
    untilMs: 2,
    failures: 3,
    origin: 'jail',
    evidence: [],
  } as const;
  return [...failed, { kind: 'decided', decision: ban }];
}

test('what waits through a flood has its bounds: bans and places are kept, the oldest failures are lost and counted', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new Store(':memory:');
  const ledger = new Ledger(store, () => undefined);
  let isFull = true;
  ledger.note(() => assert.ok(!isFull, 'database or disk is full'));
  for (let number = 0; number < 100; number += 1)
    ledger.commit(batchOf(number), 1, { source: `file:/${number}`, place: 'x', connections: [] });
  const { waiting, lost } = ledger.state();
  assert.ok(waiting <= 50_000 && waiting > 48_000, `${waiting} wait`);
  assert.equal(waiting + lost, 1 + 100 * 1002);
  isFull = false;
  t.mock.timers.tick(1000);
  assert.deepEqual(ledger.state(), { suspended: undefined, waiting: 0, lost });
  assert.equal([...store.bans.current()].flat().length, 100);
  assert.equal(store.places.places().size, 100);
  assert.equal(store.failures.history(['10.99.0.1'], 1).length, 1, 'the newest failures are there');
  assert.equal(store.failures.history(['10.0.0.1'], 1).length, 0);
  ledger.close();
  store.close();
});
