/**
 * Expressions matched on bytes beside the walk over their tree, which is held against CPython's `re` in python-regex.test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScanRoom } from '../../src/filter/scan-room.js';
import { byteCode, ByteMatcher } from '../../src/lib/byte-matcher/byte-matcher.js';
import { interpret } from '../../src/lib/python-regex/interpret.js';
import { parsePythonRegex } from '../../src/lib/python-regex/parse.js';
import { RegexSyntaxError } from '../../src/lib/python-regex/regex-syntax-error.js';
import type { RegexTree } from '../../src/lib/python-regex/syntax.js';
import { PatternMaker, seededRandom } from './python-patterns.js';

const SEED = Number(process.env['BAILIFF_SEED'] ?? 20_261_123);
const PATTERNS = 6000;
/** Patterns that work in one room. */
const A_ROOM = 200;
const BEFORE = 'Σx '.replace('Σ', '\xff');
const BEHIND = 'yz!\n';

/** Where each group stands; -1, -1: it took no part; null: no match; undefined: given up. */
type Answer = readonly (readonly [number, number])[] | null | undefined;

/** `text` stands between others. */
function answerOf(matcher: ByteMatcher, groups: readonly number[], text: string, room: ScanRoom): Answer {
  const start = room.keep(BEFORE + text + BEHIND) + BEFORE.length;
  const isFound = matcher.match(start, start + text.length);
  const behind = room.bytes.toString('latin1', start + text.length, start + text.length + BEHIND.length);
  assert.equal(behind, BEHIND, 'what stands behind the text is as it was');
  if (isFound !== true) return isFound === undefined ? undefined : null;
  const { marks, firstMark } = matcher;
  return groups.map((_, slot) => {
    const [from = -1, end = -1] = marks.subarray(firstMark + 2 * slot, firstMark + 2 * slot + 2);
    return end < 0 ? [-1, -1] : [from - start, end - start];
  });
}

function expected(tree: RegexTree, groups: readonly number[], text: string): Answer {
  const marks = interpret(tree, `${text}\n`, 0, false);
  if (marks === undefined) return null;
  return groups.map((group) => {
    const [from = -1, end = -1] = marks.slice(2 * group, 2 * group + 2);
    return end < 0 ? [-1, -1] : [Math.min(from, text.length), Math.min(end, text.length)];
  });
}

function parsed(pattern: string): RegexTree | undefined {
  try {
    return parsePythonRegex(pattern);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined;
    throw error;
  }
}

function written(pattern: string, room = new ScanRoom()): { matcher: ByteMatcher; room: ScanRoom } {
  const tree = parsePythonRegex(pattern);
  const code = byteCode(tree, [...tree.names.values()]);
  assert.ok(code !== undefined, `${pattern} can be written`);
  return { matcher: new ByteMatcher(code, room), room };
}

test('generated expressions match bytes as the walk matches texts', () => {
  const maker = new PatternMaker(seededRandom(SEED));
  let room = new ScanRoom();
  const tally = { pairs: 0, found: 0, written: 0, different: [] as string[] };
  for (let number = 0; number < PATTERNS; number += 1) {
    const { pattern, texts } = maker.trial();
    const tree = parsed(pattern);
    if (number % A_ROOM === 0) room = new ScanRoom();
    const groups = Array.from({ length: tree?.groups ?? 0 }, (_, index) => index + 1);
    const code = tree && byteCode(tree, groups);
    if (tree === undefined || code === undefined) continue;
    tally.written += 1;
    const matcher = new ByteMatcher(code, room);
    for (const text of texts.map((each) => each.replaceAll('\n', ''))) {
      if (/[^\0-\xff]/.test(text)) continue;
      tally.pairs += 1;
      const answer = answerOf(matcher, groups, text, room);
      const wanted = expected(tree, groups, text);
      if (wanted !== null) tally.found += 1;
      if (JSON.stringify(answer) !== JSON.stringify(wanted))
        tally.different.push(`${pattern} on ${JSON.stringify(text)}: ${JSON.stringify(answer)}`);
    }
  }
  assert.deepEqual(tally.different.slice(0, 5), [], `seed ${SEED}`);
  assert.ok(tally.written > PATTERNS / 2 && tally.found > PATTERNS, JSON.stringify(tally));
});

test('one that runs away is given up, in no time', () => {
  const { matcher, room } = written('^(?:a|a)*(?:a|aa)+b(?P<x>c)$');
  const start = room.keep(`${'a'.repeat(40)}!`);
  assert.equal(matcher.match(start, start + 40), undefined);
  const next = room.keep('aabc');
  assert.equal(matcher.match(next, next + 4), true);
});

test('more rounds than the stack holds are given up, and what stands behind the text stays', () => {
  const { matcher, room } = written('^(?:ab|cd)*$');
  const text = 'ab'.repeat(15_000);
  const start = room.keep(`${text}xy`);
  assert.notEqual(matcher.match(start, start + text.length), false);
  assert.equal(room.bytes.toString('latin1', start + text.length, start + text.length + 2), 'xy');
});

for (const [what, pattern] of [
  ['references', '(a)\\1'],
  ['long lists', `^(?:${Array.from({ length: 2000 }, (_, word) => `word${word}`).join('|')})$`],
  ['copies of copies', '^(?:(?:(?:(?:a|bc){0,12}d){0,12}e){0,12}f){0,12}$'],
  ['groups that are kept from round to round', '^(?:(?P<x>a)|b)*$'],
] as const)
  test(`${what} are left to others`, () => {
    const tree = parsePythonRegex(pattern);
    assert.equal(byteCode(tree, [...tree.names.values()]), undefined);
  });

test('a long text is compared as a whole', () => {
  const text = Array.from({ length: 300 }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
  const { matcher, room } = written(`^x${text}$`);
  const start = room.keep(`x${text} x${text}`.replace(/yz(?=[a-z]*$)/, 'y!'));
  assert.equal(matcher.match(start, start + 301), true);
  assert.equal(matcher.match(start + 302, start + 603), false);
});
