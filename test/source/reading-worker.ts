/**
 * Run as a worker by a test: reads a journal directory and tells its parent the native handle, then is killed.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { journalSource } from '../../src/source/journal-source.js';
import { interestOf } from '../../src/source/route-table.js';

const source = journalSource({
  where: { kind: 'directory', path: String(workerData) },
  interest: interestOf([]),
  start: { place: undefined, sinceMs: 0 },
  onHandle: (handle) => {
    parentPort?.postMessage(handle);
  },
});
await source.run({ lines: () => Promise.resolve(), notice: () => undefined });
