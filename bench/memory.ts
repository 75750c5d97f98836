/**
 * What the daemon takes of memory (RssAnon, VmRSS beside it): idle with the guide's jails, at 100,000 bans, and at the
 * highest moment of a flood of 10 million distinct sources over an hour of log time. Fail2Ban beside it, as far as it
 * comes. Takes `--sources N`; prints the figures and writes their section of docs/benchmarks.md.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/lib/package-root.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { DaemonOnHost } from './daemon-on-host.js';
import { fail2banMemory } from './fail2ban-memory.js';
import { machineText } from './figures.js';
import type { Memory } from './memory-of.js';
import { writeSection } from './report.js';

/** V8 gives back what a start or an attack needed for a while once it has nothing to do; after 108 s at the latest. */
const REST_MS = 120_000;
const SOON_MS = 10_000;
const BANS = 100_000;
const MAXRETRY = 3;
const CHUNK = 20_000;
const HOUR_MS = 3_600_000;

const { values } = parseArgs({ options: { sources: { type: 'string', default: '10000000' } } });
const sources = Number(values.sources);

const FLOOD = (log: string): string =>
  `[DEFAULT]\nmaxretry = ${MAXRETRY}\nfindtime = 2h\nbantime = 1d\n` +
  `[sshd]\nenabled = false\n[flood]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\n`;

interface Idle {
  readonly soon: Memory;
  readonly atRest: Memory;
}

async function idle(): Promise<Idle> {
  const on = await DaemonOnHost.open();
  try {
    await on.start(join(packageRoot, 'config', 'policy'));
    await sleep(SOON_MS);
    const soon = on.memory();
    await sleep(REST_MS - SOON_MS);
    return { soon, atRest: on.memory() };
  } finally {
    await on.close();
  }
}

interface AtBans {
  readonly before: Memory;
  readonly after: Memory;
  readonly highest: Memory;
  readonly restarted: Memory;
}

async function atBans(): Promise<AtBans> {
  const on = await DaemonOnHost.open();
  try {
    on.host.configure(FLOOD(on.log));
    await on.start();
    await sleep(REST_MS);
    const before = on.memory();
    for (let number = 0; number < BANS; number += CHUNK / MAXRETRY) {
      const some = Array.from({ length: CHUNK / MAXRETRY }, (_, index) => Math.floor(number) + index);
      const lines = some
        .filter((each) => each < BANS)
        .flatMap((each) =>
          Array.from({ length: MAXRETRY }, (_, index) =>
            syslogLine(failedPassword(v4(each), index), (each * MAXRETRY + index) % 4_000_000),
          ),
        );
      await on.feed(lines);
    }
    const highest = on.takeHighest();
    await sleep(REST_MS);
    const after = on.memory();
    await on.daemon.end();
    await on.start();
    await sleep(REST_MS);
    return { before, after, highest, restarted: on.memory() };
  } finally {
    await on.close();
  }
}

interface Flooded {
  readonly highest: Memory;
  readonly after: Memory;
  readonly seconds: number;
  readonly often: number;
  readonly seldom: number;
  readonly forgotten: number;
  readonly storeMiB: number;
}

/** Attackers that come back every 100,000 lines, from one network, and every 500,000, from one each. */
const OFTEN = { from: '198.51.100.', count: 200 } as const;
const SELDOM = { from: '192.0.', count: 100 } as const;

async function flooded(): Promise<Flooded> {
  const on = await DaemonOnHost.open();
  try {
    on.host.configure(FLOOD(on.log));
    await on.start();
    const startMs = performance.now();
    const fromMs = Date.now() - HOUR_MS;
    for (let number = 0; number < sources; number += CHUNK) {
      const lines = Array.from({ length: CHUNK }, (_, index) => floodLine(number + index, fromMs));
      await on.feed(lines);
      if (number % 500_000 === 0)
        process.stderr.write(`${number} ${Math.round(on.memory().anonMiB)} MiB RssAnon\n`);
    }
    const seconds = (performance.now() - startMs) / 1000;
    const { jails } = await on.daemon.ask({ verb: 'banned' });
    const { counters } = await on.daemon.ask({ verb: 'status' });
    const bannedFrom = (prefix: string): number =>
      jails.flatMap(({ banned }) => banned).filter(({ target }) => target.startsWith(prefix)).length;
    const state = on.host.run('du', '-sm', join(on.host.folder, 'state')).split('\t')[0];
    return {
      highest: on.takeHighest(),
      after: on.memory(),
      seconds,
      often: bannedFrom(OFTEN.from),
      seldom: bannedFrom(SELDOM.from),
      forgotten: counters['forgottenIds'] ?? 0,
      storeMiB: Number(state),
    };
  } finally {
    await on.close();
  }
}

