/**
 * What bans pay for reports: a daemon that reports to an AbuseIPDB that takes every connection and answers nothing, and
 * one that does not report, each enforcing on a host of its own, in turn in the same run. Many reports wait already.
 * From the last line written to the element in the kernel; gives its section for docs/benchmarks.md.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Undone } from '../test/daemon/afterwards.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { Daemon, until } from '../test/daemon/daemon-process.js';
import { type Reporting, ENFORCE, reportingHost } from '../test/reports/reporting-daemon.js';
import { machineText, median, percentile } from './figures.js';
import { KernelWatch } from './kernel-watch.js';
import { writeSection } from './report.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 12);
const ROUND_SECONDS = 5;
const BANS_A_SECOND = 50;
const MAXRETRY = 3;
/** Bans before it begins, all of them due to be reported. */
const BACKLOG = 5000;
const WRITTEN_AT_ONCE = 100;
const LATE_MS = 5000;

class Scene {
  readonly daemon: Daemon;
  readonly #watch: KernelWatch;
  readonly #log: string;
  #attackers = 0;
  #pid = 0;

  private constructor(log: string, daemon: Daemon, watch: KernelWatch) {
    this.#log = log;
    this.daemon = daemon;
    this.#watch = watch;
  }

  static async open(lifetime: Undone, { host, fault }: Reporting, reports: boolean): Promise<Scene> {
    const log = join(host.folder, 'auth.log');
    writeFileSync(log, '');
    fault('hang');
    host.configure(
      `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = ${MAXRETRY}\nreportdelay = 0\n` +
        `action = %(action_)s\n${reports ? '  %(action_abuseipdb)s\n' : ''}`,
    );
    const daemon = await new Daemon(lifetime, host, { ...ENFORCE, leads: true }).ready();
    return new Scene(log, daemon, new KernelWatch(lifetime, host));
  }

  attack(): void {
    const number = (this.#attackers += 1);
    // Addresses of the world: what is reserved for benchmarks is not reported.
    const address = `11.0.${number >> 8}.${number & 255}`;
    const lines = Array.from({ length: MAXRETRY }, () =>
      syslogLine(failedPassword(address, (this.#pid += 1)), this.#pid),
    );
    this.#watch.failed(address);
    appendFileSync(this.#log, lines.join(''));
  }

  async fillUp(): Promise<void> {
    for (let written = 0; written < BACKLOG; written += WRITTEN_AT_ONCE) {
      for (let each = 0; each < WRITTEN_AT_ONCE; each += 1) this.attack();
      await until('the bans before it begins', () => this.#watch.missing === 0);
    }
    this.#watch.takeTimesMs();
  }

  /** One round of attackers at an even pace; what a late tick missed is made up by the next. */
  async round(): Promise<Round> {
    const startMs = performance.now();
    const tookMs = (): number => performance.now() - startMs;
    for (let attacks = 0; tookMs() < ROUND_SECONDS * 1000; await sleep(5))
      for (; attacks < (tookMs() * BANS_A_SECOND) / 1000; attacks += 1) this.attack();
    for (const endMs = Date.now() + LATE_MS; this.#watch.missing > 0 && Date.now() < endMs;) await sleep(20);
    return { timesMs: this.#watch.takeTimesMs(), missing: this.#watch.missing };
  }
}

interface Round {
  readonly timesMs: readonly number[];
  readonly missing: number;
}

function rowOf(name: string, rounds: readonly Round[]): string {
  const all = rounds.flatMap(({ timesMs }) => timesMs);
  const [p50, p99, most] = [50, 99, 100].map((percent) => percentile(all, percent).toFixed(1));
  const ofRounds = median(rounds.map(({ timesMs }) => percentile(timesMs, 99))).toFixed(1);
  return `| ${name} | ${all.length} | ${rounds.at(-1)?.missing ?? 0} | ${p50} | ${ofRounds} | ${p99} | ${most} |`;
}

/** Each round against the one beside it, so that what else the machine does counts for both. */
function ratioOf(hanging: readonly Round[], off: readonly Round[], percent: number): string {
  const ratios = hanging.map(
    ({ timesMs }, at) => percentile(timesMs, percent) / percentile(off[at]?.timesMs ?? [], percent),
  );
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)} × (${least.toFixed(2)} to ${most.toFixed(2)} in the rounds)`;
}

const lifetime = new Undone();
try {
  const hanging = await Scene.open(lifetime, await reportingHost(lifetime), true);
  const off = await Scene.open(lifetime, await reportingHost(lifetime), false);
  for (const scene of [hanging, off]) await scene.fillUp();
  const measured = { hanging: [] as Round[], off: [] as Round[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // Whoever is first alternates.
    const turns = [
      () => hanging.round().then((each) => measured.hanging.push(each)),
      () => off.round().then((each) => measured.off.push(each)),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    const p99 = [measured.off, measured.hanging].map((rounds) =>
      percentile(rounds.at(-1)?.timesMs ?? [], 99).toFixed(1),
    );
    process.stderr.write(`round ${round + 1} of ${ROUNDS}: p99 ${p99.join(' off, ')} hanging\n`);
  }
  const { counters, state } = await hanging.daemon.ask({ verb: 'reports' });
  const waiting = counters['waiting'] ?? 0;
  if (waiting < BACKLOG || (counters['accepted'] ?? 0) > 0)
    throw new Error(`it did not hang: ${state}, ${JSON.stringify(counters)}`);
  const unknown = counters['unknown'] ?? 0;
  writeSection('hanging-reports', [
    '## Bans beside an AbuseIPDB that hangs',
    '',
    'Last line written to element in the kernel, milliseconds. One daemon reports to a server that takes every connection, ends the TLS',
    `handshake and never answers; the other does not report. ${ROUNDS} rounds of ${ROUND_SECONDS} s with ${BANS_A_SECOND} bans a second each, one after the other; every`,
    `ban is due to be reported at once, and ${BACKLOG.toLocaleString('en')} wait before it begins. Goal: p99 at most 2 × of that without reports.`,
    '',
    '| reports | bans | missing | p50 | p99, median of the rounds | p99 of all | largest |',
    '|---|---|---|---|---|---|---|',
    rowOf('off', measured.off),
    rowOf('to a server that hangs', measured.hanging),
    '',
    `- p50: ${ratioOf(measured.hanging, measured.off, 50)}`,
    `- p99: ${ratioOf(measured.hanging, measured.off, 99)}`,
    '',
    `At the end ${waiting.toLocaleString('en')} reports waited, ${counters['sending'] ?? 0} were on their way, ${unknown} unknown.`,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- hanging-reports`.',
  ]);
} finally {
  await lifetime.undo();
}
