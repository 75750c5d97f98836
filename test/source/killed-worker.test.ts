import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { journalHandleCloser } from '../../src/source/libsystemd.js';
import { RemoteJournal, canUse, exportEntry } from './test-journals.js';

/** How many open descriptors of this process lead below a directory. */
function openBelow(directory: string): number {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(directory);
    } catch {
      return false;
    }
  }).length;
}

/** How many mappings of this process are of files below a directory. */
function mappedBelow(directory: string): number {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes(directory)).length;
}

/** Starts a thread that reads a journal; gives it with its native handle. */
async function reader(directory: string): Promise<{ readonly worker: Worker; readonly handle: unknown }> {
  const worker = new Worker(new URL('./reading-worker.js', import.meta.url), { workerData: directory });
  const handle = await new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { worker, handle };
}

test('the files of a reader whose thread was killed are closed from outside', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(exportEntry(1, { MESSAGE: 'line 1' }));
  await journal.end();
  const close = await journalHandleCloser();
  const { worker, handle } = await reader(journal.directory);
  assert.equal(typeof handle, 'bigint');
  await worker.terminate();
  assert.ok(openBelow(journal.directory) > 0, 'a killed worker leaves them open');
  if (typeof handle === 'bigint') close(handle);
  assert.equal(openBelow(journal.directory), 0);
});

test('two hundred readers killed over forty journal files leave neither a descriptor nor a mapping', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const FILES = 40;
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  for (let number = 1; number <= FILES; number += 1) {
    const journal = new RemoteJournal(t, `remote-${number}.journal`, directory);
    journal.write(exportEntry(number, { MESSAGE: `line ${number}` }));
    await journal.end();
  }
  const close = await journalHandleCloser();
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  let before: number | undefined;
  let most = 0;
  for (let kill = 0; kill < 200; kill += 1) {
    const { worker, handle } = await reader(directory);
    await worker.terminate();
    most = Math.max(most, openBelow(directory));
    assert.ok(typeof handle === 'bigint');
    close(handle);
    before ??= descriptors();
  }
  assert.ok(most >= FILES, `at most ${most} files were open`);
  assert.equal(openBelow(directory), 0);
  assert.equal(mappedBelow(directory), 0);
  assert.ok(descriptors() <= (before ?? 0) + 2, `${before} descriptors became ${descriptors()}`);
});
