/**
 * Hears hostile lines with the stock filters in a thread that may be killed, and notes where it stands as the hearing does.
 * Takes the directory, a filter, lines and which of them to begin with; posts once when it is through.
 */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import { Filter } from '../../src/filter/filter.js';
import { ProgressWriter } from '../../src/jail/progress.js';

export interface HostileWork {
  readonly progress: SharedArrayBuffer;
  readonly directory: string;
  readonly filter: string;
  readonly mode: string;
  readonly lines: readonly string[];
  readonly from: number;
}

/** What the thread says: its folder in /proc, then that it is through. */
export type FromHostileWorker = { readonly thread: string } | 'through';

function say(message: FromHostileWorker): void {
  parentPort?.postMessage(message);
}

say({ thread: `/proc/${readlinkSync('/proc/thread-self')}` });
const { progress, directory, filter: name, mode, lines, from } = workerData as HostileWork;
const layers = { shipped: undefined, directory, distribution: new DistributionFiles('/nowhere') };
const writer = new ProgressWriter(progress);
const filter = new Filter(loadFilter(name, { mode, logtype: 'journal' }, layers), {
  now: () => 0,
  standing: writer.expressionSlot,
});
filter.warm();
for (const [index, text] of lines.entries()) {
  if (index < from) continue;
  writer.enter(0, index, 0);
  filter.hear({ text, timeMs: 0, route: 0 }, []);
  writer.leave();
}
say('through');
