/**
 * Run as a worker by a test: blocks in a wait of the event loop until something ends it, and tells its parent what did. Watches
 * the directory and the descriptor that it is given, finds something at look number `findsAt`, and has a timer
 * after `timerMs`; `amongTimers`: between two timers that are due together.
 */
import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { loadLoopWait } from '../../src/source/loop-wait.js';

export interface Waiting {
  readonly everyMs: number;
  readonly findsAt?: number;
  readonly timerMs?: number;
  readonly descriptor?: number;
  readonly amongTimers?: boolean;
}

/** A wait that knew of no timer would come to as many. */
const MANY = 100;
const given = workerData as Waiting & { readonly directory: string };
const wait = await loadLoopWait();
const watcher = watch(given.directory, () => parentPort?.postMessage('changed'));
parentPort?.on('message', (message) => parentPort?.postMessage(message));
// What was begun above is known to the loop by then.
await sleep(1);
await sleep(1);
let count = 0;
if (given.timerMs !== undefined)
  setTimeout(
    () => parentPort?.postMessage(`timer after ${count < MANY ? 'few' : 'many'} looks`),
    given.timerMs,
  );
parentPort?.postMessage('waiting');
if (given.amongTimers === true) {
  const first = sleep(1);
  setTimeout(() => parentPort?.postMessage('timer'), 1);
  for (const startMs = performance.now(); performance.now() - startMs < 5;);
  await first;
}
const look = (): number => Number((count += 1) === given.findsAt);
const { everyMs, descriptor = -1 } = given;
const end = wait?.({ everyMs, descriptor, look });
parentPort?.postMessage(`${end} after ${count} looks`);
// What ended it is heard, and nothing is left then.
await sleep(1);
watcher.close();
