/** Hours of a host whose clock jumps by half an hour, and of one that shows an hour twice: beside what Date says of them. */
process.env['TZ'] = 'Australia/Lord_Howe';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localHourBegin } from '../../src/filter/dates/local-hour.js';

const HOUR_MS = 3_600_000;

test('an hour that is kept begins when Date says, and each of its minutes is shown once', () => {
  let [plain, odd] = [0, 0];
  for (let at = Date.UTC(2025, 11, 30); at < Date.UTC(2027, 0, 3); at += HOUR_MS) {
    const date = new Date(at);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const hour = date.getUTCHours();
    const beginMs = localHourBegin(year, month, day, hour);
    assert.equal(localHourBegin(year, month, day, hour), beginMs, 'asked again');
    if (Number.isNaN(beginMs)) {
      odd += 1;
      continue;
    }
    plain += 1;
    for (const minute of [0, 29, 30, 59])
      assert.equal(new Date(year, month - 1, day, hour, minute).getTime(), beginMs + minute * 60_000);
    assert.notEqual(new Date(beginMs + HOUR_MS).getHours(), new Date(beginMs).getHours());
  }
  assert.ok(plain > 8800, `${plain} hours are like any other`);
  // A quarter of a day for each of two changes, at the most.
  assert.ok(odd >= 2 && odd <= 12, `${odd} hours are not`);
});

test('a year below a hundred is not taken for one of the last century', () => {
  assert.ok(Number.isNaN(localHourBegin(26, 1, 1, 12)));
});
