/**
 * Which files under /etc/fail2ban are still as the distribution's package laid them down.
 * Takes dpkg's folder; compares MD5 sums with those in its `status` (deb-conffiles(5)). Does not run dpkg.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONFFILE = /^ \/etc\/fail2ban\/(\S+) ([0-9a-f]{32})\b/gm;

export class DistributionFiles {
  readonly #directory: string;
  #sums: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  /** @param dpkgDirectory `/var/lib/dpkg`; where it is absent, no file is the distribution's. */
  constructor(dpkgDirectory: string) {
    this.#directory = dpkgDirectory;
  }

  /** Whether `content` is what a package laid down as /etc/fail2ban/`relative`. */
  isUnmodified(relative: string, content: string | Buffer): boolean {
    this.#sums ??= readSums(join(this.#directory, 'status'));
    const known = this.#sums.get(relative);
    return known?.has(createHash('md5').update(content).digest('hex')) ?? false;
  }
}

function readSums(statusFile: string): ReadonlyMap<string, ReadonlySet<string>> {
  const sums = new Map<string, Set<string>>();
  let status: string;
  try {
    status = readFileSync(statusFile, 'utf8');
  } catch {
    // No dpkg here: every file counts as the admin's.
    return sums;
  }
  for (const [, path, sum] of status.matchAll(CONFFILE)) {
    if (path !== undefined && sum !== undefined) sums.set(path, (sums.get(path) ?? new Set()).add(sum));
  }
  return sums;
}
