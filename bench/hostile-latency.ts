/**
 * How long a ban takes while somebody writes lines on which another jail's expression does not end: with none, with one
 * a second from the first on, and with 100 a second once that jail is heard apart. A daemon that enforces on a host of
 * its own, Fail2Ban's own courier-auth filter as the one that runs away, sshd in the journal and in a file as those that ban.
 * From the line written to the element in the kernel (`nft monitor`); gives its section for docs/benchmarks.md.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { Daemon } from '../test/daemon/daemon-process.js';
import { type Afterwards, Undone } from '../test/daemon/afterwards.js';
import { PrivateHost, sshdEntry } from '../test/daemon/private-host.js';
import { fetchFail2Ban } from './fail2ban-package.js';
import { machineText, percentile } from './figures.js';
import { KernelWatch } from './kernel-watch.js';
import { writeSection } from './report.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 30);
const BANS_A_SECOND = 20;
const MAXRETRY = 3;
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

class Scene {
  readonly host: PrivateHost;
  readonly authLog: string;
  readonly mailLog: string;
  #watch: KernelWatch | undefined;
  #attackers = 0;
  #pid = 0;

  constructor(host: PrivateHost, filters: string) {
    this.host = host;
    this.authLog = join(host.folder, 'auth.log');
    this.mailLog = join(host.folder, 'mail.log');
    for (const path of [this.authLog, this.mailLog]) writeFileSync(path, '');
    mkdirSync(join(host.folder, 'config', 'filter.d'));
    for (const [from, to] of [
      ['courier-auth.conf', 'stock-courier.conf'],
      ['common.conf', 'common.conf'],
    ] as const)
      cpSync(join(filters, from), join(host.folder, 'config', 'filter.d', to));
    const filed = (path: string): string => `enabled = true\nbackend = polling\nlogpath = ${path}\n`;
    host.configure(
      `[DEFAULT]\nmaxretry = ${MAXRETRY}\nbanaction = nftables\n[sshd]\nenabled = true\nbackend = systemd\n` +
        `[sshd-file]\nfilter = sshd\nport = ssh\n${filed(this.authLog)}` +
        `[stock-courier]\nfilter = stock-courier\nport = imap\n${filed(this.mailLog)}`,
    );
  }

  watchKernel(lifetime: Afterwards): KernelWatch {
    this.#watch = new KernelWatch(lifetime, this.host);
    return this.#watch;
  }

  /** Somebody fails often enough to be banned. */
  attack(): void {
    const number = (this.#attackers += 1);
    const address = `198.18.${number >> 8}.${number & 255}`;
    const messages = Array.from({ length: MAXRETRY }, () => failedPassword(address, (this.#pid += 1)));
    this.#watch?.failed(address);
    if (number % 2 === 0)
      this.host.journal(...messages.map((message, index) => sshdEntry(message, this.#pid + index)));
    else
      appendFileSync(
        this.authLog,
        messages.map((message, index) => syslogLine(message, this.#pid + index)).join(''),
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
    // Everybody's first ban makes what is needed for it.
    for (let attack = 0; attack < 4; attack += 1) scene.attack();
    await until(() => watch.missing === 0);
    if (phase.isApartFirst) {
      scene.hostile(5);
      await daemon.says('stock-courier: It is degraded');
    }
    watch.takeTimesMs();
    await attackFor(SECONDS * 1000, phase, scene);
    await until(() => watch.missing === 0);
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

/** Writes what is due by the clock; what a late tick missed is made up by the next. */
async function attackFor(forMs: number, { rate }: Phase, scene: Scene): Promise<void> {
  const startMs = performance.now();
  let [attacks, hostile] = [0, 0];
  for (let tookMs = 0; tookMs < forMs; tookMs = performance.now() - startMs) {
    const lines = Math.ceil((tookMs * rate) / 1000) - hostile;
    if (lines > 0) scene.hostile(lines);
    hostile += lines;
    for (; attacks < (tookMs * BANS_A_SECOND) / 1000; attacks += 1) scene.attack();
    await sleep(5);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + LATE_MS; !isSo() && Date.now() < endMs;) await sleep(20);
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
