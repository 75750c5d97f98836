/**
 * What is told to V8 for the whole process must not break expressions of others, which ran before.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/lib/package-root.js';

test('an expression that ran once before translations were loaded runs on', () => {
  const translate = join(packageRoot, 'dist', 'src', 'lib', 'python-regex', 'translate.js');
  const script = `
    const regex = /a(b)c/;
    regex.test('xabc');
    await import(${JSON.stringify(translate)});
    const joined = 'x'.repeat(30) + Math.random() + 'abc';
    for (let time = 0; time < 5; time += 1) if (!regex.test(joined)) process.exit(3);
  `;
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  assert.deepEqual({ status, signal }, { status: 0, signal: null });
});
