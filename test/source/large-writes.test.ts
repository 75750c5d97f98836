/** What is said to a program so that it writes in large pieces, tried on a program that writes through C's own buffer. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { withLargeWrites } from '../../src/source/large-writes.js';

const LINES = ['-c', 'import ctypes,sys;libc=ctypes.CDLL(None)\nfor n in range(9999): libc.puts(b"%d" % n)'];

test('a program that writes in large pieces prints the same, and nothing on standard error', () => {
  const plain = spawnSync('python3', LINES, { encoding: 'utf8' });
  const large = spawnSync('python3', LINES, { encoding: 'utf8', env: withLargeWrites(process.env) });
  assert.equal(plain.status, 0);
  assert.deepEqual([large.status, large.stdout, large.stderr], [0, plain.stdout, plain.stderr]);
});

test('a library that is preloaded already stays so, and the rest of the environment is as it was', () => {
  const { LD_PRELOAD, _STDBUF_O, ...rest } = withLargeWrites({ HOME: '/', LD_PRELOAD: 'libother.so' });
  assert.match(LD_PRELOAD ?? '', /^libother\.so(:\/\S+)?$/);
  assert.equal(_STDBUF_O, LD_PRELOAD === 'libother.so' ? undefined : '65536');
  assert.deepEqual(rest, { HOME: '/' });
});
