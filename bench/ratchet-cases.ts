/**
 * What the ratchet holds: ratios of least disturbed values, each larger the better Bailiff does, measured in seconds.
 * Takes a folder; gives the cases, each of which measures its ratios anew whenever it is asked.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../src/config/configuration.js';
import { packageRoot } from '../src/lib/package-root.js';
import { Undone } from '../test/daemon/afterwards.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { keptPackage } from './debian-package.js';
import { keptFail2Ban } from './fail2ban-package.js';
import { Hearing } from './hearing.js';
import { ownJails } from './jails-on-logs.js';
import { writeJournal } from './journal-files.js';
import { sidesOf as journalSides } from './journal-sides.js';
import { comparedPrograms } from './matching-programs.js';
import { sidesOf as matchingSides } from './matching-sides.js';
import { recordedSyslog } from './recorded-lines.js';
import type { Ratios } from './ratios.js';
import { inRounds, type Measured } from './rounds.js';
import { CONFIGURATIONS, writeConfiguration } from './start-configurations.js';
import { BailiffSide, Fail2BanSide, startedAndStopped } from './start-sides.js';

/** Of less than a second for each side. */
const ROUNDS = 6;
const STARTS = 3;
const MATCHED: ReadonlySet<string> = new Set(['sshd', 'postfix', 'dovecot', 'syslog, four jails']);
/** Of 13,500 entries each. */
const REPETITIONS = 4;
const JAILS = 30;
const POLICY = join(packageRoot, 'config', 'policy');

export interface Case {
  readonly name: string;
  readonly measure: () => Promise<Ratios>;
}

/** `folder` is for what they write. */
export function cases(folder: string): readonly Case[] {
  return [
    { name: 'matching', measure: () => matching(mkdtempSync(join(folder, 'matching-'))) },
    { name: 'jails', measure: () => jails(mkdtempSync(join(folder, 'jails-'))) },
    { name: 'journal', measure: () => journal(mkdtempSync(join(folder, 'journal-'))) },
    { name: 'start', measure: () => start() },
  ];
}

const times = (of: Measured, by: Measured): number => of.least / by.least;

async function matching(folder: string): Promise<Ratios> {
  const { theirs, sshguard, logs } = await comparedPrograms(folder);
  const ratios: { [name: string]: number } = {};
  for (const log of logs.filter(({ name }) => MATCHED.has(name))) {
    const all = matchingSides({ ...log, folder, theirs, sshguard });
    const sides = await inRounds(ROUNDS, {
      fail2ban: all.fail2ban,
      sshguard: all.sshguard,
      grep: all.grepF,
      alone: all.bailiff,
      reading: all.bailiffReading,
    });
    ratios[`${log.name}, × Fail2Ban`] = times(sides.fail2ban, sides.alone);
    ratios[`${log.name} from the file, × SSHGuard`] = times(sides.sshguard, sides.reading);
    ratios[`${log.name} from the file, × grep -F`] = times(sides.grep, sides.reading);
  }
  await theirs.close();
  return ratios;
}

/** The jails of one filter on one log. */
async function jails(folder: string): Promise<Ratios> {
  const log = join(folder, 'none.log');
  const named = Array.from({ length: JAILS }, (_, index) => ({ name: `jail-${index}`, filter: 'sshd', log }));
  const all = ownJails(folder, named);
  const texts = recordedSyslog();
  const one = new Hearing(all.slice(0, 1), texts).warm();
  const many = new Hearing(all, texts).warm();
  const sides = await inRounds(ROUNDS, { one: () => one.perLine(), many: () => many.perLine() });
  return { [`one jail of ${JAILS}`]: times(sides.one, sides.many) };
}

async function journal(folder: string): Promise<Ratios> {
  const { jails: options } = loadConfiguration({ configDirectory: POLICY, asFail2ban: false });
  const all = journalSides(writeJournal(folder, REPETITIONS), { directory: POLICY, options });
  const {
    journalctl,
    export: own,
    library,
  } = await inRounds(STARTS, {
    journalctl: all.journalctl,
    export: all.export,
    library: all.library,
  });
  return {
    'export, × journalctl': times(journalctl, own),
    'libsystemd, × journalctl': times(journalctl, library),
  };
}

async function start(): Promise<Ratios> {
  const lifetime = new Undone();
  try {
    const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
    const systemd = keptPackage(join(packageRoot, 'dist', 'python3-systemd'), 'python3-systemd', undefined);
    const host = await PrivateHost.open(lifetime);
    const names = writeConfiguration(host, installed, CONFIGURATIONS[0]);
    const bailiff = await BailiffSide.open(lifetime, host);
    const modules = join(systemd, 'usr', 'lib', 'python3', 'dist-packages');
    const fail2ban = new Fail2BanSide(lifetime, host, modules, names.length);
    const started = await inRounds(STARTS, {
      ours: () => startedAndStopped(bailiff),
      theirs: () => startedAndStopped(fail2ban),
    });
    await bailiff.start();
    await fail2ban.start();
    const status = await inRounds(ROUNDS, {
      ours: () => bailiff.status(),
      theirs: () => fail2ban.status(),
    });
    await bailiff.stop();
    await fail2ban.stop();
    return {
      'start, × Fail2Ban': times(started.theirs, started.ours),
      'status, × fail2ban-client': times(status.theirs, status.ours),
    };
  } finally {
    await lifetime.undo();
  }
}
