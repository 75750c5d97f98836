/**
 * Runs journalctl and gives its export as chunks of bytes; what it says on stderr becomes notices.
 * Takes arguments as an array, no shell. A reader that stops reading stops journalctl (the pipe is the backpressure).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BailiffError, messageOf } from '../lib/errors.js';
import { visible } from '../lib/visible-text.js';
import { withLargeWrites } from './large-writes.js';
import type { SourceId, SourceNotice } from './lines.js';
import { loadStartPiped, type TakePiece } from './program-pipe.js';

const MAX_STDERR_LINES = 100;

export interface JournalctlCall {
  readonly args: readonly string[];
  readonly source: SourceId;
  /** It goes on with what comes, and so must write each line at once. */
  readonly isFollowed: boolean;
}

export interface JournalctlResult {
  /** 0 = all was read. */
  readonly status: number;
  /** The cursor given was not understood. */
  readonly isCursorRefused: boolean;
}

/**
 * Streams `journalctl --output=export …` into `take`, waiting for each chunk to be taken.
 * @throws BailiffError `source.journalctl` where journalctl cannot be started.
 */
export async function runJournalctl(
  { args, source, isFollowed }: JournalctlCall,
  signal: AbortSignal,
  take: TakePiece,
  tell: (notice: SourceNotice) => void,
): Promise<JournalctlResult> {
  const environment = { ...process.env, LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0' };
  const startPiped = await loadStartPiped();
  const { child, read } = startPiped((stdout) =>
    spawn('journalctl', ['--output=export', '--quiet', '--no-pager', ...args], {
      stdio: ['ignore', stdout, 'pipe'],
      env: isFollowed ? environment : withLargeWrites(environment),
    }),
  );
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const ended = endOf(child);
  let isCursorRefused = false;
  const told = (async () => {
    let count = 0;
    for await (const line of linesOf(child.stderr)) {
      if (line.startsWith('Failed to seek to cursor')) isCursorRefused = true;
      else if ((count += 1) <= MAX_STDERR_LINES && !signal.aborted) tell(noticeOf(source, visible(line)));
    }
  })();
  try {
    await read(take, () => signal.aborted);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  await told;
  return { status: await ended, isCursorRefused };
}

function linesOf(stream: Readable | null): AsyncIterable<string> | Iterable<string> {
  return stream === null ? [] : createInterface({ input: stream });
}

function endOf(child: ChildProcess): Promise<number> {
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      reject(
        new BailiffError('source.journalctl', `journalctl cannot be run: ${messageOf(error)}.`, {
          remedy: 'Install systemd, or follow log files (backend = auto).',
          cause: error,
        }),
      );
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  // It is awaited only after the streams have ended; an earlier rejection must not count as unhandled.
  ended.catch(() => undefined);
  return ended;
}

/**
 * With --follow it asks for the latest boot, and there is none before the first entry: so systemd 252 and 257 say it. Without
 * the right to read it finds nothing either.
 */
const NO_JOURNAL =
  /No journal files were (found|opened due)|No such boot ID in journal|No journal boot entry found|insufficient permissions|Permission denied/i;

/** What journalctl says, as an event; its words are systemd's (src/journal/journalctl.c). */
function noticeOf(source: SourceId, line: string): SourceNotice {
  if (NO_JOURNAL.test(line)) {
    const isDenied = /permission/i.test(line);
    const text = isDenied ? `${line} Add the user to the group systemd-journal.` : line;
    return { source, level: 'warning', event: isDenied ? 'unreadable' : 'no-journal', text };
  }
  if (/Bad message|truncated|corrupt|ignoring|Invalid|Protocol/i.test(line))
    return { source, level: 'warning', event: 'corrupt', text: `journalctl: ${line}` };
  return { source, level: 'warning', event: 'journalctl', text: `journalctl: ${line}` };
}
