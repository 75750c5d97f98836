import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Database } from '../../src/store/database.js';
import { Store } from '../../src/store/store.js';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'bailiff-store-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function write(store: Store, transactions: number): void {
  for (let count = 0; count < transactions; count += 1) {
    const [jail, address] = ['sshd', `192.0.2.${count % 256}`];
    store.transaction(() => store.knownClients.add(address, jail, count));
    store.transaction(() => store.places.keep(`file:${count}`, '{}', count));
  }
}

test('what was written is moved into the file by another thread while writing goes on', async (t) => {
  const path = join(folder(t), 'bailiff.sqlite');
  const store = new Store(path);
  t.after(() => store.close());
  write(store, 200);
  assert.equal(store.unmoved, 400);
  const moving = store.checkpointAside();
  write(store, 50);
  await moving;
  assert.equal(store.unmoved, 0);

  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  const alone = new Database(copy);
  assert.equal(alone.sql('SELECT count(*) AS count FROM place').get()?.['count'], 200);
  alone.close();

  const size = statSync(`${path}-wal`).size;
  write(store, 100);
  assert.equal(statSync(`${path}-wal`).size, size, 'the log begins anew instead of growing');
});

test('moving twice at once is moving once, and a store may be closed meanwhile', async (t) => {
  const store = new Store(join(folder(t), 'bailiff.sqlite'));
  write(store, 10);
  const moving = store.checkpointAside();
  assert.equal(store.checkpointAside(), moving);
  store.close();
  await moving;
});

test('a store in memory has nothing to move, and one that is gone says so', async (t) => {
  const memory = new Store(':memory:');
  write(memory, 10);
  await memory.checkpointAside();
  memory.close();
  const path = folder(t);
  const store = new Store(join(path, 'below', 'bailiff.sqlite'));
  t.after(() => store.close());
  rmSync(join(path, 'below'), { recursive: true });
  // Where the folder was is a file now.
  copyFileSync('/dev/null', join(path, 'below'));
  await assert.rejects(store.checkpointAside());
});
