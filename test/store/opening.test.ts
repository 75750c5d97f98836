import assert from 'node:assert/strict';
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
