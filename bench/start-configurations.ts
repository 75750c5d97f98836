/**
 * The configurations that a start is timed with, the same directory for Bailiff and for Fail2Ban: the guide's jails, and
 * every stock jail of Fail2Ban on a log of its own. Takes a private host; writes them there. Does not start anything.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PrivateHost, sshdEntry } from '../test/daemon/private-host.js';
import { packageRoot } from '../src/lib/package-root.js';
import type { Fail2BanPackage } from './fail2ban-package.js';

export const CONFIGURATIONS = ["the guide's six jails", 'every stock jail of Fail2Ban'] as const;
export type Configuration = (typeof CONFIGURATIONS)[number];

/** @returns the names of the jails that are enabled. */
export function writeConfiguration(
  host: PrivateHost,
  installed: Fail2BanPackage,
  configuration: Configuration,
): readonly string[] {
  const directory = join(host.folder, 'config');
  cpSync(installed.configuration, directory, { recursive: true });
  const jails = configuration === CONFIGURATIONS[0] ? guide() : stock(host, installed);
  host.configure(jails.text);
  // What the jail recidive follows; each host has a folder of logs of its own.
  host.run('touch', '/var/log/fail2ban.log');
  host.journal(sshdEntry('Server listening on 0.0.0.0 port 22.', 1));
  return jails.names;
}

interface Jails {
  readonly text: string;
  readonly names: readonly string[];
}

function guide(): Jails {
  const text = readFileSync(join(packageRoot, 'config', 'policy', 'jail.local'), 'utf8');
  return { text, names: namesIn(text) };
}

/** Their logs are empty, so that what is timed is getting ready and nothing else. */
function stock(host: PrivateHost, installed: Fail2BanPackage): Jails {
  const logs = join(host.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const names = namesIn(readFileSync(join(installed.configuration, 'jail.conf'), 'utf8'));
  const sections = names.map((name) => {
    const log = join(logs, `${name}.log`);
    writeFileSync(log, '');
    return `[${name}]\nenabled = true\nbackend = polling\nlogpath = ${log}\n`;
  });
  return { text: sections.join(''), names };
}

function namesIn(text: string): readonly string[] {
  const names = [...text.matchAll(/^\[([\w-]+)\]/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'DEFAULT' && name !== 'INCLUDES');
}
