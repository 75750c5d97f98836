/**
 * A jail on a followed file, by Bailiff and by Fail2Ban, each on a host of its own: brought up with bans to restore, or
 * running while a storm comes. Gives how long after the start, or after the storm's first line, the last of the sampled
 * attackers came through. Does not judge.
 */
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { packageRoot } from '../src/lib/package-root.js';
import { DaemonOnHost } from './daemon-on-host.js';
import { keptPackage } from './debian-package.js';
import { keptFail2Ban } from './fail2ban-package.js';
import { nowMs, SampledPackets } from './sampled-packets.js';
import { Fail2BanSide } from './start-sides.js';
import { addressOf, fillFail2BanDatabase, fillStore, sampledAddresses } from './stored-bans.js';

const MAXRETRY = 3;
const SAMPLES = 100;
/** Nobody came through for so long: they are shut out. */
const QUIET_MS = 5000;
/** Fail2Ban takes its time. */
const PATIENCE_MS = 1_800_000;
const STORM_MS = 1000;
const TICK_MS = 20;

/** Something that can be started on a host and be ready. */
interface Started {
  readonly on: DaemonOnHost;
  /** Resolves once it is ready. */
  readonly start: () => Promise<unknown>;
  /** Writes bans to restore. */
  readonly fill: (bans: number) => void;
}

export type Program = 'bailiff' | 'fail2ban';

/** Milliseconds since the process was started. */
export function restored(program: Program, bans: number): Promise<number> {
  return on(program, async ({ on, start, fill }) => {
    fill(bans);
    const packets = await SampledPackets.open(on.t, on.host, sampledAddresses(bans, SAMPLES));
    const startMs = nowMs();
    const ready = start();
    const [lastMs] = await Promise.all([packets.shutOut(startMs, QUIET_MS, PATIENCE_MS), ready]);
    return lastMs;
  });
}

/** Milliseconds since the first line. */
export function stormed(program: Program, attackers: number): Promise<number> {
  return on(program, async ({ on, start }) => {
    await start();
    const packets = await SampledPackets.open(on.t, on.host, sampledAddresses(attackers, SAMPLES));
    const startMs = nowMs();
    await storm(on.log, attackers);
    return packets.shutOut(startMs, QUIET_MS, PATIENCE_MS);
  });
}

/** Each attacker's lines, one after the other, spread over a second. */
async function storm(log: string, attackers: number): Promise<void> {
  const startMs = nowMs();
  for (let done = 0; done < attackers;) {
    const due = Math.min(attackers, Math.ceil(((nowMs() - startMs + TICK_MS) / STORM_MS) * attackers));
    const lines = Array.from({ length: due - done }, (_, index) =>
      Array.from({ length: MAXRETRY }, (_, failure) => {
        const pid = ((done + index) * MAXRETRY + failure) % 4_000_000;
        return syslogLine(failedPassword(addressOf(done + index), pid), pid);
      }).join(''),
    );
    appendFileSync(log, lines.join(''));
    done = due;
    await sleep(TICK_MS);
  }
}

async function on(program: Program, measure: (started: Started) => Promise<number>): Promise<number> {
  const on = await DaemonOnHost.open();
  try {
    return await measure(program === 'bailiff' ? bailiff(on) : fail2ban(on));
  } finally {
    await on.close();
  }
}

/** What is sent from outside to be told by are datagrams. */
function jailOn(log: string): string {
  const jail = `enabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = ${MAXRETRY}\nbantime = 1d\n`;
  return `[sshd]\n${jail}action = nftables[port=ssh, protocol=udp]\n`;
}

function bailiff(on: DaemonOnHost): Started {
  on.host.configure(jailOn(on.log));
  return {
    on,
    start: () => on.start(),
    fill: (bans) => fillStore(join(on.host.folder, 'state'), bans),
  };
}

function fail2ban(on: DaemonOnHost): Started {
  const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
  const kept = keptPackage(join(packageRoot, 'dist', 'python3-systemd'), 'python3-systemd', undefined);
  cpSync(installed.configuration, join(on.host.folder, 'config'), { recursive: true });
  on.host.configure(jailOn(on.log));
  const side = new Fail2BanSide(on.t, on.host, join(kept, 'usr', 'lib', 'python3', 'dist-packages'), 1);
  return {
    on,
    start: () => side.startAgain(),
    fill: (bans) => fillFail2BanDatabase(installed.pythonPath, side.database, bans),
  };
}
