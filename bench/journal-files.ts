/**
 * A journal of systemd's own making: the recorded entries of two mail hosts, each repetition a day later, written by
 * systemd-journal-remote with every field as it was recorded. Takes a folder; gives the journal's directory and its size.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeCorpus } from './recorded-corpus.js';

const REMOTE = '/lib/systemd/systemd-journal-remote';

export interface JournalFiles {
  readonly directory: string;
  readonly entries: number;
  readonly bytes: number;
}

/** Throws an Error where systemd-journal-remote is missing or fails. */
export function writeJournal(folder: string, repetitions: number): JournalFiles {
  const { exportPath } = writeCorpus(folder, repetitions, true);
  const directory = join(folder, `journal-${repetitions}`);
  mkdirSync(directory);
  const file = join(directory, 'recorded.journal');
  const { status, stderr } = spawnSync(REMOTE, ['--output', file, '--split-mode=none', '-'], {
    stdio: [openSync(exportPath, 'r'), 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const entries = Number(/writing (\d+) entries/.exec(stderr)?.[1]);
  if (status !== 0 || !(entries > 0))
    throw new Error(`${REMOTE} (package systemd-journal-remote) failed: ${stderr.slice(-2000)}`);
  spawnSync('sync');
  return { directory, entries, bytes: statSync(file).size };
}
