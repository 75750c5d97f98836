/**
 * What bans pay for reports: a daemon that reports to an AbuseIPDB that takes every connection and answers nothing, and
 * one that does not report, each enforcing on a host of its own, in turn in the same run. Many reports wait already.
 * From the last line written to the element in the kernel; gives its section for docs/benchmarks.md.
 */
import { Undone } from '../test/daemon/afterwards.js';
import { Daemon } from '../test/daemon/daemon-process.js';
import { type Reporting, ENFORCE, reportingHost } from '../test/reports/reporting-daemon.js';
import { BanScene } from './ban-scene.js';
import { machineText, median, percentile } from './figures.js';
import type { KernelWatch } from './kernel-watch.js';
import { writeSection } from './report.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 12);
const ROUND_SECONDS = 5;
const BANS_A_SECOND = 50;
/** Bans before it begins, all of them due to be reported. */
const BACKLOG = 5000;
const LATE_MS = 5000;
/** Addresses of the world: what is reserved for benchmarks is not reported. */
const WORLD = '11.0';

interface Side {
  readonly daemon: Daemon;
  readonly scene: BanScene;
  readonly watch: KernelWatch;
}

async function open(lifetime: Undone, { host, fault }: Reporting, reports: boolean): Promise<Side> {
  const scene = new BanScene(host, WORLD);
  fault('hang');
  const actions = `action = %(action_)s\n${reports ? '  %(action_abuseipdb)s\n' : ''}`;
  host.configure(`${scene.jails}[DEFAULT]\nreportdelay = 0\n${actions}`);
  const daemon = await new Daemon(lifetime, host, { ...ENFORCE, leads: true }).ready();
  const watch = scene.watchKernel(lifetime);
  await scene.warm(LATE_MS, BACKLOG);
  return { daemon, scene, watch };
}

async function round({ scene, watch }: Side): Promise<Round> {
  await scene.attackFor(ROUND_SECONDS * 1000, BANS_A_SECOND, () => undefined);
  await scene.settle(LATE_MS);
  return { timesMs: watch.takeTimesMs(), missing: watch.missing };
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
  const hanging = await open(lifetime, await reportingHost(lifetime), true);
  const off = await open(lifetime, await reportingHost(lifetime), false);
  const measured = { hanging: [] as Round[], off: [] as Round[] };
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    // Whoever is first alternates.
    const turns = [
      () => round(hanging).then((each) => measured.hanging.push(each)),
      () => round(off).then((each) => measured.off.push(each)),
    ];
    for (const take of turn % 2 === 0 ? turns : turns.toReversed()) await take();
    const p99 = [measured.off, measured.hanging].map((rounds) =>
      percentile(rounds.at(-1)?.timesMs ?? [], 99).toFixed(1),
    );
    process.stderr.write(`round ${turn + 1} of ${ROUNDS}: p99 ${p99.join(' off, ')} hanging\n`);
  }
  const { counters, state } = await hanging.daemon.ask({ verb: 'reports' });
  const waiting = counters['waiting'] ?? 0;
  if (waiting < BACKLOG || (counters['accepted'] ?? 0) > 0)
    throw new Error(`it did not hang: ${state}, ${JSON.stringify(counters)}`);
  const unknown = counters['unknown'] ?? 0;
  writeSection('hanging-reports', [
    '## Bans beside an AbuseIPDB that hangs',
    '',
    'Last line written to element in the kernel, milliseconds, by lines in the journal and in a file by turns. One daemon reports to',
    'a server that takes every connection, ends the TLS handshake and never answers; the other does not report.',
    `${ROUNDS} rounds of ${ROUND_SECONDS} s with ${BANS_A_SECOND} bans a second each, one after the other; every ban is due to be reported at once, and`,
    `${BACKLOG.toLocaleString('en')} wait before it begins. Goal: p99 at most 2 × of that without reports.`,
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
