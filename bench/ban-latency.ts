/**
 * How long a ban takes while nothing else, 1,000 or 50,000 lines a second come through the followed file, beside Fail2Ban:
 * from the last line written to the element in the kernel. Takes `--seconds N` and `--alone` (without Fail2Ban); prints the
 * figures and writes their section of docs/benchmarks.md.
 */
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/lib/package-root.js';
import { Undone } from '../test/daemon/afterwards.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { Daemon } from '../test/daemon/daemon-process.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { BanScene } from './ban-scene.js';
import { keptPackage } from './debian-package.js';
import { keptFail2Ban } from './fail2ban-package.js';
import type { KernelWatch } from './kernel-watch.js';
import { machineText, percentile } from './figures.js';
import { writeSection } from './report.js';
import { Fail2BanSide } from './start-sides.js';
import { cameToJournald, unlimitedJournald, type Voice } from './unlimited-journald.js';

interface Load {
  /** Lines a second besides the attackers'. */
  readonly rate: number;
  readonly through: 'file' | 'journal';
}

const LOADS: readonly Load[] = [
  { rate: 0, through: 'file' },
  { rate: 1000, through: 'file' },
  { rate: 50_000, through: 'file' },
  // More than journald takes.
  { rate: 100_000, through: 'journal' },
];
const BANS_A_SECOND = 20;
const FAIL2BAN_BANS_A_SECOND = 5;
const LATE_MS = 10_000;
/** Under the same load, told apart: a program that was just started compiles its code then. */
const FIRST_SECONDS = 5;
const PROGRAMS = { fail2ban: 'Fail2Ban 1.1.0', bailiff: 'Bailiff' } as const;
type Program = keyof typeof PROGRAMS;

