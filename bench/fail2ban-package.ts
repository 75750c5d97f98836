/**
 * Debian's packages of Fail2Ban: where the Python modules, the configuration and the sample logs lie.
 * Takes a folder and a suite. Nothing is installed.
 */
import { join } from 'node:path';
import { fetchPackage, keptPackage, type Suite } from './debian-package.js';

export interface Fail2BanPackage {
  readonly pythonPath: string;
  readonly configuration: string;
  /** The folder with Fail2Ban's own tests. */
  readonly tests: string;
}

/** Fetches Debian 13's package, or the version of this host. Throws an Error where neither can be had. */
export function fetchFail2Ban(folder: string): Fail2BanPackage {
  const root = join(folder, 'fail2ban');
  try {
    fetchPackage(folder, 'fail2ban', 'trixie', root);
  } catch {
    process.stderr.write("bench: trixie's fail2ban cannot be fetched; taking the version of this host.\n");
    fetchPackage(folder, 'fail2ban', undefined, root);
  }
  return packageIn(root);
}

/**
 * The package of one suite (bookworm: 1.0.2, trixie: 1.1.0), fetched once and kept in `cache`.
 * Throws an Error that names the suite where it cannot be had.
 */
export function keptFail2Ban(cache: string, suite: Suite): Fail2BanPackage {
  return packageIn(keptPackage(cache, 'fail2ban', suite));
}

function packageIn(root: string): Fail2BanPackage {
  const pythonPath = join(root, 'usr', 'lib', 'python3', 'dist-packages');
  return {
    pythonPath,
    configuration: join(root, 'etc', 'fail2ban'),
    tests: join(pythonPath, 'fail2ban', 'tests'),
  };
}
