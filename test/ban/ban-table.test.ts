import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ban } from '../../src/ban/ban.js';
import { BanTable } from '../../src/ban/ban-table.js';

const TARGETS = ['192.0.2.1', '192.0.2.2', '2001:db8::/64', 'somebody', '2001:db8::1', '198.51.100.0/24'];

const ban: fc.Arbitrary<Ban> = fc
  .record({
    target: fc.constantFrom(...TARGETS),
    hasOther: fc.boolean(),
    address: fc.constantFrom('2001:db8::9', undefined),
    bannedAtMs: fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.constant(1_795_000_000_000.25)),
    untilMs: fc.option(fc.integer({ min: 0, max: 2 ** 50 }), { nil: undefined }),
    failures: fc.nat(),
    origin: fc.constantFrom('jail', 'hand', 'restored', 'imported'),
    banCount: fc.integer({ min: 1, max: 100_000 }),
    isGrown: fc.boolean(),
  })
  .map(({ hasOther, address, ...rest }) => ({
    ...rest,
    kind: 'ban',
    jail: 'j',
    address: hasOther ? address : rest.target,
    evidence: ['a line'],
    data: { user: 'eve' },
  }));

const step = fc.oneof(
  { weight: 2, arbitrary: ban.map((each) => ({ kind: 'set' as const, ban: each })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), target: fc.constantFrom(...TARGETS) }),
  },
);

test('a table gives back what was put into it, in its order, but for what the store has', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const table = new BanTable('j');
      const model = new Map<string, Ban>();
      for (const each of steps) {
        if (each.kind === 'delete') {
          table.delete(each.target);
          model.delete(each.target);
          continue;
        }
        const row = table.set(each.ban);
        assert.equal(table.targetAt(row), each.ban.target);
        const { data: _data, ...kept } = each.ban;
        model.set(each.ban.target, { ...kept, evidence: undefined });
      }
      assert.deepEqual([...table.bans()], [...model.values()]);
      assert.deepEqual([...table.targets], [...model.keys()]);
      assert.equal(table.size, model.size);
      for (const target of TARGETS) {
        assert.deepEqual(table.get(target), model.get(target));
        const known = model.get(target);
        assert.equal(table.endMs(target), known && (known.untilMs ?? Infinity));
      }
    }),
  );
});

test('rows of bans that were deleted are used again', () => {
  const table = new BanTable('j');
  const rows = new Set<number>();
  for (let number = 0; number < 1000; number += 1) {
    const target = `198.51.100.${number % 256}`;
    const made = { target, address: target, bannedAtMs: number, untilMs: undefined };
    rows.add(
      table.set({ kind: 'ban', jail: 'j', ...made, failures: 1, origin: 'jail', evidence: undefined }),
    );
    if (number >= 10) table.delete(`198.51.100.${(number - 10) % 256}`);
  }
  assert.ok(rows.size <= 11, `${rows.size} rows`);
});
