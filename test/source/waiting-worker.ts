/**
 * Run as a worker by a test: blocks in a wait of the event loop until something ends it, and tells its parent what did. Watches
 * the directory and the descriptor that it is given, looks `looks` times and finds something at look number `findsAt`, and has a
 * timer after `timerMs`.
 */
import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { loadLoopWait } from '../../src/source/loop-wait.js';

export interface Waiting {
  readonly everyMs: number;
  readonly looks?: number;
  readonly findsAt?: number;
  readonly timerMs?: number;
  readonly descriptor?: number;
}

const given = workerData as Waiting & { readonly directory: string };
const wait = await loadLoopWait();
const watcher = watch(given.directory, () => parentPort?.postMessage('changed'));
parentPort?.on('message', (message) => parentPort?.postMessage(message));
// What was begun above is known to the loop by then.
await sleep(1);
await sleep(1);
if (given.timerMs !== undefined) setTimeout(() => parentPort?.postMessage('timer'), given.timerMs);
parentPort?.postMessage('waiting');
let count = 0;
const look = (): number => Number((count += 1) === given.findsAt);
const { everyMs, looks = 1, descriptor = -1 } = given;
const end = wait?.({ everyMs, looks, descriptor, look });
parentPort?.postMessage(`${end} after ${count} looks`);
// What ended it is heard, and nothing is left then.
await sleep(1);
watcher.close();
