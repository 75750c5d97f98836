import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import loadWabt from 'wabt';
import { packageRoot } from '../../src/lib/package-root.js';
import { entryWalkCode } from '../../src/source/entry-walk-code.js';
import { CORRUPT, EntryWalk, INCOMPLETE, type Kept } from '../../src/source/entry-walk.js';

test('the code is what the text assembles to', async () => {
  const text = readFileSync(join(packageRoot, 'src', 'source', 'entry-walk.wat'), 'utf8');
  const parsed = (await loadWabt()).parseWat('entry-walk.wat', text, { bulk_memory: true, simd: true });
  assert.equal(entryWalkCode, Buffer.from(parsed.toBinary({}).buffer).toString('base64'));
});

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789';
const name = fc.string({ unit: fc.constantFrom(...letters.split('')), minLength: 1, maxLength: 40 });
const value = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const field = fc.record({ name, value, isWanted: fc.boolean() });

/** As text where that is possible, with its length where it is not. */
function written({ name: named, value: bytes }: { name: string; value: Buffer }): Buffer {
  if (!bytes.includes(10)) return Buffer.concat([Buffer.from(`${named}=`), bytes, Buffer.from('\n')]);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from(`${named}\n`), length, bytes, Buffer.from('\n')]);
}

const nothing = (wanted: readonly string[]): Kept => ({ processes: 0, identity: wanted.length });

test('the wanted fields of any entry are found, wherever it lies, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), fc.nat({ max: 20 }), (fields, before) => {
      const wanted = [...new Set(fields.filter(({ isWanted }) => isWanted).map((each) => each.name))];
      const walk = new EntryWalk(wanted, nothing(wanted), 4096);
      const entry = Buffer.concat([...fields.map(written), Buffer.from('\n')]);
      walk.bytes.fill('=\n', 0, before).set(entry, before);
      assert.equal(walk.walk(before, before + entry.length), before + entry.length - 1);
      for (const [index, one] of wanted.entries()) {
        const first = fields.find((each) => each.name === one)?.value;
        assert.deepEqual(walk.bytes.subarray(walk.starts[index], walk.ends[index]), first);
      }
      assert.equal(
        walk.isBinary,
        fields.some((each) => each.value.includes(10)),
      );
      for (let end = before; end < before + entry.length; end += 1)
        assert.ok([INCOMPLETE, CORRUPT].includes(walk.walk(before, end)) || end === before + entry.length);
    }),
    { numRuns: 500 },
  );
});

test('an entry that is cut off is incomplete, whatever stands behind the cut', () => {
  const entry = Buffer.from('_PID=123456789\nMESSAGE=a message\n\n');
  const walk = new EntryWalk(['MESSAGE'], nothing(['MESSAGE']), 256);
  for (let end = 0; end < entry.length; end += 1) {
    walk.bytes.fill('=\n').set(entry.subarray(0, end));
    assert.equal(walk.walk(0, end), INCOMPLETE);
  }
});

test('lines are written from kept prefixes and stretches of the input, also after it grew', () => {
  const walk = new EntryWalk(['MESSAGE'], { processes: 2, identity: 1 }, 64);
  assert.equal(walk.keepPrefix(1, 'mx sshd[7]: '), true);
  assert.equal(walk.keepPrefix(0, `${'x'.repeat(200)}: `), false);
  assert.equal(walk.keepPrefix(0, 'mx käse[7]: '), false);
  walk.bytes.write('hello world');
  walk.reserve(1 << 20);
  walk.writeLine(1, 12, 0, 5);
  walk.writeLine(1, 12, 6, 11);
  assert.equal(String(walk.takeWritten()), 'mx sshd[7]: hellomx sshd[7]: world');
  assert.equal(walk.takeWritten().length, 0);
});
