/**
 * Configuration directories for a benchmark: jails, each on a log, for Fail2Ban with its stock filters and for Bailiff.
 * Takes folders and jails; writes the files. No jail acts or resolves names.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../src/config/configuration.js';
import type { JailOptions } from '../src/jail/options.js';
import type { Fail2BanPackage } from './fail2ban-package.js';

export interface JailOnLog {
  readonly name: string;
  /** As the configuration calls it; undefined = what shipped jail.conf says of the jail. */
  readonly filter: string | undefined;
  readonly log: string;
}

const DEFAULT = '[DEFAULT]\nusedns = no\naction =\nmaxmatches = 1\n';

/** Fail2Ban's filters and these jails alone. */
export function writeStockJails(
  installed: Fail2BanPackage,
  folder: string,
  jails: readonly JailOnLog[],
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'jail.conf'), DEFAULT + textOf(jails));
  for (const name of ['filter.d', 'fail2ban.conf'])
    cpSync(join(installed.configuration, name), join(folder, name), { recursive: true });
}

/** These jails as Bailiff reads them with its own filters. */
export function ownJails(folder: string, jails: readonly JailOnLog[]): readonly JailOptions[] {
  mkdirSync(folder, { recursive: true });
  // The shipped jail.conf enables this one.
  const unasked = jails.some(({ name }) => name === 'sshd') ? '' : '[sshd]\nenabled = false\n';
  writeFileSync(join(folder, 'jail.local'), DEFAULT + unasked + textOf(jails));
  return loadConfiguration({ configDirectory: folder, asFail2ban: false }).jails;
}

function textOf(jails: readonly JailOnLog[]): string {
  return jails
    .map(({ name, filter, log }) => {
      const called = filter === undefined ? '' : `filter = ${filter}\n`;
      return `[${name}]\nenabled = true\nbackend = polling\n${called}logpath = ${log}\n`;
    })
    .join('');
}
