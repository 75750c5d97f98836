/**
 * The hearing worker's entry: speaks hear-messages with the main thread and runs the hearing.
 * Takes its start as worker data. Nothing here may wait for the main thread but the sources.
 */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../lib/errors.js';
import { Hearing } from './hear.js';
import type { FromWorker, HearingStart, ToWorker } from './hear-messages.js';

const port = parentPort;
if (port === null) throw new Error('hear-worker.js is started as a worker, not as a program');
const say = (message: FromWorker): void => port.postMessage(message);

// A parse boundary: the main thread gave exactly this.
const hearing = new Hearing(workerData as HearingStart, {
  batch: (batch) => say({ kind: 'batch', batch }),
  notice: (notice) => say({ kind: 'notice', notice }),
  source: (source) => say({ kind: 'source', source }),
  handle: (source, handle) => say({ kind: 'handle', source, handle }),
  lookedBack: () => say({ kind: 'looked-back' }),
});

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'taken':
      return hearing.taken();
    case 'close':
      return void hearing.close().finally(() => port.close());
  }
});

say({ kind: 'thread', path: threadPath() });
hearing.run().then(
  () => say({ kind: 'ended' }),
  (error: unknown) => say({ kind: 'failed', text: messageOf(error) }),
);

/** `/proc/PID/task/TID` of this thread: its processor time tells a stuck thread from a starved one. */
function threadPath(): string | undefined {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}`;
  } catch {
    // Not Linux: the watch goes by the wall clock then.
    return undefined;
  }
}
