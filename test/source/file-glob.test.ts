import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { segmentPattern } from '../../src/lib/glob.js';
import { expandGlob } from '../../src/source/file-glob.js';

test('a glob matches within a path segment', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['*.log', 'a.log', true],
    ['*.log', '.hidden.log', false],
    ['.*', '.hidden', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[ab]*', 'b1', true],
    ['[!ab]*', 'b1', false],
    ['[!ab]*', 'c1', true],
    ['[]x]', ']', true],
    ['[a-c]', 'b', true],
    ['a[b', 'a[b', true],
    ['a.c', 'abc', false],
    ['a+(b)', 'a+(b)', true],
  ];
  for (const [glob, name, isMatch] of cases)
    assert.equal(segmentPattern(glob).test(name), isMatch, `${glob} ${name}`);
});

test('a glob gives the files that exist, and the directories where more may appear', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'glob-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const name of ['a', 'b']) mkdirSync(join(root, name));
  for (const name of ['a/error.log', 'b/error.log', 'b/error.log.1.gz', 'b/access.log'])
    writeFileSync(join(root, name), '');
  mkdirSync(join(root, 'a/dir.log'));
  const found = expandGlob(`${root}/*/*error.log*`);
  assert.deepEqual(found.paths, [join(root, 'a/error.log'), join(root, 'b/error.log')]);
  assert.deepEqual(found.directories, [root, join(root, 'a'), join(root, 'b')]);
  assert.deepEqual(expandGlob(`${root}/none/x.log`), { paths: [], directories: [] });
  assert.deepEqual(expandGlob(`${root}/x.log`), { paths: [], directories: [root] });
});
