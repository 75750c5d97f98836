/**
 * Debian's packages, fetched and unpacked to run beside Bailiff or to test against; nothing is installed.
 * Takes a package's name, the suite that it is to come from (undefined = this host's own) and a folder to unpack it in.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** bookworm: Debian 12; trixie: Debian 13. */
export type Suite = 'bookworm' | 'trixie';

/**
 * Unpacks the package into `root`; what apt needs for it lies in `folder`, which is made.
 * @throws Error that names package and suite where it cannot be had.
 */
export function fetchPackage(folder: string, name: string, suite: Suite | undefined, root: string): void {
  mkdirSync(folder, { recursive: true });
  const options = suite === undefined ? [] : optionsOf(folder, suite);
  const isUpdated = suite === undefined || apt(folder, [...options, 'update']);
  const isFetched = isUpdated && apt(folder, [...options, 'download', name]);
  const file = readdirSync(folder).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
  if (!isFetched || file === undefined)
    throw new Error(`Debian's package ${name} of ${suite ?? 'this host'} could not be fetched with apt-get.`);
  execFileSync('dpkg-deb', ['-x', join(folder, file), root]);
}

/**
 * The folder of the unpacked package, fetched once and kept in `cache`. Processes may ask at the same time.
 * @throws Error that names package and suite where it cannot be had.
 */
export function keptPackage(cache: string, name: string, suite: Suite | undefined): string {
  const root = join(cache, suite ?? 'host');
  if (!existsSync(root)) {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'fetching-'));
    try {
      fetchPackage(folder, name, suite, join(folder, 'root'));
      moveUnlessThere(join(folder, 'root'), root);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return root;
}

/** apt with lists and caches of its own, so that another suite's are not mixed with the host's. */
function optionsOf(folder: string, suite: Suite): readonly string[] {
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  writeFileSync(join(state, 'sources.list'), `deb ${mirror()} ${suite} main\n`);
  return [
    `Dir::Etc::SourceList=${join(state, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

function moveUnlessThere(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function apt(folder: string, words: readonly string[]): boolean {
  return spawnSync('apt-get', ['-qq', ...words], { cwd: folder, stdio: 'ignore' }).status === 0;
}

function mirror(): string {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const own = (stdout ?? '').split('\n').find((uri) => /\/debian\/?$/.test(uri));
  return own ?? 'http://deb.debian.org/debian';
}
