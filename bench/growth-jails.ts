/**
 * What a line costs as the jails on its log grow: 1, 10, 30 and 100 of them, each with another of Fail2Ban's stock filters,
 * beside Fail2Ban; and as many with one filter and another limit each. Takes a folder and a number of rounds; gives
 * microseconds of processor time a line.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../src/config/configuration.js';
import { packageRoot } from '../src/lib/package-root.js';
import { keptFail2Ban } from './fail2ban-package.js';
import { Fail2BanMatching } from './fail2ban-rounds.js';
import { Hearing } from './hearing.js';
import { ownJails, writeStockJails } from './jails-on-logs.js';
import { recordedSyslog } from './recorded-lines.js';
import { inRounds, type Measured } from './rounds.js';

export const JAILS = [1, 10, 30, 100] as const;

/** A tenth of the lines, so that a hundred jails of Fail2Ban are done in seconds. */
const THEIR_EVERY = 13;
/** The first ten, as a mail host may have them; the others follow by their names. */
const FIRST = [
  'sshd',
  'postfix',
  'dovecot',
  'apache-auth',
  'recidive',
  'exim',
  'nginx-http-auth',
  'pam-generic',
  'sieve',
  'roundcube-auth',
] as const;
/** There are not quite a hundred filters. */
const MODES = [
  'sshd[mode=ddos]',
  'sshd[mode=extra]',
  'sshd[mode=aggressive]',
  'postfix[mode=auth]',
  'postfix[mode=more]',
  'postfix[mode=aggressive]',
  'dovecot[mode=aggressive]',
  'exim[mode=aggressive]',
] as const;

export interface JailsGrowth {
  readonly jails: number;
  /** Fail2Ban's filters, each another one. */
  readonly theirs: Measured;
  readonly ours: Measured;
  /** One filter of Bailiff's own. */
  readonly equal: Measured;
}

export async function growthOverJails(folder: string, rounds: number): Promise<readonly JailsGrowth[]> {
  const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
  const texts = recordedSyslog();
  const log = join(folder, 'sample.log');
  const sampled = texts.filter((_, index) => index % THEIR_EVERY === 0);
  writeFileSync(log, sampled.map((text) => `${text}\n`).join(''));
  const filters = filtersIn(join(installed.configuration, 'filter.d'));
  const named = filters.map((filter, index) => ({ name: `jail-${index}`, filter, log }));
  const different = join(folder, 'different');
  writeStockJails(installed, different, named);
  const { jails: others } = loadConfiguration({ configDirectory: different, asFail2ban: true });
  const equal = ownJails(
    join(folder, 'equal'),
    named.map((jail) => ({ ...jail, filter: 'sshd' })),
  );
  const fail2ban = await Fail2BanMatching.open(installed, different);
  const grown: JailsGrowth[] = [];
  for (const jails of JAILS) {
    const names = named.slice(0, jails).map(({ name }) => name);
    const [stock, same] = [others, equal].map((all) =>
      new Hearing(
        all.filter(({ name }) => names.includes(name)),
        texts,
      ).warm(),
    );
    const sides = await inRounds(rounds, {
      theirs: () => fail2ban.perLine(names, log),
      ours: () => stock?.perLine() ?? Number.NaN,
      equal: () => same?.perLine() ?? Number.NaN,
    });
    grown.push({ jails, ...sides });
    process.stderr.write(`${jails} jails: ${JSON.stringify(sides)}\n`);
  }
  await fail2ban.close();
  return grown;
}

function filtersIn(folder: string): readonly string[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.conf') && !name.endsWith('common.conf'))
    .map((name) => name.slice(0, -'.conf'.length));
  return [...new Set([...FIRST, ...names.sort(), ...MODES])].slice(0, Math.max(...JAILS));
}
