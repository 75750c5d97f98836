/**
 * The entry of the thread that replays for `replay-thread.ts`. Takes the request as worker data; says the events, some
 * at a time. Waits while too many of them are not taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { wordsOf } from '../lib/thrown-words.js';
import { Window } from '../lib/window.js';
import type { ReplayEvent, ReplayRequest } from './offline-events.js';
import type { FromReplay } from './replay-messages.js';
import { replay } from './replay.js';

const MAX_AHEAD = 16;
const MOST_EVENTS = 1000;
/** How long an event may wait for others: each message wakes the thread that prints. */
const WAIT_MS = 100;

const port = parentPort;
if (port === null) throw new Error('replay-worker.js is started as a worker, not as a program');

const window = new Window(MAX_AHEAD);
port.on('message', () => window.taken());

const say = (message: FromReplay): void => port.postMessage(message);

async function sayAll(request: ReplayRequest): Promise<void> {
  let events: ReplayEvent[] = [];
  let sentMs = performance.now();
  const send = async (): Promise<void> => {
    say({ kind: 'events', events });
    events = [];
    sentMs = performance.now();
    await window.given();
  };
  for await (const event of replay(request)) {
    const isDue = performance.now() - sentMs > WAIT_MS;
    if (event.kind !== 'progress' || isDue) events.push(event);
    if (events.length >= MOST_EVENTS || (event.kind === 'progress' && isDue)) await send();
  }
  if (events.length > 0) await send();
}

// A parse boundary: replay-thread.ts gave exactly this.
sayAll(workerData as ReplayRequest)
  .then(
    () => say({ kind: 'ended' }),
    (thrown: unknown) => say({ kind: 'failed', error: wordsOf(thrown) }),
  )
  .finally(() => port.close());
