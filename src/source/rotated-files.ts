/**
 * Finds the files into which a log was rotated: `FILE.1`, `FILE.2`, `FILE-20261122`, not compressed ones.
 * Takes the log's path; gives those beside it, oldest first. Does not read them.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What logrotate appends (its defaults and dateext). */
const ROTATED = /^(?:\.\d{1,4}|-\d{8}(?:-\d{1,10})?)$/;

/** The rotated files of a log, the one written to longest ago first. */
export function rotatedFiles(path: string): string[] {
  const directory = dirname(path);
  const base = basename(path);
  const found: { path: string; modifiedMs: number }[] = [];
  for (const name of namesIn(directory)) {
    if (!name.startsWith(base) || !ROTATED.test(name.slice(base.length))) continue;
    const status = statSync(join(directory, name), { throwIfNoEntry: false });
    if (status?.isFile() === true) found.push({ path: join(directory, name), modifiedMs: status.mtimeMs });
  }
  return found.sort((left, right) => left.modifiedMs - right.modifiedMs).map((file) => file.path);
}

/** The log that a path is a rotated file of, by its name alone; undefined where the name is no rotated one. */
export function unrotatedPath(path: string): string | undefined {
  const suffix = /(?:\.\d{1,4}|-\d{8}(?:-\d{1,10})?)$/.exec(path);
  return suffix === null ? undefined : path.slice(0, suffix.index);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
