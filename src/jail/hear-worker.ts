/**
 * The hearing worker's entry: speaks hear-messages with the main thread and runs the hearing.
 * Takes filters to check, then its plan, and begins when it is told how far others came. Nothing here may wait for the main thread but the sources.
 */
import { readlinkSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../lib/errors.js';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';
import { Filter } from '../filter/filter.js';
import type { FilterOptions } from '../filter/match.js';
import { checkFilter } from './check-filter.js';
import { Ears } from './ears.js';
import { Hearing } from './hear.js';
import type { FromWorker, HearingPlan, HearingStart, ToWorker } from './hear-messages.js';
import { giveSignsOfLife } from './signs-of-life.js';

const port = parentPort;
if (port === null) throw new Error('hear-worker.js is started as a worker, not as a program');
const say = (message: FromWorker): void => port.postMessage(message);

/** Beside a thread of the others it gets a third of a processor (sched(7): a step is about 1.25). */
const APART_NICE = 5;

let plan: HearingPlan | undefined;
let hearing: Hearing | undefined;

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'check':
      return check(message.filters);
    case 'plan':
      plan = message.plan;
      if (!plan.isAhead) return undefined;
      warmUp(plan.jails);
      return say({ kind: 'ready' });
    case 'go':
      return plan && begin({ ...plan, ...message.go });
    case 'taken':
      return hearing?.taken();
    case 'close':
      return void (hearing?.close() ?? Promise.resolve()).finally(() => {
        say({ kind: 'closed' });
        port.close();
      });
  }
});

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
  if (path !== undefined) takeNice(Number(basename(path)), start.isApart ? APART_NICE : 0);
  say({ kind: 'thread', path });
  if (!start.isApart) giveSignsOfLife();
  hearing.run().then(
    () => say({ kind: 'ended' }),
    (error: unknown) => say({ kind: 'failed', text: messageOf(error) }),
  );
}

/** The main thread may have asked for more of the processor since this one began. */
function takeNice(thread: number, more: number): void {
  const nice = Math.min(19, getPriority(process.pid) + more);
  if (nice !== getPriority(thread)) setPriority(thread, nice);
}

/** The verdict is waited for; what is compiled is kept for the ears that will hear with it. */
function check(filters: readonly FilterOptions[]): void {
  const isSound = filters.every((filter) => checkFilter(filter).length === 0);
  say({ kind: 'checked', isSound });
  if (isSound) for (const filter of filters) new Filter(filter, { now: () => Date.now() }).warm();
}

/** Compiles once what will be compiled again: what V8 keeps of it makes the second time short. */
function warmUp(jails: HearingPlan['jails']): void {
  const nothing = { connections: new Map(), heardBefore: new Set<string>() };
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