function floodLine(number: number, fromMs: number): string {
  const timeMs = fromMs + (number / sources) * HOUR_MS;
  return syslogLine(
    failedPassword(floodAddress(number), number, `u${number % 997}`),
    number % 4_000_000,
    timeMs,
  );
}

/** Half of them two of each /64 and all of one /32, half of another /48 each. */
function floodAddress(number: number): string {
  if (number % 500 === 499) return `${OFTEN.from}${Math.floor(number / 500) % OFTEN.count}`;
  if (number % 5000 === 123) return `${SELDOM.from}${Math.floor(number / 5000) % SELDOM.count}.7`;
  const half = (number >> 2) * 2 + (number & 1);
  return number % 4 < 2 ? v6(half) : acrossNetworks(half);
}

function acrossNetworks(number: number): string {
  return `2a0e:${(number & 0xffff).toString(16)}:${(number >> 16).toString(16)}::1`;
}

function v4(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function v6(number: number): string {
  const network = number >> 1;
  return `2001:db8:${(network >> 16).toString(16)}:${(network & 0xffff).toString(16)}::${(number & 1) + 1}`;
}

const mib = ({ anonMiB, rssMiB }: Memory): string => `${anonMiB.toFixed(0)} (${rssMiB.toFixed(0)})`;

const { soon, atRest } = await idle();
process.stderr.write(`idle ${mib(soon)} ${mib(atRest)}\n`);
const bans = await atBans();
process.stderr.write(
  `bans ${mib(bans.before)} ${mib(bans.after)} highest ${mib(bans.highest)} restarted ${mib(bans.restarted)}\n`,
);
const theirs = await fail2banMemory(
  Array.from({ length: BANS }, (_, number) => v4(number)),
  SOON_MS,
);
process.stderr.write(
  `Fail2Ban ${mib(theirs.idle)} ${mib(theirs.before)} ${mib(theirs.after)} with ${theirs.bans} bans\n`,
);
const flood = await flooded();
writeSection('memory', [
  '## Memory',
  '',
  'MiB of RssAnon, and VmRSS in brackets, of `bailiff run --enforce nftables` in a network namespace; the thread that hears is',
  `part of it. Idle and with bans: ${REST_MS / 1000} s after the last thing that happened. Bans: ${BANS.toLocaleString('en')} addresses, ${MAXRETRY} lines each, through a`,
  `followed file. Flood: ${sources.toLocaleString('en')} lines over an hour of log time, each of another IPv6 address, half of them two of`,
  'each /64 of one network, half of another /48 each; nobody is over the limit but 300 attackers among them. Fail2Ban 1.1.0:',
  "Debian's package unpacked, the same jails, its actions replaced by",
  `one that does nothing; its bans are made by \`banip\` (${theirs.bans.toLocaleString('en')} of them).`,
  '',
  '| when | Bailiff | Fail2Ban |',
  '|---|---|---|',
  `| idle, the guide's six jails, ${SOON_MS / 1000} s after the start | ${mib(soon)} | |`,
  `| the same at rest | ${mib(atRest)} | ${mib(theirs.idle)} |`,
  `| one jail, at rest | ${mib(bans.before)} | ${mib(theirs.before)} |`,
  `| the same with 100,000 bans | ${mib(bans.after)} | ${mib(theirs.after)} |`,
  `| while they were made, at most | ${mib(bans.highest)} | |`,
  `| after a restart that restored them | ${mib(bans.restarted)} | |`,
  `| the flood, at most | ${mib(flood.highest)} | |`,
  `| after it | ${mib(flood.after)} | |`,
  '',
  `The flood took ${flood.seconds.toFixed(0)} s. Banned: ${flood.often} of ${OFTEN.count} attackers who came back every 100,000 lines, ${flood.seldom} of ${SELDOM.count} who did every`,
  `500,000. ${flood.forgotten.toLocaleString('en')} sources had to go from memory; the store had ${flood.storeMiB} MiB then.`,
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- memory`.',
]);
