/**
 * What the reading of a configuration takes from the machine, so that tests and rehearsals can hand in their own.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.js';
import { fullHostName } from './host-name.js';
import { uidsFrom } from './uids.js';

export interface ConfigurationEnvironment {
  /** The folder of shipped files. */
  readonly shipped: string;
  /** The shipped mail policy, read where the machine has no jails. */
  readonly policy: string;
  /** `/etc/bailiff` */
  readonly etcBailiff: string;
  /** `/etc/fail2ban` */
  readonly etcFail2ban: string;
  /** `/var/lib/dpkg` */
  readonly dpkg: string;
  /** Host name for `<fq-hostname>`. */
  readonly hostname: string;
  readonly uidOf: (user: string) => number | undefined;
}

/** This machine's; `given` holds what differs. */
export function configurationEnvironment(
  given: Partial<ConfigurationEnvironment> = {},
): ConfigurationEnvironment {
  const shipped = given.shipped ?? join(packageRoot, 'config');
  return {
    shipped,
    policy: join(shipped, 'policy'),
    etcBailiff: '/etc/bailiff',
    etcFail2ban: '/etc/fail2ban',
    dpkg: '/var/lib/dpkg',
    hostname: fullHostName(hostname(), '/etc/hosts'),
    uidOf: uidsFrom('/etc/passwd'),
    ...given,
  };
}
