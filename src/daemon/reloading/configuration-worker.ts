/**
 * A thread that reads the configuration once: reading it takes longer than a ban may wait.
 * Takes the request as worker data; gives the configuration as one message.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfiguration } from '../../config/configuration.js';
import { checkFilterBut } from '../../jail/check-filter.js';
import { stageChecks } from '../../jail/stage-checks.js';
import type { ReadingOrder } from './configuration-thread.js';

if (parentPort === null) throw new Error('configuration-worker.js is started as a worker, not as a program');
// A parse boundary: configuration-thread.ts gave exactly this.
const { sound, ...request } = workerData as ReadingOrder;
const checkFilter = checkFilterBut(sound);
parentPort.postMessage(loadConfiguration({ ...request, ...stageChecks, checkFilter }));
