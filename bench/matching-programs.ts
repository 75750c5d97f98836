/**
 * Whom matching is compared with, and on what: Fail2Ban with its stock filters, SSHGuard's parser, and the recorded logs
 * with the jails that hear them. Takes a folder; gives all of it, the packages fetched. To be closed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JailOptions } from '../src/jail/options.js';
import { packageRoot } from '../src/lib/package-root.js';
import { keptPackage } from './debian-package.js';
import { keptFail2Ban } from './fail2ban-package.js';
import { Fail2BanMatching } from './fail2ban-rounds.js';
import { ownJails, writeStockJails } from './jails-on-logs.js';
import { recordedErrors, recordedLines, recordedSyslog } from './recorded-lines.js';

/** How Fail2Ban's jail.conf calls the filter of each. */
const FILTERS: Readonly<Record<string, string>> = {
  sshd: 'sshd',
  postfix: 'postfix[mode=more]',
  'postfix-sasl': 'postfix[mode=auth]',
  dovecot: 'dovecot',
  'apache-auth': 'apache-auth',
};

export interface HeardLog {
  readonly name: string;
  readonly texts: readonly string[];
  readonly jails: readonly JailOptions[];
}

export interface Compared {
  readonly theirs: Fail2BanMatching;
  /** The path of the program. */
  readonly sshguard: string;
  readonly logs: readonly HeardLog[];
}

export async function comparedPrograms(folder: string): Promise<Compared> {
  const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
  const sshguard = join(
    keptPackage(join(packageRoot, 'dist', 'sshguard'), 'sshguard', undefined),
    'usr/libexec/sshguard/sshg-parser',
  );
  const log = join(folder, 'empty.log');
  writeFileSync(log, '');
  const jails = Object.keys(FILTERS).map((name) => ({ name, filter: undefined, log }));
  const own = ownJails(join(folder, 'own'), jails);
  const stock = join(folder, 'stock');
  writeStockJails(
    installed,
    stock,
    jails.map((jail) => ({ ...jail, filter: FILTERS[jail.name] })),
  );
  const jailsOf = (...names: readonly string[]): readonly JailOptions[] =>
    own.filter(({ name }) => names.includes(name));
  const lines = recordedLines();
  const textsOf = (name: string): readonly string[] => lines.get(name) ?? [];
  return {
    theirs: await Fail2BanMatching.open(installed, stock),
    sshguard,
    logs: [
      { name: 'sshd', texts: textsOf('sshd'), jails: jailsOf('sshd') },
      { name: 'postfix', texts: textsOf('postfix'), jails: jailsOf('postfix') },
      { name: 'postfix-sasl', texts: textsOf('postfix'), jails: jailsOf('postfix-sasl') },
      { name: 'dovecot', texts: textsOf('dovecot'), jails: jailsOf('dovecot') },
      { name: 'apache-auth', texts: recordedErrors(), jails: jailsOf('apache-auth') },
      {
        name: 'syslog, four jails',
        texts: recordedSyslog(),
        jails: jailsOf('sshd', 'postfix', 'postfix-sasl', 'dovecot'),
      },
    ],
  };
}
