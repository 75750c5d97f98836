import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { jsonLinePieces } from '../../src/control/json-pieces.js';

test('the pieces of any answer joined are what JSON.stringify gives', () => {
  const long = fc
    .tuple(fc.jsonValue(), fc.integer({ min: 490, max: 1600 }))
    .map(([item, length]) => Array.from({ length }, () => item));
  const deep = fc.record({
    ok: fc.constant(true),
    id: fc.option(fc.string(), { nil: undefined }),
    result: fc.oneof(
      fc.jsonValue(),
      long,
      fc.record({
        jails: fc.array(fc.record({ jail: fc.string(), banned: long }), { maxLength: 4 }),
        none: long,
      }),
    ),
  });
  fc.assert(
    fc.property(deep, (value) => {
      assert.equal([...jsonLinePieces(value)].join(''), `${JSON.stringify(value)}\n`);
    }),
    { numRuns: 200 },
  );
});

test('a small answer is one piece, a large one is of bounded pieces', () => {
  assert.equal([...jsonLinePieces({ ok: true, result: 'pong' })].length, 1);
  const pieces = [...jsonLinePieces({ result: Array.from({ length: 50_000 }, () => 'x'.repeat(60)) })];
  for (const piece of pieces) assert.ok(piece.length < 120_000);
});
