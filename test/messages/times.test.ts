import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rate } from '../../src/action/message/rate.js';
import { parseTimeOfDay } from '../../src/config/time-of-day.js';
import { digestTimeMs } from '../../src/daemon/sending/digest-time.js';
import { hostPortOf } from '../../src/lib/host-port.js';

const HOUR_MS = 3_600_000;

test('a time of day is written as on a clock, and means the next time that it is so', () => {
  assert.deepEqual(['no', 'off', '', '7:05', '23:59', '00:00'].map(parseTimeOfDay), [
    undefined,
    undefined,
    undefined,
    425,
    1439,
    0,
  ]);
  for (const wrong of ['24:00', '7', '07:60', 'noon', '07:00:00'])
    assert.throws(() => parseTimeOfDay(wrong), { code: 'config.time' });
  const noonMs = new Date(2026, 10, 22, 12, 0, 0).getTime();
  assert.equal(digestTimeMs(13 * 60, noonMs), noonMs + HOUR_MS);
  assert.equal(digestTimeMs(12 * 60, noonMs), noonMs + 24 * HOUR_MS);
});

test('a receiver gets its hour at once or spread, never more, also over a restart', () => {
  const rate = new Rate({ most: 4, spanMs: HOUR_MS });
  for (let at = 0; at < 4; at += 1) {
    assert.ok(rate.left(HOUR_MS) >= 1);
    rate.take(HOUR_MS);
  }
  const kept = new Rate({ most: 4, spanMs: HOUR_MS }, rate.memory());
  assert.equal(kept.left(HOUR_MS), 0);
  assert.equal(kept.nextMs(HOUR_MS), HOUR_MS * 1.25);
  assert.equal(kept.left(HOUR_MS * 1.25), 1);
  assert.equal(kept.left(HOUR_MS * 100), 4, 'what is not used is not saved up');
  assert.equal(kept.left(0), 0, 'a clock that was set back gives nothing');
});

test('a mail server is a host and a port', () => {
  assert.deepEqual(hostPortOf('127.0.0.1:2525', 25), { host: '127.0.0.1', port: 2525 });
  assert.deepEqual(hostPortOf('[::1]:25', 25), { host: '::1', port: 25 });
  assert.deepEqual(hostPortOf('mx.example', 43), { host: 'mx.example', port: 43 });
  for (const wrong of ['', 'a b', 'x:0', 'x:99999', '::1', 'x:25:25'])
    assert.equal(hostPortOf(wrong, 25), undefined);
});
