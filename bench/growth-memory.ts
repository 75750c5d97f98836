/**
 * What the daemon takes of memory as bans and as sources grow, quarter by quarter: addresses that are banned, and addresses
 * that fail once. Takes how many there are in the end; gives MiB of RssAnon after each quarter, once it is quiet again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { DaemonOnHost } from './daemon-on-host.js';

const QUARTERS = 4;
const CHUNK = 20_000;
const MAXRETRY = 3;
const QUIET_MS = 4000;

export type GrowthOf = 'bans' | 'sources';

export interface MemoryGrowth {
  readonly count: number;
  readonly anonMiB: number;
}

export async function growthOfMemory(of: GrowthOf, count: number): Promise<readonly MemoryGrowth[]> {
  const on = await DaemonOnHost.open();
  try {
    on.host.configure(
      `[DEFAULT]\nmaxretry = ${MAXRETRY}\nfindtime = 2h\nbantime = 1d\n[sshd]\nenabled = false\n` +
        `[flood]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${on.log}\n`,
    );
    await on.start();
    await sleep(QUIET_MS);
    const grown: MemoryGrowth[] = [{ count: 0, anonMiB: on.memory().anonMiB }];
    const failures = of === 'bans' ? MAXRETRY : 1;
    for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
      const [from, to] = [quarter, quarter + 1].map((each) => Math.round((each * count) / QUARTERS));
      await attack(on, from ?? 0, to ?? 0, failures);
      await sleep(QUIET_MS);
      grown.push({ count: to ?? 0, anonMiB: on.memory().anonMiB });
      process.stderr.write(`${of}: ${JSON.stringify(grown.at(-1))}\n`);
    }
    return grown;
  } finally {
    await on.close();
  }
}

/** All of them, in chunks that are heard before the next is written. */
async function attack(on: DaemonOnHost, from: number, to: number, failures: number): Promise<void> {
  const step = Math.floor(CHUNK / failures);
  for (let begin = from; begin < to; begin += step) {
    const some = Array.from({ length: Math.min(step, to - begin) }, (_, index) => begin + index);
    const lines = some.flatMap((each) =>
      Array.from({ length: failures }, (_, failure) => {
        const pid = (each * failures + failure) % 4_000_000;
        return syslogLine(failedPassword(addressOf(each), pid), pid);
      }),
    );
    await on.feed(lines);
  }
}

/** Of another /64 each. */
function addressOf(number: number): string {
  return `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
}