interface Measured {
  readonly program: Program;
  readonly load: Load;
  /** Lines a second that were really written. */
  readonly written: number;
  readonly timesMs: readonly number[];
  /** Of the seconds before. */
  readonly firstMs: readonly number[];
  readonly missing: number;
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, alone: { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);

async function measure(program: Program, load: Load): Promise<Measured> {
  const lifetime = new Undone();
  try {
    const host = await PrivateHost.open(lifetime);
    const voices = load.through === 'journal' ? await unlimitedJournald(lifetime, host) : undefined;
    const attackers = voices?.();
    const scene = new BanScene(host, undefined, attackers && ((messages) => void attackers.say(messages)));
    await start(program, scene, lifetime);
    const watch = scene.watchKernel(lifetime);
    await scene.warm(LATE_MS);
    const others = voices?.();
    const aSecond = program === 'bailiff' ? BANS_A_SECOND : FAIL2BAN_BANS_A_SECOND;
    let number = 0;
    /** How many other lines were written. */
    const attackFor = async (forSeconds: number): Promise<number> => {
      let [written, passed] = [0, 0];
      await scene.attackFor(forSeconds * 1000, aSecond, (tookMs) => {
        const due = Math.floor((tookMs * load.rate) / 1000) - passed;
        const messages = Array.from({ length: due }, (_, index) => beside(number + index));
        passed += due;
        number += due;
        if (messages.length > 0 && write(scene, others, messages, number)) written += due;
      });
      await scene.settle(LATE_MS);
      return written;
    };
    await attackFor(FIRST_SECONDS);
    const before = scene.attackers;
    const firstMs = watch.takeTimesMs();
    const written = await attackFor(seconds);
    const timesMs = watch.takeTimesMs();
    const told =
      voices === undefined ? { firstMs, timesMs } : sinceJournald(host, watch, scene.numberOf, before);
    process.stderr.write(`${program}, ${load.rate} lines a second: ${told.timesMs.length} bans\n`);
    return { program, load, written: written / seconds, ...told, missing: watch.missing };
  } finally {
    await lifetime.undo();
  }
}

/**
 * Of those who fail in the journal, from what journald noted: a line waits for it in its socket, for nobody else's fault.
 * `first`: the number of the last attacker of the seconds that are told apart.
 */
function sinceJournald(
  host: PrivateHost,
  { arrivedMs }: KernelWatch,
  numberOf: (address: string) => number,
  first: number,
): Pick<Measured, 'firstMs' | 'timesMs'> {
  const banned = [...cameToJournald(host, '198.18.')].flatMap(([address, cameMs]) => {
    const bannedMs = arrivedMs.get(address);
    return bannedMs === undefined ? [] : [{ isFirst: numberOf(address) <= first, tookMs: bannedMs - cameMs }];
  });
  const times = (isFirst: boolean): readonly number[] =>
    banned.flatMap((ban) => (ban.isFirst === isFirst ? [ban.tookMs] : []));
  return { firstMs: times(true), timesMs: times(false) };
}

/** Gives whether they were written: a journald that is behind gets nothing more. */
function write(
  scene: BanScene,
  voice: Voice | undefined,
  messages: readonly string[],
  number: number,
): boolean {
  if (voice !== undefined) return voice.say(messages);
  const lines = messages.map((message, index) => syslogLine(message, (number + index) % 4_000_000));
  appendFileSync(scene.authLog, lines.join(''));
  return true;
}

async function start(program: Program, scene: BanScene, lifetime: Undone): Promise<void> {
  if (program === 'bailiff') {
    scene.host.configure(scene.jails);
    await new Daemon(lifetime, scene.host, { words: ['--enforce', 'nftables'], leads: true }).ready();
    return;
  }
  const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
  const kept = keptPackage(join(packageRoot, 'dist', 'python3-systemd'), 'python3-systemd', undefined);
  cpSync(installed.configuration, join(scene.host.folder, 'config'), { recursive: true });
  scene.host.configure(scene.jails);
  const modules = join(kept, 'usr', 'lib', 'python3', 'dist-packages');
  await new Fail2BanSide(lifetime, scene.host, modules, 2).start();
}

/** Three of ten fail, each of another address that never comes back; the others say nothing to the jail. */
function beside(number: number): string {
  if (number % 10 < 3) return failedPassword(addressOf(number), number, `u${number % 997}`);
  if (number % 2 === 0) return 'Received disconnect from 192.0.2.7 port 4022:11: Bye [preauth]';
  return 'pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)';
}

function addressOf(number: number): string {
  return `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
}

function row({ program, load, written, timesMs, firstMs, missing }: Measured): string {
  const told = (times: readonly number[], percent: number): string =>
    times.length === 0 ? '' : percentile(times, percent).toFixed(1);
  const [p50, p99, most] = [50, 99, 100].map((percent) => told(timesMs, percent));
  const through = load.through === 'journal' ? ' through the journal' : '';
  const others = load.rate === 0 ? 'none' : `${Math.round(written).toLocaleString('en')}${through}`;
  return `| ${PROGRAMS[program]} | ${others} | ${timesMs.length} | ${missing} | ${p50} | ${p99} | ${most} | ${told(firstMs, 100)} |`;
}

const measured: Measured[] = [];
for (const load of LOADS) {
  if (!values.alone) measured.push(await measure('fail2ban', load));
  measured.push(await measure('bailiff', load));
}
writeSection('ban-latency', [
  '## Bans under load',
  '',
  `Last line written to element in the kernel, milliseconds, for ${seconds} s: sshd's lines in the journal and in a file by turns, ${BANS_A_SECOND} bans a`,
  `second by Bailiff, ${FAIL2BAN_BANS_A_SECOND} by Fail2Ban. The other lines come through the same file: three of ten fail, each of another address that never`,
  `comes back; or through a journald of the host's own with its rate limit off, as many as it takes. Each of them leads its session, as a service does. Missing: not banned ${LATE_MS / 1000} s after the end. The first ${FIRST_SECONDS} s of the load, in which a program that was just started compiles its code, are told apart. Goals: p99 at most 25 ms on a quiet host, 100 ms under 50,000 lines a second.`,
  '',
  `| program | other lines a second | bans | missing | p50 | p99 | largest | largest of the first ${FIRST_SECONDS} s |`,
  '|---|---|---|---|---|---|---|---|',
  ...measured.map(row),
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- ban-latency`.',
]);
