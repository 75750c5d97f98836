/** Short texts by their bytes: always the text that stands there, and the same string as long as it is remembered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { knownTexts } from '../../src/filter/known-texts.js';
import { ScanRoom } from '../../src/filter/scan-room.js';

const LATIN_1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const TEXT = fc.oneof(
  fc.string({ unit: LATIN_1, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 18 }),
);

test('a text is what stands there, whatever was met before', () => {
  const room = new ScanRoom();
  const texts = knownTexts(room);
  fc.assert(
    fc.property(fc.array(TEXT, { maxLength: 40 }), TEXT, (all, between) => {
      const start = room.keep(all.map((text) => text + between).join(''));
      let at = start;
      for (const text of all) {
        assert.equal(texts.at(at, at + text.length), text);
        at += text.length + between.length;
      }
    }),
  );
});

test('the key of a connection is written out once for all of its lines', (t) => {
  const room = new ScanRoom();
  const texts = knownTexts(room);
  assert.equal(knownTexts(room), texts, 'all who read a room remember together');
  const [key, other] = ['sshd-session[4711]', 'sshd-session[4712]'];
  const start = room.keep(key + other + key);
  const written = t.mock.method(room.bytes, 'toString');
  for (const [place, text] of [key, other, key].entries())
    assert.equal(texts.at(start + place * key.length, start + (place + 1) * key.length), text);
  assert.equal(written.mock.callCount(), 2);
});
