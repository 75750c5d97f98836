/**
 * The entry of the thread that reads a recorded journal for `reading-thread.ts`, and leaves out what no jail can find anything in.
 * Takes what to read as worker data; says chunks, notices and the end. Waits while too many chunks are not taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BailiffError, messageOf } from '../lib/errors.js';
import type { Lines } from '../source/lines.js';
import { packLines, transferable } from '../source/packed-lines.js';
import { exportRecording, journalRecording } from '../source/recording-journal.js';
import { Ears } from './ears.js';
import type { FromReader, ReadingWords } from './reading-messages.js';

const MAX_AHEAD = 4;

const port = parentPort;
if (port === null) throw new Error('reading-worker.js is started as a worker, not as a program');

// A parse boundary: reading-thread.ts gave exactly this.
const { kind, path, interest, sinceMs, jails } = workerData as ReadingWords;
const source =
  kind === 'export' ? exportRecording(path, interest) : journalRecording(path, interest, sinceMs);

const ears =
  jails &&
  new Ears({
    jails,
    states: new Map(),
    heardBefore: new Set(),
    sinceMs: () => sinceMs,
    now: () => Date.now(),
  });
const sift = (chunk: Lines): Lines => (ears === undefined ? chunk : ears.siftJournal(chunk, undefined));

let ahead = 0;
let knownRoutes = 0;
let goOn: () => void = () => undefined;
port.on('message', () => {
  ahead -= 1;
  goOn();
});

const say = (message: FromReader): void => port.postMessage(message);

source
  .run({
    lines: async (chunk) => {
      const packed = packLines(sift(chunk), knownRoutes);
      knownRoutes = chunk.routes.length;
      port.postMessage({ kind: 'lines', packed } satisfies FromReader, transferable(packed));
      ahead += 1;
      if (ahead >= MAX_AHEAD)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
    },
    notice: (notice) => say({ kind: 'notice', notice }),
  })
  .then(
    () => say({ kind: 'ended' }),
    (error: unknown) => {
      const { code, remedy } =
        error instanceof BailiffError ? error : { code: 'source.recording', remedy: undefined };
      const text = error instanceof BailiffError ? error.message : messageOf(error);
      say({ kind: 'failed', code, text, remedy });
    },
  )
  .finally(() => port.close());
