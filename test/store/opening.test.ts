import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Database } from '../../src/store/database.js';

test('a file that is no database is told with its path and a remedy', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'bailiff.sqlite');
  writeFileSync(path, 'x'.repeat(5000));
  assert.throws(() => new Database(path), {
    code: 'store.unreadable',
    message: /bailiff\.sqlite.*not a database/,
  });
});

test('a file that another process has locked for a moment is waited for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'bailiff.sqlite');
  const binding = new URL('../../src/store/binding.js', import.meta.url).href;
  const script = `
    import { loadBinding } from '${binding}';
    const database = new (loadBinding())('${path}');
    database.exec('CREATE TABLE t (x); BEGIN EXCLUSIVE');
    console.log('locked');
    setTimeout(() => { database.exec('COMMIT'); database.close(); }, 300);`;
  const other = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
  await once(other.stdout, 'data');
  new Database(path).close();
});
