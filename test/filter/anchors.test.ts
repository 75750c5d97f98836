/**
 * Anchors are chosen so that a look at a line stops at few places, however many texts there are.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ANCHOR, anchorsOf } from '../../src/filter/anchors.js';
import { requirementTable } from '../../src/filter/requirement-table.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { engine } from '../filters/shipped.js';

const NAMES = ['sshd', 'dovecot', 'postfix', 'postfix-sasl', 'apache-auth', 'recidive', 'rspamd'] as const;

/** The texts that the shipped filters need, and as many of the same letters that stand in no line. */
function manyTexts(): readonly Buffer[] {
  const requirements = NAMES.map((name) => engine(name, 'normal', 'file').requirementsAmongLines);
  const { texts } = requirementTable(requirements);
  const forwards = texts.map((text) => Buffer.from(text, 'latin1'));
  return [...forwards, ...texts.map((text) => Buffer.from(text, 'latin1').reverse())];
}

function recorded(): Buffer {
  const path = join(packageRoot, 'recordings', 'debian13', 'virtual', 'journal.export.gz');
  const messages = gunzipSync(readFileSync(path))
    .toString()
    .matchAll(/^MESSAGE=(.*)$/gm);
  return Buffer.from(Array.from(messages, ([, message]) => message).join('\n'), 'latin1');
}

test('a look for many texts stops at few places where none of them stands', () => {
  const wanted = manyTexts();
  const { offsets, tables } = anchorsOf(wanted);
  assert.ok(wanted.length > 150);
  const anchors = new Set(
    wanted.map((text, number) => {
      const offset = offsets[number] ?? -1;
      return text.toString('latin1', offset, offset + ANCHOR);
    }),
  );
  const lines = recorded();
  const isOpen = (at: number): boolean => {
    let buckets = 0xff;
    for (let place = 0; place < ANCHOR; place += 1) {
      const byte = lines[at + place] ?? 0;
      buckets &= (tables[place * 32 + (byte & 15)] ?? 0) & (tables[place * 32 + 16 + (byte >> 4)] ?? 0);
    }
    return buckets !== 0;
  };
  let [open, right, count] = [0, 0, 0];
  for (let at = 0; at + ANCHOR <= lines.length; at += 1) {
    const isAnchor = anchors.has(lines.toString('latin1', at, at + ANCHOR));
    assert.ok(isOpen(at) || !isAnchor);
    if (isOpen(at)) open += 1;
    if (isAnchor) right += 1;
    if (lines[at] === 0x0a) count += 1;
  }
  assert.ok(right / count < 4, `${right / count} anchors a line`);
  assert.ok(open / count < 10, `stops at ${open / count} places a line`);
});
