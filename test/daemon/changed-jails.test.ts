import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedJails } from '../../src/daemon/deciding/changed-jails.js';
import { Jails } from '../../src/jail/jails.js';
import type { JailOptions } from '../../src/jail/options.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

test('a jail that judges otherwise than before a restart is known, a first start changes nothing', (t) => {
  const store = new Store(':memory:');
  t.after(() => store.close());
  const start = (options: readonly JailOptions[], nowMs: number): unknown =>
    [...changedJails(new Jails(options, surroundings), store, { note: (write) => write() }, nowMs)].map(
      ([{ name }, sinceMs]) => [name, sinceMs],
    );
  const [one, two] = [jailOptions('one', {}), jailOptions('two', {})];
  assert.deepEqual(start([one], 1000), [['one', 0]]);
  const longer = { ...one, ban: { ...one.ban, bantimeSeconds: 7 } };
  assert.deepEqual(start([longer, two], 2000), [['one', 0], ['two', 2000]]); // prettier-ignore
  const other = { ...one, filter: { ...one.filter, failregex: ['^other <ADDR>$'] } };
  assert.deepEqual(start([other, two], 3000), [['one', 3000], ['two', 2000]]); // prettier-ignore
  assert.deepEqual(start([other, two], 4000), [['one', 3000], ['two', 2000]]); // prettier-ignore
});
