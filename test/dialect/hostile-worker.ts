/**
 * Hears hostile lines with a filter in a thread that may be killed, and notes where it stands as the hearing does.
 * Takes the filter, lines and which of them to begin with; says which it gave up by itself, and that it is through.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions } from '../../src/filter/match.js';
import { Caution } from '../../src/jail/caution.js';
import { ProgressWriter } from '../../src/jail/progress.js';
import { OutOfTime } from '../../src/lib/time-limit.js';

export interface HostileWork {
  readonly progress: SharedArrayBuffer;
  /** Two numbers: the processor time at which the present line began, and the most that any took; milliseconds. */
  readonly costs: SharedArrayBuffer;
  readonly options: FilterOptions;
  readonly lines: readonly string[];
  readonly from: number;
  /** Searches are given up in the thread, as in a jail whose expressions have run away before. */
  readonly isCautious: boolean;
}

export type FromHostileWorker =
  /** The thread's folder in /proc. */
  { readonly thread: string } | { readonly givenUp: number; readonly expression: number } | 'through';

/** Processor time of the thread whose folder in /proc it is, milliseconds, as far as the kernel has counted. */
export function spentMs(thread: string): number {
  return Number(readFileSync(`${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}

function hearAll({ progress, costs, options, lines, from, isCautious }: HostileWork): void {
  const say = (message: FromHostileWorker): void => parentPort?.postMessage(message);
  const thread = `/proc/${readlinkSync('/proc/thread-self')}`;
  say({ thread });
  const writer = new ProgressWriter(progress);
  const cost = new Float64Array(costs);
  const caution = new Caution([], writer.expressionSlot);
  const filter = new Filter(options, {
    now: () => 0,
    standing: writer.expressionSlot,
    ...(isCautious && { limit: (regex: RegExp) => caution.limit(regex) }),
  });
  filter.warm();
  for (const [index, text] of lines.entries()) {
    if (index < from) continue;
    cost[0] = spentMs(thread);
    writer.enter(0, index, 0);
    try {
      filter.hear({ text, timeMs: 0, route: 0 }, []);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      say({ givenUp: index, expression: writer.expressionSlot[0] ?? -1 });
    }
    writer.leave();
    cost[1] = Math.max(cost[1] ?? 0, spentMs(thread) - cost[0]);
  }
  say('through');
}

// A parse boundary: the test gave exactly this.
if (parentPort !== null) hearAll(workerData as HostileWork);
