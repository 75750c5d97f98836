/**
 * The hearing worker's entry: speaks hear-messages with the main thread and runs the hearing.
 * Takes its plan as worker data, and begins when it is told how far others came. Nothing here may wait for the main thread but the sources.
 */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../lib/errors.js';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';
import { Ears } from './ears.js';
import { Hearing } from './hear.js';
import type { FromWorker, HearingPlan, HearingStart, ToWorker } from './hear-messages.js';
import { giveSignsOfLife } from './signs-of-life.js';

const port = parentPort;
if (port === null) throw new Error('hear-worker.js is started as a worker, not as a program');
const say = (message: FromWorker): void => port.postMessage(message);

/** Beside a thread of the others it gets a third of a processor (sched(7): a step is about 1.25). */
const APART_NICE = 5;

// A parse boundary: the main thread gave exactly this.
const plan = workerData as HearingPlan;
let hearing: Hearing | undefined;

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'go':
      return begin({ ...plan, ...message.go });
    case 'taken':
      return hearing?.taken();
    case 'close':
      return void (hearing?.close() ?? Promise.resolve()).finally(() => {
        say({ kind: 'closed' });
        port.close();
      });
  }
});

if (plan.isAhead) {
  warmUp(plan.jails);
  say({ kind: 'ready' });
}

function begin(start: HearingStart): void {
  hearing = new Hearing(start, {
    stir: () => say({ kind: 'stir' }),
    batch: (batch) => say({ kind: 'batch', batch }),
    givenUp: (source, givenUp) => say({ kind: 'given-up', source, givenUp }),
    notice: (notice) => say({ kind: 'notice', notice }),
    source: (source) => say({ kind: 'source', source }),
    handle: (source, handle) => say({ kind: 'handle', source, handle }),
    lookedBack: () => say({ kind: 'looked-back' }),
  });
  const path = threadPath();
  // What is left of the processor: the others' lines come first.
  if (plan.isApart && path !== undefined)
    setPriority(Number(basename(path)), Math.min(19, getPriority() + APART_NICE));
  say({ kind: 'thread', path });
  if (!plan.isApart) giveSignsOfLife();
  hearing.run().then(
    () => say({ kind: 'ended' }),
    (error: unknown) => say({ kind: 'failed', text: messageOf(error) }),
  );
}

/** Compiles once what will be compiled again: what V8 keeps of it makes the second time short. */
function warmUp(jails: HearingPlan['jails']): void {
  const nothing = { states: new Map(), heardBefore: new Set<string>() };
  new Ears({ jails, ...nothing, sinceMs: () => 0, now: () => Date.now() }).warm();
}

/** `/proc/PID/task/TID` of this thread: its processor time tells a stuck thread from a starved one. */
function threadPath(): string | undefined {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}`;
  } catch {
    // Not Linux: the watch goes by the wall clock then.
    return undefined;
  }
}
