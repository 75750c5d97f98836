import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { surplusOf } from '../../src/store/fair-room.js';

test('whoever has most makes room, down to what the others have', () => {
  const of = (counts: readonly number[], most: number): readonly number[] => {
    const surplus = surplusOf(new Map(counts.map((count, at) => [`${at}`, count])), most);
    return counts.map((_, at) => surplus.get(`${at}`) ?? 0);
  };
  assert.deepEqual(of([10, 400], 100), [0, 310]);
  assert.deepEqual(of([10, 40, 45], 100), [0, 0, 0]);
  assert.deepEqual(of([10, 60, 70], 100), [0, 15, 25]);
  assert.deepEqual(of([5, 5], 1), [5, 4]);
  assert.deepEqual(of([], 1), []);
});

test('what is left fills the room or is all there is, and nobody with less gives more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5000 }),
      (counts, most) => {
        const surplus = surplusOf(new Map(counts.map((count, at) => [`${at}`, count])), most);
        const kept = counts.map((count, at) => count - (surplus.get(`${at}`) ?? 0));
        const all = counts.reduce((sum, count) => sum + count, 0);
        assert.equal(
          kept.reduce((sum, count) => sum + count, 0),
          Math.min(all, most),
        );
        const widest = Math.max(0, ...kept);
        kept.forEach((count, at) => assert.ok(count === counts[at] || count >= widest - 1));
      },
    ),
  );
});
