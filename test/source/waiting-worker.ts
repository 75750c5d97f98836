/**
 * Run as a worker by a test: blocks in a wait of the event loop until something ends it, and tells its parent what did. Watches
 * the directory and the descriptor that it is given.
 */
import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { loadLoopWait } from '../../src/source/loop-wait.js';

const { directory, descriptor, milliseconds } = workerData as {
  readonly directory: string;
  readonly descriptor: number;
  readonly milliseconds: number;
};
const wait = await loadLoopWait();
const watcher = watch(directory, () => parentPort?.postMessage('changed'));
parentPort?.on('message', (message) => parentPort?.postMessage(message));
// What was begun above is known to the loop by then.
await sleep(1);
await sleep(1);
parentPort?.postMessage('waiting');
const end = wait?.(milliseconds, descriptor);
parentPort?.postMessage(end);
// What ended it is heard, and nothing is left then.
await sleep(1);
watcher.close();
