/**
 * Fail2Ban itself, as the tests ask it: Debian's packages, unpacked under dist/, and its program as an oracle.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Fail2BanPackage, keptFail2Ban } from '../../bench/fail2ban-package.js';
import { packageRoot } from '../../src/lib/package-root.js';

export const VERSIONS = ['1.0.2', '1.1.0'] as const;
export type Version = (typeof VERSIONS)[number];

/** Throws where Debian's archive does not answer. */
export function fail2ban(version: Version): Fail2BanPackage {
  const kept = keptFail2Ban(
    join(packageRoot, 'dist', 'fail2ban'),
    version === '1.0.2' ? 'bookworm' : 'trixie',
  );
  // Its tests look for the configuration where the tree that it was built from had it.
  const above = version === '1.0.2' ? join('..', '..', '..') : '';
  const beside = join(kept.pythonPath, above, 'config');
  if (!existsSync(beside)) linkUnlessThere(kept.configuration, beside);
  return kept;
}

function linkUnlessThere(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** The lines of `fail2ban-client -d` for a configuration. */
export function clientDump(version: Version, directory: string): readonly string[] {
  const { pythonPath } = fail2ban(version);
  const client = join(pythonPath, '..', '..', '..', 'bin', 'fail2ban-client');
  const { stdout, stderr, status } = spawnSync('python3', [client, '-c', directory, '-d'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
  });
  if (status !== 0) throw new Error(`fail2ban-client -d ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}
