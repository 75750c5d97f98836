/**
 * Debian's packages of Fail2Ban, fetched and unpacked to run beside Bailiff or to test against; nothing is installed.
 * Takes a folder and a suite; gives where the Python modules, the configuration and the sample logs lie.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** bookworm: Debian 12, 1.0.2; trixie: Debian 13, 1.1.0. */
export type Suite = 'bookworm' | 'trixie';

export interface Fail2BanPackage {
  readonly pythonPath: string;
  readonly configuration: string;
  /** The folder with Fail2Ban's own tests. */
  readonly tests: string;
}

/** Fetches Debian 13's package, or the version of this host. Throws an Error where neither can be had. */
export function fetchFail2Ban(folder: string): Fail2BanPackage {
  mkdirSync(folder, { recursive: true });
  const root = join(folder, 'fail2ban');
  try {
    unpack(folder, 'trixie', root);
  } catch {
    process.stderr.write("bench: trixie's fail2ban cannot be fetched; taking the version of this host.\n");
    apt(folder, ['download', 'fail2ban']);
    unpackDownloaded(folder, root);
  }
  return packageIn(root);
}

/**
 * The package of one suite, fetched once and kept in `cache`. Processes may ask at the same time.
 * Throws an Error that names the suite where it cannot be had.
 */
export function keptFail2Ban(cache: string, suite: Suite): Fail2BanPackage {
  const root = join(cache, suite);
  if (!existsSync(root)) {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'fetching-'));
    try {
      unpack(folder, suite, join(folder, 'root'));
      moveUnlessThere(join(folder, 'root'), root);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return packageIn(root);
}

function packageIn(root: string): Fail2BanPackage {
  const pythonPath = join(root, 'usr', 'lib', 'python3', 'dist-packages');
  return {
    pythonPath,
    configuration: join(root, 'etc', 'fail2ban'),
    tests: join(pythonPath, 'fail2ban', 'tests'),
  };
}

function unpack(folder: string, suite: Suite, root: string): void {
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  writeFileSync(join(state, 'sources.list'), `deb ${mirror()} ${suite} main\n`);
  const options = [
    `Dir::Etc::SourceList=${join(state, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  if (!apt(folder, [...options, 'update']) || !apt(folder, [...options, 'download', 'fail2ban']))
    throw new Error(`Debian's package fail2ban of ${suite} could not be fetched with apt-get.`);
  unpackDownloaded(folder, root);
}

function unpackDownloaded(folder: string, root: string): void {
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('No Debian package of fail2ban could be fetched with apt-get.');
  execFileSync('dpkg-deb', ['-x', join(folder, file), root]);
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
