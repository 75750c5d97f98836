import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, better, limitsOf } from '../../bench/ratios.js';
import { inRounds } from '../../bench/rounds.js';

test('a ratio that lost more than a third of what was typical is below its limit', () => {
  const limits = limitsOf({ start: 9, status: 3 });
  assert.deepEqual(limits, { start: 6, status: 2 });
  assert.deepEqual(below({ start: 6, status: 1.9 }, limits), ['status']);
});

test('a ratio that was not measured is below its limit, and one without a limit is not', () => {
  assert.deepEqual(below({ other: 0.1, broken: Number.NaN }, { start: 1, broken: 1 }), ['start', 'broken']);
});

test('of two measurements the better counts', () => {
  assert.deepEqual(better({ start: 1, status: 5 }, { start: 2, status: 4 }), { start: 2, status: 5 });
});

test('sides take turns in each round, and the least and the median of each are told', async () => {
  const order: string[] = [];
  const values = [5, 3, 4];
  const measured = await inRounds(3, {
    ours: () => {
      order.push('ours');
      return values[order.filter((side) => side === 'ours').length - 1] ?? Number.NaN;
    },
    theirs: async () => {
      order.push('theirs');
      return 7;
    },
  });
  assert.deepEqual(order, ['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
  assert.deepEqual(measured, { ours: { median: 4, least: 3 }, theirs: { median: 7, least: 7 } });
});
