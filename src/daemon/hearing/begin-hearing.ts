/**
 * Starts the thread that hears. It speaks jail/hear-messages.ts: filters to check, then a plan, then to go.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../../lib/code-url.js';
import { enableLinearFallback } from '../../lib/python-regex/linear-fallback.js';
import { makeThreadsKillable } from '../../lib/killable-threads.js';
import { bearObjectsYoung } from '../../lib/young-objects.js';

const WORKER = codeUrl('jail/hear-worker.js');

/** V8's flags hold for all threads, and are set before there are two. */
export function startHearingWorker(): Worker {
  makeThreadsKillable();
  enableLinearFallback();
  bearObjectsYoung();
  return new Worker(WORKER);
}
