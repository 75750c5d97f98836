import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Expiry } from '../../src/ban/expiry.js';

test('rows come out when they are due, the earliest first, each once', () => {
  const step = fc.record({ ends: fc.array(fc.nat(1000), { maxLength: 40 }), nowMs: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const expiry = new Expiry();
      let waiting: { readonly row: number; readonly atMs: number }[] = [];
      let row = 0;
      for (const { ends, nowMs } of steps) {
        for (const atMs of ends) {
          expiry.add(row, atMs);
          waiting.push({ row, atMs });
          row += 1;
        }
        waiting.sort((one, other) => one.atMs - other.atMs);
        assert.equal(expiry.nextMs(), waiting[0]?.atMs);
        const due = [...expiry.due(nowMs)];
        const endOf = new Map(waiting.map((each) => [each.row, each.atMs]));
        assert.deepEqual(
          due.map((each) => endOf.get(each)),
          waiting.filter(({ atMs }) => atMs <= nowMs).map(({ atMs }) => atMs),
        );
        assert.equal(new Set(due).size, due.length);
        waiting = waiting.filter(({ atMs }) => atMs > nowMs);
        assert.equal(expiry.size, waiting.length);
      }
    }),
  );
});
