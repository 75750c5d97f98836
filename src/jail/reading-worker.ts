/**
 * The entry of the thread that reads a recorded journal for `reading-thread.ts`, and leaves out what no jail can find anything in.
 * Takes what to read as worker data; says chunks, notices and the end. Waits while too many chunks are not taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BailiffError } from '../lib/errors.js';
import { wordsOf } from '../lib/thrown-words.js';
import { Window } from '../lib/window.js';
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

const window = new Window(MAX_AHEAD);
let knownRoutes = 0;
port.on('message', () => window.taken());

const say = (message: FromReader): void => port.postMessage(message);

source
  .run({
    lines: async (chunk) => {
      const packed = packLines(sift(chunk), knownRoutes);
      knownRoutes = chunk.routes.length;
      port.postMessage({ kind: 'lines', packed } satisfies FromReader, transferable(packed));
      await window.given();
    },
    notice: (notice) => say({ kind: 'notice', notice }),
  })
  .then(
    () => say({ kind: 'ended' }),
    (error: unknown) => say({ kind: 'failed', error: { ...wordsOf(error), code: codeOf(error) } }),
  )
  .finally(() => port.close());

function codeOf(error: unknown): string {
  return error instanceof BailiffError ? error.code : 'source.recording';
}
