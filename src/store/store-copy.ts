/**
 * A copy of the database where it can be written, for as long as its own place cannot be: in memory, so to speak.
 * Takes the path; gives the copy's path, with what the log of the database holds, and a way to remove it.
 * Does not open either.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A file system in memory on every Linux; elsewhere the usual place. */
const IN_MEMORY = '/dev/shm';

export interface StoreCopy {
  readonly path: string;
  remove(): void;
}

/** Copies what is there; without any it is a place for a new one. @throws the file system's error. */
export function copyStore(path: string): StoreCopy {
  const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'bailiff-store-'));
  const copy = join(folder, basename(path));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  } catch (error) {
    remove();
    throw error;
  }
  return { path: copy, remove };
}
