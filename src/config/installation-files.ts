/**
 * The files of a Fail2Ban installation: which there are, whose they are, and what each includes.
 * Takes its directory; reads, and changes nothing.
 */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { BailiffError, messageOf } from '../lib/errors.js';
import type { DistributionFiles } from './distribution-files.js';
import { parseIni } from './ini-file.js';

/** Whose a file is: the admin's, the distribution's as it was laid down, or none that configuration is read from. */
export type Owner = 'admin' | 'distribution' | 'nobody';

export interface InstallationFile {
  /** Within the directory. */
  readonly path: string;
  readonly owner: Owner;
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

const DEPTH = 4;
const MOST_FILES = 5000;
const MOST_BYTES = 1 << 20;
/** What editors and package managers leave beside a file. */
const LEFTOVER = /~$|\.(?:bak|orig|rej|sw[a-p])$|\.(?:dpkg|ucf)-[a-z]+$|^#/;

/**
 * Every regular file below `directory`, links to files included, in order of their paths.
 * @throws BailiffError `config.unreadable`: half a configuration is not taken over.
 */
export function installationFiles(
  directory: string,
  distribution: DistributionFiles,
): readonly InstallationFile[] {
  const files: InstallationFile[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const name of readdirSync(join(directory, folder)).sort()) {
      const path = join(folder, name);
      const status = statSync(join(directory, path), { throwIfNoEntry: false });
      const isLink = lstatSync(join(directory, path)).isSymbolicLink();
      if (status?.isDirectory() === true && !isLink && !name.startsWith('.') && depth < DEPTH)
        walk(path, depth + 1);
      if (status?.isFile() !== true || status.size > MOST_BYTES || files.length >= MOST_FILES) continue;
      const content = readFileSync(join(directory, path));
      files.push({ path, owner: ownerOf(path, content, distribution), content, mode: status.mode & 0o777 });
    }
  };
  try {
    walk('', 0);
  } catch (cause) {
    throw new BailiffError('config.unreadable', `${directory} cannot be read whole: ${messageOf(cause)}.`, {
      where: { file: directory },
      remedy: 'Run it as root.',
      cause,
    });
  }
  return files;
}

function ownerOf(path: string, content: Buffer, distribution: DistributionFiles): Owner {
  if (LEFTOVER.test(path.slice(path.lastIndexOf('/') + 1))) return 'nobody';
  if (distribution.isUnmodified(path, content)) return 'distribution';
  return /\.(?:conf|local|inc|py|sh)$/.test(path) || path.startsWith(join('filter.d', 'ignorecommands'))
    ? 'admin'
    : 'nobody';
}

/** The paths that a file includes, those of their `.local` too, as far as they exist. */
export function includedBy(
  { path, content }: InstallationFile,
  files: ReadonlyMap<string, InstallationFile>,
): readonly string[] {
  const section = parseIni(content.toString('utf8'), path).sections.get('INCLUDES');
  const names = ['before', 'after'].flatMap((option) => (section?.get(option)?.value ?? '').split('\n'));
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => normalize(join(dirname(path), name)))
    .flatMap((included) => [included, included.replace(/\.conf$/, '.local')])
    .filter((included) => files.has(included));
}
