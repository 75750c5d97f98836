/**
 * Both ways of looking for texts find what a plain search finds, wherever a text stands, however they overlap.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import loadWabt from 'wabt';
import { stampReadCode } from '../../src/filter/dates/stamp-read-code.js';
import { knownTextsCode } from '../../src/filter/known-texts-code.js';
import { ScanRoom } from '../../src/filter/scan-room.js';
import { SkippingScan } from '../../src/filter/skipping-scan.js';
import { textScanCode } from '../../src/filter/text-scan-code.js';
import { MOST_FOUND, type TextScan } from '../../src/filter/text-scan.js';
import { hasVectors, VectorScan } from '../../src/filter/vector-scan.js';
import { packageRoot } from '../../src/lib/package-root.js';

for (const [name, code] of [
  ['text-scan', textScanCode],
  ['known-texts', knownTextsCode],
  ['dates/stamp-read', stampReadCode],
] as const)
  // prettier-ignore
  test(`the code is what ${name}.wat assembles to`, async () => {
    const text = readFileSync(join(packageRoot, 'src', 'filter', `${name}.wat`), 'utf8');
    const parsed = (await loadWabt()).parseWat(`${name}.wat`, text, { bulk_memory: true, simd: true });
    parsed.validate();
    assert.equal(code, Buffer.from(parsed.toBinary({}).buffer).toString('base64'));
  });

const WAYS = [['skipping', SkippingScan], ['in vectors', VectorScan]] as const; // prettier-ignore

function foundBy(scan: TextScan, start: number, end: number): number[] {
  const count = scan.scan(start, end);
  return [...new Set(scan.found.subarray(0, count))].sort((left, right) => left - right);
}

for (const [name, Way] of WAYS) {
  test(`texts are found as by a plain search, ${name}`, () => {
    assert.ok(hasVectors(), 'this host cannot run the module');
    const part = fc.oneof(
      fc.constantFrom('Failed ', 'Failed', 'led p', 'disconnect from', 'from', ': ', '\u00e9', 'aaa', 'aab'),
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\u00ff', '\0'), minLength: 1, maxLength: 4 }),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('').padEnd(3, 'x'));
    const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 40 });
    const line = fc.tuple(fc.array(part, { maxLength: 30 }), fc.nat({ max: 40 }), fc.nat({ max: 40 }));
    fc.assert(
      fc.property(texts, fc.array(line, { minLength: 1, maxLength: 5 }), (wanted, lines) => {
        const room = new ScanRoom();
        const scan = new Way(wanted, room);
        for (const [parts, before, behind] of lines) {
          const whole = parts.join('');
          const from = Math.min(before, whole.length);
          const until = Math.max(from, whole.length - behind);
          const seen = whole.slice(from, until);
          const expected = wanted.flatMap((each, number) => (seen.includes(each) ? [number] : []));
          const base = room.keep(whole);
          const found = foundBy(scan, base + from, base + until);
          if (scan.scan(base + from, base + until) < MOST_FOUND) assert.deepEqual(found, expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test(`a line with more texts than are told of is told as such, ${name}`, () => {
    const room = new ScanRoom();
    const scan = new Way(['abc', 'bca', 'cab'], room);
    const line = 'abc'.repeat(MOST_FOUND);
    const base = room.keep(line);
    assert.equal(scan.scan(base, base + line.length), MOST_FOUND);
  });

  test(`a text is found after the room has grown, ${name}`, () => {
    const room = new ScanRoom();
    const scan = new Way(['needle', 'nettle'], room);
    for (const length of [10, 100_000, 5_000_000]) {
      const line = `${'n'.repeat(length)}nettle`;
      const base = room.keep(line);
      assert.deepEqual(foundBy(scan, base, base + line.length), [1]);
      const other = new Way(['hay', 'straw'], room);
      assert.deepEqual(foundBy(other, base, base + line.length), []);
      assert.deepEqual(foundBy(scan, base, base + line.length), [1]);
    }
  });
}
