/**
 * A disk that is full for a minute while attackers come: who of them was shut out meanwhile, what the daemon said, and what
 * its store holds after a kill once there was room again. Takes `--seconds N`; prints the figures, ends with 1 where anything
 * is missing, and writes its section of docs/benchmarks.md.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { kernelSet } from '../test/action/kernel-set.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { type Daemon, until } from '../test/daemon/daemon-process.js';
import { rowsOf } from '../test/daemon/kept-rows.js';
import { DaemonOnHost } from './daemon-on-host.js';
import { machineText } from './figures.js';
import { writeSection } from './report.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const fullSeconds = Number(values.seconds);

/** Before the disk is full, and after there is room again. */
const ASIDE_SECONDS = 5;
const ATTACKERS_A_SECOND = 20;
const MAXRETRY = 3;
/** What was written last may be on its way for so long. */
const SETTLE_MS = 5000;
/** Long enough that what is kept of an attacker does not fit into what a page has left. */
const USER = 'x'.repeat(500);

const EVIDENCE = `SELECT ban.target AS target, count(failure.id) AS lines FROM ban LEFT JOIN failure ON failure.ban = ban.id
  WHERE ended_at_ms IS NULL GROUP BY ban.id`;

const on = await DaemonOnHost.open();
try {
  const { host, log } = on;
  const state = join(host.folder, 'state');
  mkdirSync(state);
  host.run('mount', '-t', 'tmpfs', '-o', 'size=128m', 'tmpfs', state);
  host.configure(
    `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = ${MAXRETRY}\nbantime = 1d\n`,
  );
  const daemon = await on.start();
  const attackers: string[] = [];
  const attackFor = async (seconds: number): Promise<void> => {
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      const address = `10.7.${attackers.length >> 8}.${attackers.length & 255}`;
      attackers.push(address);
      for (let nth = 0; nth < MAXRETRY; nth += 1) {
        const pid = attackers.length * MAXRETRY + nth;
        appendFileSync(log, syslogLine(failedPassword(address, pid, USER), pid));
      }
      await sleep(1000 / ATTACKERS_A_SECOND);
    }
  };
  const bannedAll = async (): Promise<number> => {
    let banned = 0;
    const all = (): boolean => {
      const held = kernelSet(host, 'sshd-4-32');
      banned = attackers.filter((each) => held.has(each)).length;
      return banned === attackers.length;
    };
    await until('every attacker in the kernel', all, SETTLE_MS).catch(() => undefined);
    return banned;
  };
  await attackFor(ASIDE_SECONDS);
  host.run('sh', '-c', 'dd if=/dev/zero of="$0/fill" bs=4k 2>/dev/null || true', state);
  await attackFor(fullSeconds);
  const meanwhile = { attackers: attackers.length, banned: await bannedAll() };
  const { counters: full } = await daemon.ask({ verb: 'status' });
  host.run('rm', join(state, 'fill'));
  await daemon.until({ verb: 'status' }, ({ counters }) => counters['storeSuspended'] === 0);
  await attackFor(ASIDE_SECONDS);
  const afterwards = { attackers: attackers.length, banned: await bannedAll() };
  const { counters: room } = await daemon.ask({ verb: 'status' });
  const errors = daemon.log.split('\n').filter((line) => /\bERROR\b/.test(line));
  await daemon.end('SIGKILL');
  const second: Daemon = await on.start();
  await until('the bans to be back', () => on.isWritten(attackers.length), 30_000);
  await second.end('SIGTERM');
  // What is mounted inside is not seen from here.
  const copy = join(host.folder, 'kept');
  host.run('cp', '-r', state, copy);
  const check = rowsOf(copy, 'PRAGMA integrity_check').flatMap((row) => Object.values(row));
  const kept = new Map(rowsOf(copy, EVIDENCE).map(({ target, lines }) => [target, lines]));
  const missing = attackers.filter((each) => kept.get(each) !== MAXRETRY).length;
  writeSection('full-disk', [
    '## A full disk',
    '',
    `${ATTACKERS_A_SECOND} attackers a second with ${MAXRETRY} failures each, through a followed file; the file system of the store is full for`,
    `${fullSeconds} s of that (${full['storeWaiting'] ?? 0} changes waited then), and has room again. At the end \`kill -9\`, and another start.`,
    '',
    '| when | attackers | of them in the kernel |',
    '|---|---|---|',
    `| at the end of the full disk | ${meanwhile.attackers} | ${meanwhile.banned} |`,
    `| with room again | ${afterwards.attackers} | ${afterwards.banned} |`,
    '',
    `- Alarms: ${errors.length} (\`${errors[0]?.replace(/^.*ERROR\s+/, '') ?? ''}\`).`,
    `- Changes that were lost: ${room['storeLost'] ?? 'unknown'}; that wait with room again: ${room['storeWaiting'] ?? 'unknown'}.`,
    `- SQLite's own check of the store: ${check.join(', ')}; bans that are not in it with ${MAXRETRY} failures of evidence: ${missing}.`,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- full-disk`.',
  ]);
  const isWhole =
    meanwhile.banned === meanwhile.attackers && afterwards.banned === afterwards.attackers && missing === 0;
  if (!isWhole || errors.length !== 1) process.exitCode = 1;
} finally {
  await on.close();
}
