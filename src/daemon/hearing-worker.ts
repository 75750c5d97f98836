/**
 * Starts the thread that hears. It speaks jail/hear-messages.ts: filters to check, then a plan, then to go.
 */
import { Worker } from 'node:worker_threads';
import { makeThreadsKillable } from '../lib/killable-threads.js';

const WORKER = new URL('../jail/hear-worker.js', import.meta.url);

export function startHearingWorker(): Worker {
  makeThreadsKillable();
  return new Worker(WORKER);
}
