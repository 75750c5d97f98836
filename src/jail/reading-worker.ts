/**
 * The entry of the thread that reads a recorded journal for `reading-thread.ts`, and leaves out what no jail can find anything in.
 * Takes what to read as worker data; says chunks, notices and the end. Waits while too many chunks are not taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BailiffError } from '../lib/errors.js';
import { wordsOf } from '../lib/thrown-words.js';
import { Window } from '../lib/window.js';
import type { LineSieve } from '../source/line-sieve.js';
import { lengthOf } from '../source/line-table.js';
import type { JournalFields } from '../source/lines.js';
import { type PackedLines, packLines, transferable } from '../source/packed-lines.js';
import { exportRecording, journalRecording } from '../source/recording-journal.js';
import { Ears } from './ears.js';
import type { FromReader, ReadingWords } from './reading-messages.js';

const MAX_AHEAD = 3;
/** Waking the thread that hears costs as much as matching a hundred lines, and so does its answer. */
const MESSAGE_LINES = 8000;

const port = parentPort;
if (port === null) throw new Error('reading-worker.js is started as a worker, not as a program');

// A parse boundary: reading-thread.ts gave exactly this.
const { kind, path, interest, sinceMs, jails } = workerData as ReadingWords;
const ears =
  jails &&
  new Ears({
    jails,
    connections: new Map(),
    heardBefore: new Set(),
    sinceMs: () => sinceMs,
    now: () => Date.now(),
  });
const sieveOf =
  ears && ((routes: readonly JournalFields[]): LineSieve => ears.journalSieve(routes, undefined));
const source =
  kind === 'export'
    ? exportRecording(path, interest, sieveOf)
    : journalRecording(path, interest, sinceMs, sieveOf);

const window = new Window(MAX_AHEAD);
let known = { routes: 0, looks: 0 };
port.on('message', () => window.taken());

const say = (message: FromReader): void => port.postMessage(message);

/** What was read since the last message. */
const read = { chunks: [] as PackedLines[], lines: 0 };

function sayRead(): void {
  const { chunks } = read;
  if (chunks.length === 0) return;
  port?.postMessage({ kind: 'lines', chunks } satisfies FromReader, chunks.flatMap(transferable));
  read.chunks = [];
  read.lines = 0;
}

source
  .run({
    lines: async (chunk) => {
      read.chunks.push(packLines(chunk, known));
      read.lines += lengthOf(chunk);
      known = { routes: chunk.routes.length, looks: chunk.sifted?.looks.length ?? 0 };
      if (read.lines < MESSAGE_LINES) return;
      sayRead();
      await window.given();
    },
    notice: (notice) => {
      sayRead();
      say({ kind: 'notice', notice });
    },
  })
  .then(
    () => {
      sayRead();
      say({ kind: 'ended' });
    },
    (error: unknown) => say({ kind: 'failed', error: { ...wordsOf(error), code: codeOf(error) } }),
  )
  .finally(() => port.close());

function codeOf(error: unknown): string {
  return error instanceof BailiffError ? error.code : 'source.recording';
}
