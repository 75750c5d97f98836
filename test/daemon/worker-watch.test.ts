import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { loadThreadTimer } from '../../src/daemon/hearing/thread-timer.js';
import { WorkerWatch } from '../../src/daemon/hearing/worker-watch.js';
import { newProgress, ProgressWriter, type Standing } from '../../src/jail/progress.js';
import { until } from './daemon-process.js';

test('a worker that hears nothing is left alone, and is watched again as soon as it hears', async (t) => {
  const progress = newProgress();
  const found: Standing[] = [];
  const watch = new WorkerWatch(progress, (standing) => found.push(standing));
  t.after(() => watch.close());
  watch.stir();
  await until('the watch to rest', () => watch.isResting);
  assert.deepEqual(found, []);

  watch.stir();
  const writer = new ProgressWriter(progress);
  writer.enter(1, 2, 3);
  writer.expressionSlot[0] = 4;
  await until('the line that does not end', () => found.length > 0);
  const [{ source, line, jail, expression } = { source: 0, line: 0, jail: 0, expression: 0 }] = found;
  assert.deepEqual([source, line, jail, expression], [1, 2, 3, 4]);
});

test('a watch rests over no line that is being heard', async (t) => {
  const progress = newProgress();
  const writer = new ProgressWriter(progress);
  let isStuck = false;
  const watch = new WorkerWatch(progress, () => (isStuck = true));
  t.after(() => watch.close());
  watch.stir();
  // Outside of expressions it has half a second, and is found where nobody stirs meanwhile.
  writer.enter(0, 0, 0);
  writer.expressionSlot[0] = -1;
  await until('the line that does not end', () => isStuck);
  assert.ok(watch.killed);
});

async function spinning(t: TestContext, progress: SharedArrayBuffer): Promise<[Worker, string]> {
  const worker = new Worker(new URL('./spinning-worker.js', import.meta.url), { workerData: progress });
  t.after(() => worker.terminate());
  return [worker, await new Promise<string>((resolve) => worker.once('message', resolve))];
}

test('a worker that says nothing is found by the processor time that it spends', async (t) => {
  const progress = newProgress();
  const found: Standing[] = [];
  const watch = new WorkerWatch(progress, (standing) => found.push(standing));
  t.after(() => watch.close());
  const [worker, path] = await spinning(t, progress);
  await watch.follow(path);
  assert.ok(watch.isResting, 'nobody is woken while it does nothing');
  worker.postMessage('go');
  await until('the line that does not end', () => found.length > 0);
  assert.deepEqual([found[0]?.line, found[0]?.expression], [7, 1]);
});

test('a timer of a thread is called for what that thread spends, and not for the others', async (t) => {
  const start = await loadThreadTimer();
  assert.ok(start);
  const [worker, path] = await spinning(t, newProgress());
  let calls = 0;
  t.after(start(Number(basename(path)), 8, () => (calls += 1)));
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 100_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(calls, 0);
  worker.postMessage('go');
  await until('the other to have spent something', () => calls > 3);
});
