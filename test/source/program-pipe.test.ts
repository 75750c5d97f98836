/** The pipe of a program, in a thread as the daemon uses it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

test('a thread reads what a program prints, whole, and leaves no word about descriptors', async () => {
  const worker = new Worker(new URL('./piping-worker.js', import.meta.url), {
    workerData: ['seq', '100000'],
    stderr: true,
  });
  let told = '';
  worker.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const warnings: string[] = [];
  const warned = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', warned);
  const [bytes] = await once(worker, 'message');
  await once(worker, 'exit');
  process.off('warning', warned);
  assert.equal(bytes, 588_895);
  assert.deepEqual([told, warnings], ['', []]);
});
