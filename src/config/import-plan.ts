/**
 * What taking over a Fail2Ban configuration comes to: which files are copied where, which are left, and why.
 * Takes the directories; gives a plan, and whether the jails then mean what they meant. Writes nothing but a trial copy
 * in the folder for temporary files, which it removes.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Configuration, loadConfiguration } from './configuration.js';
import { DistributionFiles } from './distribution-files.js';
import { type ConfigurationEnvironment, configurationEnvironment } from './environment.js';
import { includedBy, type InstallationFile, installationFiles } from './installation-files.js';
import { parseCall, splitCalls } from './parameters.js';

export interface PlannedFile extends InstallationFile {
  readonly why: string;
}

export interface ImportPlan {
  readonly from: string;
  /** In the order of their paths. */
  readonly wanted: readonly PlannedFile[];
  /** How many files are as the distribution laid them down and are not needed. */
  readonly leftAsDistributed: number;
  /** Files that no configuration is read from. */
  readonly leftOther: readonly string[];
  /** As it is read where it stands, with our own filters and actions where theirs are unmodified. */
  readonly before: Configuration;
  /** Jails that would mean something else once taken over. */
  readonly changedJails: readonly string[];
  /** Paths into `from` that the files name. */
  readonly namedPaths: readonly { readonly file: string; readonly path: string }[];
}

/** Plans; `from` holds a Fail2Ban configuration. */
export function planImport(from: string, given: Partial<ConfigurationEnvironment> = {}): ImportPlan {
  const environment = configurationEnvironment(given);
  const files = new Map(
    installationFiles(from, new DistributionFiles(environment.dpkg)).map((file) => [file.path, file]),
  );
  const before = loadConfiguration({ configDirectory: from, environment });
  const wanted = new Map<string, string>();
  const want = (path: string, why: string): void => {
    const file = files.get(path);
    if (file === undefined || wanted.has(path)) return;
    wanted.set(path, why);
    for (const included of includedBy(file, files)) {
      const isOurs = existsSync(join(environment.shipped, included));
      if (files.get(included)?.owner === 'distribution' && !isOurs) want(included, `${path} includes it`);
    }
  };
  for (const { path, owner } of files.values()) if (owner === 'admin') want(path, 'yours');
  for (const [path, jail] of definitionsOf(before)) {
    const isMissing = !existsSync(join(environment.shipped, `${path}.conf`));
    if (isMissing) want(`${path}.conf`, `Bailiff has none of this name, and the jail ${jail} uses it`);
  }
  const changedJails = completeJails(files, wanted, want, (chosenFiles) =>
    changedBy(before, chosenFiles, environment),
  );
  if ([...files.values()].some(({ content }) => content.includes('ignorecommands/')) && usesScripts(before)) {
    for (const path of files.keys())
      if (path.startsWith(join('filter.d', 'ignorecommands'))) want(path, 'an ignorecommand calls it');
  }
  const planned = chosen(files, wanted).map((file) => ({ ...file, why: wanted.get(file.path) ?? '' }));
  const left = [...files.values()].filter(({ path }) => !wanted.has(path));
  return {
    from,
    wanted: planned,
    leftAsDistributed: left.filter(({ owner }) => owner === 'distribution').length,
    leftOther: left.filter(({ owner }) => owner === 'nobody').map(({ path }) => path),
    before,
    changedJails,
    namedPaths: planned.flatMap((file) => pathsInto(from, file)),
  };
}

/**
 * Adds the distribution's own jail files where the enabled jails rest on them: as few as do.
 * Gives the jails that still mean something else.
 */
function completeJails(
  files: ReadonlyMap<string, InstallationFile>,
  wanted: ReadonlyMap<string, string>,
  want: (path: string, why: string) => void,
  judge: (chosenFiles: readonly InstallationFile[]) => readonly string[],
): readonly string[] {
  const first = judge(chosen(files, wanted));
  if (first.length === 0) return first;
  const why = `${listed(first)} ${first.length === 1 ? 'rests' : 'rest'} on it`;
  const dropIns = [...files.values()]
    .filter(({ path, owner }) => owner === 'distribution' && path.startsWith('jail.d/'))
    .map(({ path }) => path);
  const jailFile = files.get('jail.conf') ?? NOTHING;
  const whole = ['jail.conf', ...includedBy(jailFile, files)];
  const sets = [dropIns, whole, [...dropIns, ...whole]];
  const enough = sets.find(
    (paths) =>
      judge(chosen(files, new Map([...wanted, ...paths.map((path) => [path, why] as const)]))).length === 0,
  );
  for (const path of enough ?? sets.at(-1) ?? []) want(path, why);
  return enough === undefined ? judge(chosen(files, wanted)) : [];
}

const NOTHING: InstallationFile = { path: '', owner: 'nobody', content: Buffer.alloc(0), mode: 0 };

function chosen(
  files: ReadonlyMap<string, InstallationFile>,
  wanted: ReadonlyMap<string, string>,
): readonly InstallationFile[] {
  return [...files.values()].filter(({ path }) => wanted.has(path));
}

/** `filter.d/NAME` and `action.d/NAME` of every enabled jail, and the first jail that uses it. */
function definitionsOf({ written }: Configuration): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (folder: string, call: string, jail: string): void => {
    const path = `${folder}/${parseCall(call).name}`;
    if (!found.has(path)) found.set(path, jail);
  };
  for (const jail of written) {
    const { name } = jail.options;
    add('filter.d', jail.filter.options.name.replace(/\[.*$/s, ''), name);
    for (const call of splitCalls(jail.written.get('action') ?? '')) add('action.d', call, name);
  }
  return found;
}

/** The jails that a trial copy of `files` reads differently. */
function changedBy(
  before: Configuration,
  files: readonly InstallationFile[],
  environment: ConfigurationEnvironment,
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-import-'));
  try {
    for (const { path, content } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: 0o600 });
    }
    const after = loadConfiguration({ configDirectory: folder, environment });
    const textOf = ({ jails, directory }: Configuration): ReadonlyMap<string, string> =>
      new Map(
        jails.map(
          (jail) => [jail.name, JSON.stringify(jail, spelledOut).replaceAll(directory, '@')] as const,
        ),
      );
    const [wanted, got] = [textOf(before), textOf(after)];
    const names = new Set([...before.enabledJails, ...after.enabledJails]);
    return [...names].filter((name) => wanted.get(name) !== got.get(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON leaves out what is in maps and sets. */
function spelledOut(_: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}

function usesScripts({ written }: Configuration): boolean {
  return written.some((jail) => (jail.written.get('ignorecommand') ?? '').includes('ignorecommands/'));
}

function pathsInto(from: string, { path, content }: InstallationFile): ImportPlan['namedPaths'] {
  const text = content.toString('utf8').replace(/^\s*[#;].*$/gm, '');
  const found = text.split(/[\s"'=,;]+/).filter((word) => word.startsWith(`${from}/`));
  return [...new Set(found)].map((named) => ({ file: path, path: named }));
}

function listed(names: readonly string[]): string {
  if (names.length > 3) return `${names.length} jails`;
  return names.length === 1 ? `the jail ${names[0] ?? ''}` : `the jails ${names.join(', ')}`;
}
