/**
 * A replay in a thread of its own: its young generation is larger than the main thread's may be, so that matches are
 * gone before they would be copied. Takes the request; gives the replay's events as they come, some at a time. Closed early, it ends.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../lib/code-url.js';
import { HandOver } from '../lib/hand-over.js';
import { thrownOf } from '../lib/thrown-words.js';
import type { ReplayEvent, ReplayRequest } from './offline-events.js';
import type { FromReplay } from './replay-messages.js';

const WORKER = codeUrl('jail/replay-worker.js');
/** Three times the space that fills up between two collections. */
const YOUNG_GENERATION_MB = 48;

export async function* replayRecording(request: ReplayRequest): AsyncGenerator<readonly ReplayEvent[]> {
  const said = new HandOver<FromReplay>();
  const worker = new Worker(WORKER, {
    workerData: request,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.on('message', (message: FromReplay) => void said.push(message));
  worker.on('error', (error) => said.fail(error));
  worker.on('exit', () => said.end());
  try {
    for await (const message of said) {
      switch (message.kind) {
        case 'events':
          yield message.events;
          worker.postMessage('taken');
          break;
        case 'ended':
          return;
        case 'failed':
          throw thrownOf(message.error);
      }
    }
  } finally {
    await worker.terminate();
  }
}
