import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FileSource, type FileSourceOptions, type WatchedGlob } from '../../src/source/file-source.js';
import { CollectingSink } from './collecting-sink.js';

function open(t: TestContext, globs: (root: string) => WatchedGlob[], more: Partial<FileSourceOptions> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'files-'));
  const sink = new CollectingSink();
  const source = new FileSource({ files: globs(root), placeOf: () => undefined, sinceMs: 0, ...more });
  t.after(async () => {
    await source.close();
    rmSync(root, { recursive: true, force: true });
  });
  return { root, sink, source };
}

const head = (glob: string): WatchedGlob => ({ glob, from: 'head', encoding: 'auto' });
const tail = (glob: string): WatchedGlob => ({ glob, from: 'tail', encoding: 'auto' });

test('a missing file is told once and followed from its first line when it appears', async (t) => {
  const { root, sink, source } = open(t, (root) => [tail(`${root}/later/*.log`)]);
  const run = source.run(sink);
  await sink.until('the notice', () => sink.events('missing').length === 1);
  mkdirSync(join(root, 'later'));
  writeFileSync(join(root, 'later/x.log'), 'one\n');
  await sink.until('the line', () => sink.texts.length === 1);
  assert.deepEqual(sink.texts, ['one']);
  await source.close();
  await run;
});

test('a file that several globs lead to is read once, and both are told to have asked for it', async (t) => {
  const { root, sink, source } = open(t, (root) => [
    head(`${root}/a/*.log`),
    head(`${root}/a/x.log`),
    head(`${root}/b/x.log`),
  ]);
  mkdirSync(join(root, 'a'));
  symlinkSync(join(root, 'a'), join(root, 'b'));
  writeFileSync(join(root, 'a/x.log'), 'one\n');
  const run = source.run(sink);
  await sink.until('the line', () => sink.texts.length > 0);
  appendFileSync(join(root, 'a/x.log'), 'two\n');
  await sink.until('the next line', () => sink.texts.length > 1);
  assert.deepEqual(sink.texts, ['one', 'two']);
  const id = sink.chunks[0]?.source ?? '';
  assert.equal(id, `file:${join(root, 'a/x.log')}`);
  assert.deepEqual(source.globsOf(id), [`${root}/a/*.log`, `${root}/a/x.log`, `${root}/b/x.log`]);
  await source.close();
  await run;
});

test('a glob added while running is followed', async (t) => {
  const { root, sink, source } = open(t, () => []);
  writeFileSync(join(root, 'x.log'), 'one\n');
  const run = source.run(sink);
  source.watch(head(`${root}/*.log`));
  await sink.until('the line', () => sink.texts.length === 1);
  await source.close();
  await run;
});

test('a rotated file that its own glob matches is not read a second time', async (t) => {
  const { root, sink, source } = open(t, (root) => [head(`${root}/*error.log*`)]);
  const path = join(root, 'error.log');
  writeFileSync(path, 'one\n');
  const run = source.run(sink);
  await sink.until('the line', () => sink.texts.length === 1);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'two\n');
  await sink.until('the next line', () => sink.texts.length >= 2);
  appendFileSync(path, 'three\n');
  await sink.until('the last line', () => sink.texts.length >= 3);
  assert.deepEqual(sink.texts, ['one', 'two', 'three']);
  await source.close();
  await run;
});

test('an unknown encoding and what is no regular file are told, and the rest is followed', async (t) => {
  const { root, sink, source } = open(t, (root) => [
    { glob: `${root}/x.log`, from: 'head', encoding: 'klingon' },
    head(`${root}/latin.log`),
    head('/dev/null'),
  ]);
  writeFileSync(join(root, 'x.log'), 'one\n');
  const run = source.run(sink);
  await sink.until(
    'all',
    () =>
      sink.texts.length === 1 &&
      sink.events('encoding').length === 1 &&
      sink.events('unreadable').length === 1,
  );
  await source.close();
  await run;
});
