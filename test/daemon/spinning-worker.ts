/**
 * Run as a worker by a test: tells its parent its folder in /proc, and at its first message comes to a line that does not end.
 */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ProgressWriter } from '../../src/jail/progress.js';

// A parse boundary: the test gave exactly this.
const writer = new ProgressWriter(workerData as SharedArrayBuffer);
parentPort?.on('message', () => {
  writer.enter(0, 7, 0);
  writer.expressionSlot[0] = 1;
  for (;;);
});
parentPort?.postMessage(`/proc/${readlinkSync('/proc/thread-self')}`);
