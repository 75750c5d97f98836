import assert from 'node:assert/strict';
import { test } from 'node:test';
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
