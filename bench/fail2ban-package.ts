/**
 * Debian's package of Fail2Ban, fetched and unpacked for a measurement; nothing is installed.
 * Takes a folder; gives where its Python modules and its configuration lie. Tries Debian 13's package through the
 * host's own mirror, then the version of the host.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SUITE = 'trixie';

export interface Fail2BanPackage {
  readonly pythonPath: string;
  readonly configuration: string;
}

/** Throws an Error where no package can be fetched. */
export function fetchFail2Ban(folder: string): Fail2BanPackage {
  const apt = join(folder, 'apt');
  mkdirSync(join(apt, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), `deb ${mirror()} ${SUITE} main\n`);
  const options = [
    `Dir::Etc::SourceList=${join(apt, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(apt, 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const isFetched = run(apt, [...options, 'update']) && run(apt, [...options, 'download', 'fail2ban']);
  if (!isFetched) {
    process.stderr.write(`bench: ${SUITE}'s fail2ban cannot be fetched; taking the version of this host.\n`);
    run(apt, ['download', 'fail2ban']);
  }
  const file = readdirSync(apt).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('No Debian package of fail2ban could be fetched with apt-get.');
  const root = join(folder, 'fail2ban');
  execFileSync('dpkg-deb', ['-x', join(apt, file), root]);
  return {
    pythonPath: join(root, 'usr', 'lib', 'python3', 'dist-packages'),
    configuration: join(root, 'etc', 'fail2ban'),
  };
}

function run(folder: string, words: readonly string[]): boolean {
  return spawnSync('apt-get', ['-qq', ...words], { cwd: folder, stdio: 'ignore' }).status === 0;
}

function mirror(): string {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const own = (stdout ?? '').split('\n').find((uri) => /\/debian\/?$/.test(uri));
  return own ?? 'http://deb.debian.org/debian';
}
