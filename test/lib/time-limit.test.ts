import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitedRegExp } from '../../src/lib/limited-regexp.js';
import { OutOfTime, TimeLimit } from '../../src/lib/time-limit.js';

/** Neither the lookahead nor the repetition in a repetition can be matched in linear time. */
const RUNAWAY = /^guess(?!z): (?:a+)+b from (\S+)$/;
const HOSTILE = `guess: ${'a'.repeat(60)}c b from 192.0.2.66`;

test('work within its time gives its result, and what it throws is thrown', () => {
  const limit = new TimeLimit(5);
  assert.equal(
    limit.run(() => 7),
    7,
  );
  assert.equal(
    limit.run(() => undefined),
    undefined,
  );
  assert.throws(() => limit.run(() => assert.fail('of its own')), /of its own/);
  assert.equal(limit.takeSpentMs(), 0);
});

test('a search that does not end is given up, and the next one finds what it should', () => {
  const limit = new TimeLimit(2);
  const regex = new LimitedRegExp(RUNAWAY, limit);
  for (let round = 0; round < 3; round += 1) {
    assert.throws(() => regex.exec(HOSTILE), OutOfTime);
    assert.equal(regex.exec('guess: aab from 192.0.2.40')?.[1], '192.0.2.40');
  }
  assert.ok(limit.takeSpentMs() > 0, 'what was spent in vain is told');
  assert.equal(limit.takeSpentMs(), 0, 'once');
});
