/**
 * Looks at the journal's files themselves, since libsystemd skips what it cannot read without a word.
 * Takes which journal; gives a notice for each file that is unreadable, empty or corrupt, or for a journal that is not there.
 */
import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../lib/errors.js';
import { type JournalWhere, journalId } from './journal-where.js';
import type { SourceNotice } from './lines.js';

const ROOTS = ['/var/log/journal', '/run/log/journal'];
/** The first bytes of every journal file (systemd, JOURNAL_FILE_FORMAT.md). */
const SIGNATURE = 'LPKSHHRH';
/** Shorter than the oldest header. */
const MIN_HEADER_BYTES = 208;

export interface Survey {
  /** How many files look sound. */
  readonly readable: number;
  readonly notices: readonly SourceNotice[];
}

/** Opens every file of the journal and looks at its header. Never throws. */
export async function surveyJournal(where: JournalWhere): Promise<Survey> {
  const notices: SourceNotice[] = [];
  const source = journalId(where);
  let readable = 0;
  for (const { path, error } of await journalFiles(where)) {
    const found =
      error === undefined ? await defectOf(path) : { event: eventOf(error), text: messageOf(error) };
    if (found === undefined) readable += 1;
    else
      notices.push({
        source,
        level: 'warning',
        event: found.event,
        text: `Journal ${path}: ${found.text}.${remedyOf(found.event)}`,
      });
  }
  if (readable === 0 && notices.length === 0) {
    const text =
      'There is no journal to read. Is systemd-journald running, and does it store (Storage= in journald.conf)?';
    notices.push({ source, level: 'warning', event: 'no-journal', text });
  }
  return { readable, notices };
}

interface Candidate {
  readonly path: string;
  readonly error?: unknown;
}

async function journalFiles(where: JournalWhere): Promise<Candidate[]> {
  if (where.kind === 'files') return where.paths.map((path) => ({ path }));
  if (where.kind === 'directory') return await listFiles(where.path, '');
  const machine = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
  const name = where.namespace === undefined ? machine : `${machine}.${where.namespace}`;
  const lists = await Promise.all(ROOTS.map((root) => listFiles(join(root, name), 'system')));
  return lists.flat();
}

async function listFiles(directory: string, prefix: string): Promise<Candidate[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => name.startsWith(prefix) && /\.journal~?$/.test(name))
      .map((name) => ({ path: join(directory, name) }));
  } catch (error) {
    return eventOf(error) === 'missing' ? [] : [{ path: directory, error }];
  }
}

async function defectOf(path: string): Promise<{ event: string; text: string } | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const header = Buffer.alloc(MIN_HEADER_BYTES);
      const { bytesRead } = await file.read(header, 0, MIN_HEADER_BYTES, 0);
      if (bytesRead === 0) return { event: 'corrupt', text: 'the file is empty and is skipped' };
      if (bytesRead < MIN_HEADER_BYTES || header.toString('latin1', 0, 8) !== SIGNATURE)
        return { event: 'corrupt', text: 'the file has no journal header and is skipped' };
      return undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    // A file that was vacuumed between the listing and the look is no defect.
    return eventOf(error) === 'missing' ? undefined : { event: eventOf(error), text: messageOf(error) };
  }
}

/** `unreadable` without permission, `missing`, else `corrupt`. */
function eventOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'unreadable';
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'corrupt';
}

function remedyOf(event: string): string {
  return event === 'unreadable' ? ' Add the user to the group systemd-journal.' : '';
}
