import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../../src/daemon/ledger.js';
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
