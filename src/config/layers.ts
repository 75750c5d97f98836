/**
 * Which files make up `jail`, `fail2ban`, `filter.d/NAME` and `action.d/NAME`, in reading order, includes drawn in.
 * Takes the shipped folder and the configuration directory; gives their sections laid over each other.
 * A distribution's unmodified filter or action yields to ours; one that the admin wrote replaces ours.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { BailiffError } from '../lib/errors.js';
import type { DistributionFiles } from './distribution-files.js';
import { type IniFile, parseIni } from './ini-file.js';
import { changedParameters } from './parameter-changes.js';
import { Sections } from './sections.js';

export interface ConfigLayers {
  /** The folder of shipped files; undefined = only what the configuration directory holds (`--as-fail2ban`). */
  readonly shipped: string | undefined;
  readonly directory: string;
  readonly distribution: DistributionFiles;
}

const INCLUDE_DEPTH = 20;

/** What was read once under the same layers: six jails share their actions, and a jail asks for its filter four times. */
const alreadyRead = new WeakMap<ConfigLayers, Map<string, Sections>>();

/** All sections of `jail`, `fail2ban`, `bailiff`, `filter.d/NAME` or `action.d/NAME`; without any file, no sections. */
export function readLayers(layers: ConfigLayers, name: string): Sections {
  const read = alreadyRead.get(layers) ?? new Map<string, Sections>();
  alreadyRead.set(layers, read);
  const sections = read.get(name) ?? readFiles(layers, name);
  read.set(name, sections);
  return sections;
}

function readFiles(layers: ConfigLayers, name: string): Sections {
  const sections = new Sections();
  for (const file of baseFiles(layers, name)) addAll(sections, file);
  for (const path of [
    ...dropIns(layers.directory, name, '.conf'),
    join(layers.directory, `${name}.local`),
    ...dropIns(layers.directory, name, '.local'),
  ])
    addAll(sections, withIncludes(layers, path));
  return sections;
}

/** Names of `filter.d` or `action.d` definitions to be had, without suffix. */
export function definitionNames(layers: ConfigLayers, folder: 'filter.d' | 'action.d'): readonly string[] {
  const names = new Set<string>();
  for (const root of [layers.shipped, layers.directory]) {
    if (root === undefined) continue;
    for (const file of filesIn(join(root, folder))) {
      if (/\.(?:conf|local)$/.test(file)) names.add(file.replace(/\.\w+$/, ''));
    }
  }
  return [...names].sort();
}

/** The groups of files before the `.d` drop-ins: ours, the directory's, or both. */
function baseFiles(layers: ConfigLayers, name: string): readonly (readonly IniFile[])[] {
  const ours = layers.shipped === undefined ? undefined : join(layers.shipped, `${name}.conf`);
  const theirs = join(layers.directory, `${name}.conf`);
  if (ours === undefined || ours === theirs || !existsSync(ours)) return [withIncludes(layers, theirs)];
  const shipped = withIncludes(layers, ours);
  if (!existsSync(theirs)) return [shipped];
  if (!/^(?:filter|action)\.d\//.test(name)) return [shipped, withIncludes(layers, theirs)];
  const text = readFileSync(theirs);
  if (layers.distribution.isUnmodified(`${name}.conf`, text)) return [shipped];
  const changes = changedParameters(name, parseIni(text.toString('utf8'), theirs), new Sections(shipped));
  return changes === undefined ? [withIncludes(layers, theirs)] : [shipped, [changes]];
}

function addAll(sections: Sections, files: readonly IniFile[]): void {
  for (const file of files) sections.add(file);
}

/** The file with what it includes before and after it, and the `.local` of each; nothing if it does not exist. */
function withIncludes(
  layers: ConfigLayers,
  path: string,
  seen: ReadonlySet<string> = new Set(),
): readonly IniFile[] {
  if (seen.has(path) || seen.size > INCLUDE_DEPTH) return [];
  const file = readIni(path);
  if (file === undefined) return [];
  const inside = new Set([...seen, path]);
  const draw = (option: string): IniFile[] =>
    includedPaths(layers, file, option).flatMap((included) => [...withIncludes(layers, included, inside)]);
  return [...draw('before'), file, ...draw('after')];
}

function includedPaths(layers: ConfigLayers, file: IniFile, option: string): readonly string[] {
  const written = file.sections.get('INCLUDES')?.get(option)?.value ?? '';
  const paths: string[] = [];
  for (const name of written.split('\n').map((line) => line.trim())) {
    if (name === '') continue;
    const path = findIncluded(layers, file.file, name);
    paths.push(path);
    const local = path.replace(/\.conf$/, '.local');
    const inDirectory = join(layers.directory, withinRoot(layers, local));
    paths.push(...new Set([local, inDirectory].filter((candidate) => candidate !== path)));
  }
  return paths;
}

/** Beside the including file; else, for the admin's files, the shipped one of that name. */
function findIncluded(layers: ConfigLayers, from: string, name: string): string {
  const beside = resolve(dirname(from), name);
  if (existsSync(beside) || layers.shipped === undefined) return beside;
  const shipped = join(layers.shipped, withinRoot(layers, beside));
  return existsSync(shipped) ? shipped : beside;
}

/** `filter.d/common.conf` of a path in either root. */
function withinRoot(layers: ConfigLayers, path: string): string {
  for (const root of [layers.shipped, layers.directory]) {
    if (root !== undefined && path.startsWith(root + sep)) return relative(root, path);
  }
  return path;
}

function dropIns(directory: string, name: string, suffix: string): readonly string[] {
  const folder = join(directory, `${name}.d`);
  return filesIn(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => join(folder, file));
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function readIni(path: string): IniFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parseIni(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'Let the user that Bailiff runs as read it.';
    const error = new BailiffError('config.unreadable', `cannot be read: ${message}.`, {
      where: { file: path },
      remedy,
      cause,
    });
    return { file: path, sections: new Map(), errors: [error] };
  }
}
