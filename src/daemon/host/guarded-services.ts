/**
 * Whether this machine has anything to guard: a log file of a jail, or a journal entry that its journalmatch means.
 * Takes the jails; gives the names of those whose service was found. Reads one entry a jail; does not follow.
 */
import { spawn } from 'node:child_process';
import type { JailOptions } from '../../jail/options.js';
import type { JournalMatch } from '../../lib/journal-match.js';
import { expandGlob } from '../../source/file-glob.js';

const TIME_LIMIT_MS = 5_000;

export async function guardedServices(jails: readonly JailOptions[]): Promise<readonly string[]> {
  const looked = jails
    .filter((jail) => !jail.countsBans)
    .map(async ({ name, watch }) => {
      if (watch.files.some(({ glob }) => expandGlob(glob).paths.length > 0)) return [name];
      return (await hasEntry(watch.journalMatch)) ? [name] : [];
    });
  return (await Promise.all(looked)).flat();
}

function hasEntry(match: JournalMatch): Promise<boolean> {
  const words = match.flatMap((group) => [
    '+',
    ...[...group].flatMap(([field, values]) => [...values].map((value) => `${field}=${value}`)),
  ]);
  if (words.length === 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn('journalctl', ['--quiet', '--lines=1', '--output=cat', '--', ...words.slice(1)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIME_LIMIT_MS,
    });
    let found = false;
    child.stdout.on('data', () => {
      found = true;
    });
    // No journalctl, no journal: nothing found there.
    child.on('error', () => resolve(false));
    child.on('close', () => resolve(found));
  });
}
