import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFilePlace } from '../../src/source/file-mark.js';
import { formatJournalPlace } from '../../src/source/journal-place.js';
import { isUpTo } from '../../src/source/place-order.js';

const entry = (seqnum: number, id = 'a'): string =>
  formatJournalPlace({ cursor: `s=${id.repeat(32)};i=${seqnum.toString(16)};b=0`, realtimeUs: 1 });
const mark = (inode: number, offset: number, headBytes = 256) => ({ inode, head: 'x', headBytes, offset });

test('of two entries of one journald the one with the larger number is later', () => {
  assert.ok(isUpTo('journal', entry(7), entry(8)));
  assert.ok(isUpTo('journal', entry(7), entry(7)));
  assert.ok(!isUpTo('journal', entry(8), entry(7)));
  assert.ok(isUpTo('journal:web', entry(255), entry(256)));
});

test('entries of two journalds cannot be told, nor what is no place', () => {
  assert.ok(!isUpTo('journal', entry(7), entry(8, 'b')));
  assert.ok(!isUpTo('journal', 'none', entry(8)));
  assert.ok(isUpTo('journal', 'none', 'none'), 'the same is the same');
});

test('within one file the larger offset is later, whatever was known of its head', () => {
  const of = (offset: number, headBytes?: number): string => formatFilePlace([mark(5, offset, headBytes)]);
  assert.ok(isUpTo('file:/a', of(10, 10), of(20)));
  assert.ok(isUpTo('file:/a', of(20), of(20, 10)));
  assert.ok(!isUpTo('file:/a', of(30), of(20)));
});

test('in the middle of a rotation, and of two files, nothing is certain', () => {
  const old = formatFilePlace([mark(5, 10)]);
  const both = formatFilePlace([mark(5, 10), mark(6, 3)]);
  const next = formatFilePlace([mark(6, 30)]);
  assert.ok(!isUpTo('file:/a', old, both));
  assert.ok(!isUpTo('file:/a', both, next));
  assert.ok(!isUpTo('file:/a', old, next));
  assert.ok(!isUpTo('file:/a', 'none', next));
});
