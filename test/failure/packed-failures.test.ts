/**
 * What is packed comes back as it was, whatever a log said.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { packed, unpacked } from '../../src/failure/packed-failures.js';
import type { Failure } from '../../src/failure/ticket.js';

const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.option(text, { nil: undefined });
const text = fc.string({ unit: 'binary' });
const failure = fc
  .record({
    address: maybe(fc.ipV6()),
    user: maybe(text),
    timeMs: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })),
    attempts: fc.nat(),
    spanSeconds: fc.nat(),
    lineKind: text,
    connection: maybe(text),
    text,
    data: fc.option(fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), text, { noNullPrototype: true }), {
      nil: undefined,
    }),
  })
  .map(({ data, ...rest }): Failure => ({
    jail: 'j',
    id: 'i',
    ...rest,
    ...(data !== undefined && { data }),
  }));

test('failures come back from their text as they were', () => {
  const window = fc.array(fc.tuple(failure, fc.nat())).map((pairs) => ({
    failures: pairs.map(([each]) => each),
    groups: pairs.map(([, group]) => group),
  }));
  fc.assert(
    fc.property(window, (each) => {
      assert.deepEqual(unpacked(packed(each), { jail: 'j', id: 'i' }), each);
    }),
  );
});
