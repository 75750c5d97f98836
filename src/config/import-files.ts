/**
 * Puts the files of an import where Bailiff reads them. What the admin wrote there stays unless told otherwise.
 * Takes planned files; gives what became of each. Remembers what it wrote in a file beside them, so that a later import
 * can tell its own files from the admin's.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BailiffError, messageOf } from '../lib/errors.js';
import type { PlannedFile } from './import-plan.js';

export interface ImportedFile {
  readonly path: string;
  /**
   * copied: it was not there. updated: it was as the last import wrote it. replaced: the one that was there has another
   * name now. same: nothing to do. kept: another one is there, and stays.
   */
  readonly what: 'copied' | 'updated' | 'replaced' | 'same' | 'kept';
  readonly why: string;
}

export interface ImportTarget {
  readonly directory: string;
  /** Whether files that differ give way. */
  readonly replace: boolean;
  /** The group that has to read what is written; undefined = as the source has it. */
  readonly group: number | undefined;
  /** false: only tells what would be done. */
  readonly write: boolean;
}

const MANIFEST = '.imported-from-fail2ban.json';
const ASIDE = '.before-import';

/** @throws BailiffError `import.write` where a file cannot be written. */
export function importFiles(files: readonly PlannedFile[], target: ImportTarget): readonly ImportedFile[] {
  const manifest = join(target.directory, MANIFEST);
  const known = readManifest(manifest);
  const imported = files.map((file): ImportedFile => {
    const what = whatOf(file, join(target.directory, file.path), known.get(file.path), target.replace);
    return {
      path: file.path,
      what,
      why: what === 'kept' ? 'it differs from the one here, which stays' : file.why,
    };
  });
  if (!target.write) return imported;
  for (const [index, file] of files.entries()) {
    const what = imported[index]?.what;
    if (what === 'kept') continue;
    known.set(file.path, digestOf(file.content));
    if (what !== 'same') writeOne(file, target, what === 'replaced');
  }
  const text = `${JSON.stringify(Object.fromEntries([...known].sort(([one], [other]) => (one < other ? -1 : 1))), null, 2)}\n`;
  const isNew = !existsSync(manifest) || readFileSync(manifest, 'utf8') !== text;
  if (isNew && known.size > 0) writing(manifest, () => writeFileSync(manifest, text, { mode: 0o644 }));
  return imported;
}

function whatOf(
  file: PlannedFile,
  path: string,
  known: string | undefined,
  replace: boolean,
): ImportedFile['what'] {
  if (!existsSync(path)) return 'copied';
  const there = readFileSync(path);
  if (there.equals(file.content)) return 'same';
  if (digestOf(there) === known) return 'updated';
  return replace ? 'replaced' : 'kept';
}

function writeOne({ path, content, mode }: PlannedFile, target: ImportTarget, aside: boolean): void {
  const place = join(target.directory, path);
  writing(place, () => {
    mkdirSync(dirname(place), { recursive: true, mode: 0o755 });
    if (aside) renameSync(place, place + ASIDE);
    writeFileSync(`${place}.new`, content, { mode: 0o600 });
    const isForAll = (mode & 0o004) !== 0;
    if (!isForAll && target.group !== undefined)
      chownSync(`${place}.new`, process.geteuid?.() ?? 0, target.group);
    chmodSync(`${place}.new`, isForAll || target.group === undefined ? mode : mode | 0o040);
    renameSync(`${place}.new`, place);
  });
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new BailiffError('import.write', `${path} cannot be written: ${messageOf(cause)}.`, {
      where: { file: path },
      remedy: 'Run it as root, or choose another directory with --to.',
      cause,
    });
  }
}

function readManifest(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map();
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof read === 'object' && read !== null ? Object.entries(read) : [];
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    // Not ours any more: every file there counts as the admin's.
    return new Map();
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
