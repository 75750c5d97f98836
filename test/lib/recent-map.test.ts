import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RecentMap } from '../../src/lib/recent-map.js';

test('entries are found, and stand in the order in which they were put last, as in a Map that loses them', () => {
  const key = fc.integer({ min: 0, max: 400 }).map(String);
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.record({ put: key, value: fc.nat() }) },
    { weight: 10, arbitrary: fc.record({ set: key, value: fc.nat() }) },
    { weight: 15, arbitrary: fc.record({ gone: key }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2000, size: 'max' }), (steps) => {
      const recent = new RecentMap<number>();
      const plain = new Map<string, number>();
      for (const each of steps) {
        if (each === 'clear') {
          recent.clear();
          plain.clear();
        } else if ('put' in each) {
          recent.put(each.put, each.value);
          plain.delete(each.put);
          plain.set(each.put, each.value);
          assert.equal(recent.get(each.put), each.value);
        } else if ('set' in each) {
          recent.set(each.set, each.value);
          plain.set(each.set, each.value);
        } else assert.equal(recent.delete(each.gone), plain.delete(each.gone));
        assert.equal(recent.size, plain.size);
        assert.equal(recent.oldest, plain.keys().next().value);
      }
      assert.deepEqual([...recent], [...plain]);
      for (const [known, value] of plain) assert.equal(recent.get(known), value);
    }),
    { numRuns: 60 },
  );
});

test('a few entries that come and go by the thousand stay as they are', () => {
  const recent = new RecentMap<number>();
  for (let number = 0; number < 5000; number += 1) {
    recent.put(`connection ${number}`, number);
    if (number >= 3) recent.delete(`connection ${number - 3}`);
  }
  assert.deepEqual(
    [...recent],
    [4997, 4998, 4999].map((number) => [`connection ${number}`, number]),
  );
});
