/**
 * Starts the thread that hears. It speaks jail/hear-messages.ts: filters to check, then a plan, then to go.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../lib/code-url.js';
import { makeThreadsKillable } from '../lib/killable-threads.js';

const WORKER = codeUrl('jail/hear-worker.js');

export function startHearingWorker(): Worker {
  makeThreadsKillable();
  return new Worker(WORKER);
}
