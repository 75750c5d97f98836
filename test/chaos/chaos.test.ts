import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expect as expected } from './model.js';
import { playSeed } from './play-seed.js';

const SEEDS = 3;

test('killed and hindered at random moments, it bans whom the model bans, once each, and counts each line once', async (t) => {
  const first = Number(process.env['BAILIFF_SEED'] ?? Date.now() % 1_000_000);
  for (let seed = first; seed < first + SEEDS; seed += 1) {
    t.diagnostic(`BAILIFF_SEED=${seed}`);
    const { faults, findings, log } = await playSeed(seed);
    assert.deepEqual(findings, [], `seed ${seed}: ${faults.join(', ')}\n${log.slice(-4000)}`);
  }
});

test('a hearing worker killed in its first second takes nothing with it', async () => {
  const { findings, log } = await playSeed(7, ['runaway', 'runaway', 'runaway', 'kill']);
  assert.deepEqual(findings, [], log.slice(-4000));
});

test('the model bans who reaches the limit on one way, and counts bans on two ways as recidive', () => {
  const lines = (way: 'journal' | 'file', address: string, count: number) =>
    Array.from({ length: count }, () => ({ way, address }));
  const written = [
    ...lines('journal', '192.0.2.1', 5),
    ...lines('file', '192.0.2.1', 3),
    ...lines('file', '192.0.2.2', 2),
    ...['2001:db8:7::1', '2001:db8:7::2', '2001:db8:7::3'].flatMap((each) => lines('file', each, 1)),
  ];
  const model = expected(written, ['203.0.113.1'], ['sshd', 'filed']);
  assert.deepEqual([...(model.get('sshd')?.banned ?? [])], ['192.0.2.1', '203.0.113.1']);
  assert.deepEqual([...(model.get('filed')?.banned ?? [])], ['192.0.2.1', '2001:db8:7::/64']);
  assert.deepEqual(model.get('filed')?.counted.get('192.0.2.2'), 2);
  assert.deepEqual([...(model.get('recidive')?.banned ?? [])], ['192.0.2.1']);
});
