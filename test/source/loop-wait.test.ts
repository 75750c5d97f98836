import assert from 'node:assert/strict';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Waiting } from './waiting-worker.js';

/** No test lasts so long: who waits until then was not woken. */
const FOREVER_MS = 3_600_000;

/** Starts a thread that is about to block; gives it, what it says, and the directory that it watches. */
async function waiting(t: TestContext, given: Waiting) {
  const directory = mkdtempSync(join(tmpdir(), 'loop-wait-'));
  const worker = new Worker(new URL('./waiting-worker.js', import.meta.url), {
    workerData: { ...given, directory },
  });
  t.after(async () => {
    await worker.terminate();
    rmSync(directory, { recursive: true });
  });
  const said: unknown[] = [];
  let heard: () => void = () => undefined;
  worker.on('message', (message) => {
    said.push(message);
    heard();
  });
  const says = async (message: string): Promise<void> => {
    while (!said.some((word) => String(word).startsWith(message)))
      await new Promise<void>((resolve) => (heard = resolve));
  };
  await says('waiting');
  return { worker, directory, says };
}

test('what it looks for ends the wait of a thread that blocks', async (t) => {
  const { says } = await waiting(t, { everyMs: 5, findsAt: 2 });
  await says('found after 2 looks');
});

test('a timer that is due ends the wait of a thread that blocks, and comes', async (t) => {
  const { says } = await waiting(t, { everyMs: 5, timerMs: 20 });
  await says('loop');
  await says('timer after few looks');
});

test('a thread does not block between timers that are due together', async (t) => {
  const { says } = await waiting(t, { everyMs: FOREVER_MS, amongTimers: true });
  await says('loop after 0 looks');
  await says('timer');
});

test('a message ends the wait of a thread that blocks, and is heard', async (t) => {
  const { worker, says } = await waiting(t, { everyMs: FOREVER_MS });
  worker.postMessage('hello');
  await says('loop after 0 looks');
  await says('hello');
});

test('a file that the thread watches ends its wait', async (t) => {
  const { directory, says } = await waiting(t, { everyMs: FOREVER_MS });
  writeFileSync(join(directory, 'log'), 'a line\n');
  await says('loop after 0 looks');
  await says('changed');
});

test('a descriptor that can be read ends the wait', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'loop-wait-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const fifo = join(directory, 'fifo');
  assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
  const descriptor = openSync(fifo, constants.O_RDWR);
  t.after(() => closeSync(descriptor));
  const { says } = await waiting(t, { everyMs: FOREVER_MS, descriptor });
  writeFileSync(fifo, 'x');
  await says('descriptor after 0 looks');
});

test('a thread that blocks can be ended', async (t) => {
  const { worker } = await waiting(t, { everyMs: FOREVER_MS });
  assert.equal(await worker.terminate(), 1);
});
