import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
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

test('the files of a reader whose thread was killed are closed from outside', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(exportEntry(1, { MESSAGE: 'line 1' }));
  await journal.end();
  const close = await journalHandleCloser();
  const worker = new Worker(new URL('./reading-worker.js', import.meta.url), {
    workerData: journal.directory,
  });
  const handle = await new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  assert.equal(typeof handle, 'bigint');
  await worker.terminate();
  assert.ok(openBelow(journal.directory) > 0, 'a killed worker leaves them open');
  if (typeof handle === 'bigint') close(handle);
  assert.equal(openBelow(journal.directory), 0);
});
