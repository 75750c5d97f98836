import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../src/config/duration.js';

for (const [text, seconds] of [
  ['600', 600],
  ['-1', -1],
  ['10m', 600],
  ['10min', 600],
  ['1d12h', 129_600],
  ['1h 30m', 5400],
  ['2 weeks', 1_209_600],
  ['1month', 2_629_800],
  ['1mo', 2_629_800],
  ['1y', 31_557_600],
  ['1year-6mo', 15_778_800],
  ['24*60*60', 86_400],
  ['3*24h', 259_200],
  ['(1h + 30m) * 2', 10_800],
  ['1.5h', 5400],
  ['1H', 3600],
  ['0.5d/2', 21_600],
] as const)
  test(`\`${text}\` is ${seconds} s`, () => {
    assert.equal(parseDuration(text), seconds);
  });

for (const text of [
  '',
  'soon',
  '10 parsecs',
  '1h)',
  '(1h',
  '1h +',
  '1/0',
  '__import__',
  '1,5h',
  '10x',
  '0x10',
  '('.repeat(90),
])
  test(`\`${text.slice(0, 20)}\` is no time`, () => {
    assert.throws(() => parseDuration(text), { code: 'config.time' });
  });
