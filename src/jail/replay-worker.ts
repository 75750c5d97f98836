/**
 * The entry of the thread that replays for `replay-thread.ts`. Takes the request as worker data; says the events, some
 * at a time. Waits while too many of them are not taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BailiffError, messageOf } from '../lib/errors.js';
import type { ReplayEvent, ReplayRequest } from './offline-events.js';
import type { FromReplay } from './replay-messages.js';
import { replay } from './replay.js';

const MAX_AHEAD = 16;
const MOST_EVENTS = 1000;
/** How long an event may wait for others: each message wakes the thread that prints. */
const WAIT_MS = 100;

const port = parentPort;
if (port === null) throw new Error('replay-worker.js is started as a worker, not as a program');

let ahead = 0;
let goOn: () => void = () => undefined;
port.on('message', () => {
  ahead -= 1;
  goOn();
});

const say = (message: FromReplay): void => port.postMessage(message);

async function sayAll(request: ReplayRequest): Promise<void> {
  let events: ReplayEvent[] = [];
  let sentMs = performance.now();
  const send = async (): Promise<void> => {
    if (events.length > 0) say({ kind: 'events', events });
    ahead += events.length > 0 ? 1 : 0;
    events = [];
    sentMs = performance.now();
    if (ahead >= MAX_AHEAD)
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
  };
  for await (const event of replay(request)) {
    events.push(event);
    if (events.length >= MOST_EVENTS) await send();
    else if (event.kind === 'progress' && performance.now() - sentMs > WAIT_MS) await send();
    else if (event.kind === 'progress') events.pop();
  }
  await send();
}

// A parse boundary: replay-thread.ts gave exactly this.
sayAll(workerData as ReplayRequest)
  .then(
    () => say({ kind: 'ended' }),
    (thrown: unknown) => {
      const known = thrown instanceof BailiffError ? thrown : undefined;
      const { code = 'replay.failed', where = {}, remedy } = known ?? {};
      say({ kind: 'failed', error: { code, text: known?.message ?? messageOf(thrown), where, remedy } });
    },
  )
  .finally(() => port.close());
