import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Match } from '../../src/filter/match.js';
import type { Batch, EarState } from '../../src/jail/batch.js';
import { HeldBatch } from '../../src/jail/held-batch.js';
import { GivenWindow } from '../../src/jail/given-window.js';
import { countTaken, newProgress, ProgressWriter } from '../../src/jail/progress.js';

function ear(jail: string, lines: number): EarState {
  return { jail, way: 'journal', lines, recognised: 0, skipped: 0, lastHeardMs: 0 };
}

function batch(number: number, more: Partial<Batch> = {}): Batch {
  const place = `place ${number}`;
  const connections = [[`sshd/journal`, [[`connection ${number}`, 'open']]]] as const;
  return {
    source: 'journal',
    place,
    lines: 1,
    lastLineMs: number,
    heard: [],
    connections,
    ears: [],
    ...more,
  };
}

/** A batch of somebody's failure. */
function failure(number: number): Batch {
  const match: Match = {
    kind: 'failure',
    id: '192.0.2.1',
    address: '192.0.2.1',
    user: undefined,
    timeMs: number,
    text: '',
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
  };
  return batch(number, { heard: [{ jail: 'sshd', way: 'journal', match }] });
}

test('what came to nothing is told with what comes to something, up to its place', () => {
  const held = new HeldBatch();
  assert.deepEqual(held.add(batch(1, { ears: [ear('sshd', 1), ear('recidive', 1)] })), []);
  assert.deepEqual(held.add(batch(2, { ears: [ear('sshd', 2)], lastLineMs: Number.NaN })), []);
  assert.equal(held.isEmpty, false);
  const told = held.add(failure(3));
  assert.equal(told.length, 1);
  const [whole = batch(0)] = told;
  assert.deepEqual([whole.place, whole.lines, whole.lastLineMs], ['place 3', 3, 3]);
  assert.equal(whole.heard.length, 1);
  const changed = whole.connections.flatMap(([, changes]) => changes.map(([connection]) => connection));
  assert.deepEqual(changed, ['connection 1', 'connection 2', 'connection 3']);
  assert.deepEqual(whole.ears, [ear('sshd', 2), ear('recidive', 1)]);
  assert.deepEqual(held.take(), []);
});

test('what was kept back of one source is told before what comes of another', () => {
  const held = new HeldBatch();
  const other = batch(2, { source: 'file:/var/log/auth.log' });
  held.add(batch(1));
  assert.deepEqual(held.add(other), [batch(1)]);
  assert.deepEqual(
    held.add(failure(3)).map(({ source }) => source),
    ['file:/var/log/auth.log', 'journal'],
  );
});

test('many lines are told of, though they came to nothing', () => {
  const held = new HeldBatch();
  assert.equal(held.add(batch(1, { lines: 999 })).length, 0);
  assert.deepEqual(
    held.add(batch(2)).map(({ lines }) => lines),
    [1000],
  );
  assert.ok(held.isEmpty);
});

test('eight batches may wait to be taken, and who gives more waits until one is', async () => {
  const memory = newProgress();
  const progress = new ProgressWriter(memory);
  const window = new GivenWindow(progress);
  for (let number = 1; number < 8; number += 1) {
    progress.posted();
    await window.free();
  }
  assert.equal(countTaken(memory), false, 'nobody has to be told where nobody waits');
  progress.posted();
  await window.free();
  progress.posted();
  const order: string[] = [];
  const waiting = ['first', 'second'].map((name) => window.free().then(() => order.push(name)));
  window.taken();
  await Promise.resolve();
  assert.deepEqual(order, []);
  assert.equal(countTaken(memory), true);
  window.taken();
  await waiting[0];
  assert.deepEqual(order, ['first']);
  assert.equal(countTaken(memory), true);
  window.taken();
  await waiting[1];
  assert.deepEqual(order, ['first', 'second']);
  assert.equal(countTaken(memory), false);
});

test('who gives without end lets others in, though all is taken at once', async () => {
  const memory = newProgress();
  const progress = new ProgressWriter(memory);
  const window = new GivenWindow(progress);
  const letIn: number[] = [];
  setImmediate(() => letIn.push(1));
  for (let number = 0; number < 100; number += 1) {
    progress.posted();
    countTaken(memory);
    await window.free();
  }
  assert.deepEqual(letIn, [1]);
});
