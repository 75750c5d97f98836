/**
 * How long a ban takes while somebody writes lines on which another jail's expression does not end: with none, with one
 * a second from the first on, and with 100 a second once that jail is heard apart. A daemon that enforces on a host of
 * its own, Fail2Ban's own courier-auth filter as the one that runs away, sshd in the journal and in a file as those that ban.
 * From the line written to the element in the kernel (`nft monitor`); gives its section for docs/benchmarks.md.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../test/daemon/daemon-process.js';
import { Undone } from '../test/daemon/afterwards.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { BanScene } from './ban-scene.js';
import { fetchFail2Ban } from './fail2ban-package.js';
import { machineText, percentile } from './figures.js';
import { writeSection } from './report.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 30);
const BANS_A_SECOND = 20;
const LATE_MS = 5000;
const HOSTILE = `LOGIN FAILED, ${'user=a, '.repeat(700)}`;

interface Phase {
  readonly name: string;
  /** Hostile lines a second. */
  readonly rate: number;
  readonly isApartFirst: boolean;
}

const PHASES: readonly Phase[] = [
  { name: 'none', rate: 0, isApartFirst: false },
  { name: '1 a second, from the first on', rate: 1, isApartFirst: false },
  { name: '100 a second, heard apart', rate: 100, isApartFirst: true },
];

interface Measured {
  readonly phase: Phase;
  readonly timesMs: readonly number[];
  readonly missing: number;
  readonly deaths: number;
  readonly passedOver: number;
}

/** A jail beside those that ban, whose expression runs away. */
class Scene extends BanScene {
  readonly mailLog: string;

  constructor(host: PrivateHost, filters: string) {
    super(host);
    this.mailLog = join(host.folder, 'mail.log');
    writeFileSync(this.mailLog, '');
    mkdirSync(join(host.folder, 'config', 'filter.d'));
    for (const [from, to] of [
      ['courier-auth.conf', 'stock-courier.conf'],
      ['common.conf', 'common.conf'],
    ] as const)
      cpSync(join(filters, from), join(host.folder, 'config', 'filter.d', to));
    host.configure(
      `${this.jails}[stock-courier]\nfilter = stock-courier\nport = imap\nenabled = true\nbackend = polling\nlogpath = ${this.mailLog}\n`,
    );
  }

  hostile(lines: number): void {
    const time = new Date().toISOString().slice(0, 19);
    appendFileSync(this.mailLog, `${time}+00:00 mx imapd[1]: ${HOSTILE}\n`.repeat(lines));
  }
}

async function measure(phase: Phase, filters: string): Promise<Measured> {
  const lifetime = new Undone();
  try {
    const scene = new Scene(await PrivateHost.open(lifetime), filters);
    const daemon = await new Daemon(lifetime, scene.host, {
      words: ['--enforce', 'nftables'],
      leads: true,
    }).ready();
    const watch = scene.watchKernel(lifetime);
    await scene.warm(LATE_MS);
    if (phase.isApartFirst) {
      scene.hostile(5);
      await daemon.says('stock-courier: It is degraded');
    }
    let hostile = 0;
    await scene.attackFor(SECONDS * 1000, BANS_A_SECOND, (tookMs) => {
      const due = Math.ceil((tookMs * phase.rate) / 1000);
      if (due > hostile) scene.hostile(due - hostile);
      hostile = Math.max(hostile, due);
    });
    await scene.settle(LATE_MS);
    const { counters, jails } = await daemon.ask({ verb: 'status' });
    process.stderr.write(
      `${phase.name}: ${jails.map(({ name, hears }) => `${name} ${hears.text}`).join('; ')}\n`,
    );
    await daemon.end();
    const deaths = counters['workerRestarts'] ?? 0;
    const passedOver = counters['passedOverLines'] ?? 0;
    return { phase, timesMs: watch.takeTimesMs(), missing: watch.missing, deaths, passedOver };
  } finally {
    await lifetime.undo();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-hostile-'));
  try {
    const filters = join(fetchFail2Ban(folder).configuration, 'filter.d');
    const measured: Measured[] = [];
    for (const phase of PHASES) measured.push(await measure(phase, filters));
    const ms = (value: number): string => value.toFixed(1);
    writeSection('hostile', [
      "## Bans while another jail's expression runs away",
      '',
      `Last line written to element in the kernel, milliseconds: sshd's lines in the journal and in a file, ${BANS_A_SECOND}`,
      `bans a second for ${SECONDS} s. Beside them hostile lines for Fail2Ban 1.1.0's courier-auth filter, a jail of its own.`,
      'Goal: p99 at most 150 ms.',
      '',
      '| hostile lines | bans | missing | p50 | p99 | largest | workers killed | lines passed over |',
      '|---|---|---|---|---|---|---|---|',
      ...measured.map(({ phase, timesMs, missing, deaths, passedOver }) => {
        const [p50, p99, most] = [50, 99, 100].map((percent) => ms(percentile(timesMs, percent)));
        return `| ${phase.name} | ${timesMs.length} | ${missing} | ${p50} | ${p99} | ${most} | ${deaths} | ${passedOver} |`;
      }),
      '',
      machineText(),
      '',
      'Reproduce: `npm run bench -- hostile-latency`.',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
