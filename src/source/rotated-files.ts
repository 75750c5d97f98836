/**
 * Finds the files into which a log was rotated: `FILE.1`, `FILE.2`, `FILE-20261122`, not compressed ones.
 * Takes the log's path; gives those beside it, oldest first. Does not read them.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What logrotate appends (its defaults and dateext). */
const ROTATED = /^(?:\.\d{1,4}|-\d{8}(?:-\d{1,10})?)$/;

/** The rotated files of a log, oldest first: by number or date, since times of writing may be equal. */
export function rotatedFiles(path: string): string[] {
  const directory = dirname(path);
  const base = basename(path);
  const suffixes = namesIn(directory)
    .filter((name) => name.startsWith(base) && ROTATED.test(name.slice(base.length)))
    .map((name) => name.slice(base.length));
  const dated = suffixes.filter((suffix) => suffix.startsWith('-')).sort();
  const numbered = suffixes.filter((suffix) => suffix.startsWith('.'));
  numbered.sort((left, right) => Number(right.slice(1)) - Number(left.slice(1)));
  return [...dated, ...numbered].map((suffix) => join(directory, base + suffix)).filter(isFile);
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

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
