import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeOf, decodeUtf8 } from '../../src/source/encodings.js';
import { LineSplitter } from '../../src/source/line-splitter.js';
import { linesOf } from '../../src/source/line-table.js';
import type { LineTable } from '../../src/source/lines.js';

function textsOf(lines: LineTable): readonly string[] {
  return [...linesOf(lines)].map(({ text }) => text);
}

function split(pieces: readonly (string | Buffer)[], decode = decodeUtf8): string[] {
  const splitter = new LineSplitter(decode);
  return pieces.flatMap((piece) => textsOf(splitter.push(Buffer.from(piece))));
}

test('only whole lines are given, without their newline', () => {
  assert.deepEqual(split(['one\ntw', 'o\r\nthr', 'ee']), ['one', 'two']);
  assert.deepEqual(split(['\n\na\n']), ['', '', 'a']);
});

test('bytes that are no UTF-8 become U+FFFD, and only in their line', () => {
  assert.deepEqual(split([Buffer.from([0x61, 0xff, 10]), 'käse\n']), ['a\ufffd', 'käse']);
});

test('a line is decoded by its encoding', () => {
  assert.deepEqual(split([Buffer.from([0xe4, 10])], decodeOf('iso-8859-1')), ['ä']);
  assert.equal(decodeOf('no-such-thing'), undefined);
  assert.equal(decodeOf('utf-16le'), undefined, 'its newline is not one byte');
});

test('of an endless line the first and last 4 KiB are kept, and it is counted', () => {
  const line = `head${'x'.repeat(200_000)}tail`;
  for (const size of [1000, 70_000, 300_000]) {
    const splitter = new LineSplitter(decodeUtf8);
    const bytes = Buffer.from(`${line}\nnext\n`);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      lines.push(...textsOf(splitter.push(bytes.subarray(at, at + size))));
      assert.ok(splitter.pendingBytes <= bytes.length);
    }
    assert.deepEqual(
      lines,
      [`head${'x'.repeat(4092)} … ${'x'.repeat(4092)}tail`, 'next'],
      `pieces of ${size}`,
    );
    assert.equal(splitter.cut, 1);
  }
});

test('however the bytes are cut into pieces, the lines are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ä', '€') })), (pieces) => {
      assert.deepEqual(split(pieces), split([pieces.join('')]));
    }),
  );
});
