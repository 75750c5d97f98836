/**
 * Opens what `match` reads: given lines, standard input, a log file, a journal export, or journal files.
 * Takes the input; gives chunks of lines. What a file is, is seen from its beginning.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { gunzipSync, constants } from 'node:zlib';
import { HandOver } from '../lib/hand-over.js';
import { linesOf } from '../source/line-table.js';
import type { Line } from '../source/lines.js';
import { exportRecording, journalRecording } from '../source/recording-journal.js';
import { logRecording, stdinRecording } from '../source/recording-log.js';
import { interestOf } from '../source/route-table.js';
import type { Source } from '../source/source.js';
import type { MatchRequest } from './offline-events.js';

const HEAD_BYTES = 4096;

export async function* openInput(input: MatchRequest['input']): AsyncGenerator<readonly Line[]> {
  if (input.kind === 'lines') {
    yield input.lines.map((text) => ({ text, timeMs: Number.NaN, route: 0 }));
    return;
  }
  const source = input.kind === 'stdin' ? stdinRecording() : sourceOf(input.path);
  const chunks = new HandOver<readonly Line[]>();
  source.run({ lines: (chunk) => chunks.push([...linesOf(chunk.lines)]), notice: () => undefined }).then(
    () => chunks.end(),
    (error: unknown) => chunks.fail(error),
  );
  yield* chunks;
}

function sourceOf(path: string): Source {
  const interest = interestOf([]);
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory() === true) return journalRecording(path, interest);
  const head = status === undefined ? '' : headOf(path);
  if (head.startsWith('LPKSHHRH')) return journalRecording(path, interest);
  if (head.startsWith('__CURSOR=')) return exportRecording(path, interest);
  return logRecording(path);
}

function headOf(path: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const descriptor = openSync(path, 'r');
  const length = readSync(descriptor, bytes, 0, HEAD_BYTES, 0);
  closeSync(descriptor);
  const head = bytes.subarray(0, length);
  if (!path.endsWith('.gz')) return head.toString('latin1');
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    // Not gzip after all: whoever reads it says what is wrong.
    return '';
  }
}
