/**
 * Path globs as Fail2Ban's logpath has them, for files that are followed: directories and compressed files are left out.
 * Takes a glob; gives the paths that exist now.
 */
import { statSync } from 'node:fs';
import { type Expansion, matchGlob } from '../lib/glob.js';

const COMPRESSED = /\.(?:gz|xz|bz2|zst|lz4|Z)$/;

/** The files that match now, sorted. A directory that cannot be read counts as empty. */
export function expandGlob(glob: string): Expansion {
  const { paths, directories } = matchGlob(glob);
  return { paths: paths.filter((path) => !COMPRESSED.test(path) && !isDirectory(path)), directories };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
