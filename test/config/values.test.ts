import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from '../../src/config/nearest-name.js';
import { parseBoolean, parseInteger, parseLines, parseWords, parseZone } from '../../src/config/values.js';

test('yes has the spellings of Fail2Ban, and a slip is told', () => {
  for (const text of ['1', 'on', 'True', 'YES']) assert.equal(parseBoolean(text), true);
  for (const text of ['0', 'off', 'False', 'no', '']) assert.equal(parseBoolean(text), false);
  assert.throws(() => parseBoolean('ture'), { code: 'config.boolean' });
});

test('a number is whole and within its range', () => {
  assert.equal(parseInteger('5', 1, 10), 5);
  for (const text of ['0', '11', '5.5', 'five', '', '1e1'])
    assert.throws(() => parseInteger(text, 1, 10), { code: 'config.number' });
});

test('lists are split at blanks and commas, lines at their ends', () => {
  assert.deepEqual(parseWords('127.0.0.1/8 ::1, 10.0.0.0/8\n192.0.2.1'), [
    '127.0.0.1/8',
    '::1',
    '10.0.0.0/8',
    '192.0.2.1',
  ]);
  assert.deepEqual(parseLines('\n a \n\nb c'), ['a', 'b c']);
});

test('a zone is a fixed offset', () => {
  assert.equal(parseZone(''), undefined);
  assert.equal(parseZone('UTC'), 0);
  assert.equal(parseZone('UTC+0200'), 7200);
  assert.equal(parseZone('-05:30'), -19_800);
  assert.equal(parseZone('CEST'), 7200);
  for (const text of ['Europe/Berlin', 'XYZ', '0200'])
    assert.throws(() => parseZone(text), { code: 'config.zone' });
});

test('the nearest name is found for a slip and none for a stranger', () => {
  assert.equal(nearestName('maxrety', ['maxretry', 'findtime']), 'maxretry');
  assert.equal(nearestName('fidntime', ['maxretry', 'findtime']), 'findtime');
  assert.equal(nearestName('colour', ['maxretry', 'findtime']), undefined);
});
