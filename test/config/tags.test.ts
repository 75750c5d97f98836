import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTags } from '../../src/config/tags.js';

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return withTags(text, (tag) => values[tag]);
}

test('a known tag is filled in, an unknown one stays', () => {
  assert.equal(filled('<a> <HOST> <F-USER>x</F-USER>', { a: '1' }), '1 <HOST> <F-USER>x</F-USER>');
});

test('tags nest, and values may hold tags', () => {
  assert.equal(filled('<re-<mode>>', { mode: 'ddos', 're-ddos': 'x<end>', end: '$' }), 'x$');
});

test('what a regular expression uses angle brackets for is left alone', () => {
  const text = '(?<=a)(?P<n>b)(?<!c)user=<[^>]*>';
  assert.equal(filled(text, { a: '1' }), text);
});

test('values that refer to themselves are an error', () => {
  assert.throws(() => filled('<a>', { a: '<b>', b: 'x<a>' }), { code: 'config.tag-recursion' });
  assert.throws(() => filled('<a>', { a: '<a><a>' }), { code: 'config.tag-recursion' });
});
