/**
 * Chooses the directory that the jails are read from (design: `--config`, else /etc/bailiff, else /etc/fail2ban, else the
 * shipped mail policy) and names the one that is passed over. Looks at names of files only.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface DirectoryChoice {
  readonly directory: string;
  /** Holds jails as well, but is not read. */
  readonly ignored: string | undefined;
  /** Where bailiff.conf and bailiff.local are read. */
  readonly own: string;
  readonly from: 'option' | 'bailiff' | 'fail2ban' | 'policy';
}

export interface DirectoryCandidates {
  /** `/etc/bailiff` */
  readonly bailiff: string;
  /** `/etc/fail2ban` */
  readonly fail2ban: string;
  /** The shipped mail policy. */
  readonly policy: string;
}

/** @param option the value of `--config`, which is taken as it is. */
export function chooseDirectory(option: string | undefined, among: DirectoryCandidates): DirectoryChoice {
  if (option !== undefined)
    return { directory: resolve(option), ignored: undefined, own: resolve(option), from: 'option' };
  const own = among.bailiff;
  if (holdsJails(among.bailiff)) {
    const ignored = holdsJails(among.fail2ban) ? among.fail2ban : undefined;
    return { directory: among.bailiff, ignored, own, from: 'bailiff' };
  }
  if (holdsJails(among.fail2ban))
    return { directory: among.fail2ban, ignored: undefined, own, from: 'fail2ban' };
  return { directory: among.policy, ignored: undefined, own, from: 'policy' };
}

function holdsJails(directory: string): boolean {
  return ['jail.conf', 'jail.local', 'jail.d'].some((name) => existsSync(join(directory, name)));
}
