/**
 * How long `ban`, `unban`, `status` and `explain` take at the control socket while 10,000 lines a second arrive.
 * Runs a daemon of its own (`--enforce none`) on a log file that it appends to: sshd's lines, 30 % of them failures of
 * many addresses. Prints p50, p99 and the largest of each verb; gives its section for docs/benchmarks.md.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusReport } from '../src/control/reports.js';
import { packageRoot } from '../src/lib/package-root.js';
import { machineText, median, percentile } from './figures.js';
import { writeSection } from './report.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 25);
const LINES_A_SECOND = 10_000;
const TICK_MS = 20;
const REQUESTS_A_SECOND = 100;
/** Every so many failures come from so many addresses that were not seen before: 500 of them are banned a second. */
const ROUND_FAILURES = 9000;
const ROUND_ADDRESSES = 1500;
const VERBS = ['status', 'jail', 'explain', 'ban', 'unban'] as const;

interface Measured {
  readonly verb: (typeof VERBS)[number];
  readonly timesMs: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'bailiff-control-'));
const log = join(folder, 'auth.log');
const socket = join(folder, 'bailiff.sock');

function writeConfiguration(): string {
  const configuration = join(folder, 'config');
  mkdirSync(configuration);
  writeFileSync(log, '');
  writeFileSync(
    join(configuration, 'jail.local'),
    [
      '[sshd]',
      'enabled = true',
      'backend = polling',
      `logpath = ${log}`,
      'maxretry = 5',
      'findtime = 10m',
      '',
    ].join('\n'),
  );
  return configuration;
}

async function startDaemon(configuration: string): Promise<ChildProcess> {
  const main = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
  const words = ['run', '--config', configuration, '--state', join(folder, 'state'), '--socket', socket];
  const daemon = spawn(process.execPath, [main, ...words, '--enforce', 'none'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  daemon.stderr?.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-4000)));
  for (let tries = 0; tries < 200; tries += 1) {
    if (daemon.exitCode !== null) throw new Error(`The daemon ended:\n${told}`);
    const answered = await ask({ verb: 'ping' }).catch(() => undefined);
    if (answered !== undefined) return daemon;
    await sleep(50);
  }
  throw new Error(`The daemon did not answer:\n${told}`);
}

interface Answer {
  /** From the request written to the answer read. */
  readonly tookMs: number;
  readonly text: string;
}

/** Asks on a connection of its own; an answer that is a refusal is an Error. */
function ask(request: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = connect({ path: socket });
    let startMs = 0;
    let text = '';
    client.setEncoding('utf8');
    client.once('connect', () => {
      startMs = performance.now();
      client.write(`${JSON.stringify(request)}\n`);
    });
    client.on('data', (chunk: string) => {
      text += chunk;
      if (!chunk.includes('\n')) return;
      const tookMs = performance.now() - startMs;
      client.destroy();
      if (text.includes('"ok":true')) resolve({ tookMs, text });
      else reject(new Error(text));
    });
    client.once('error', reject);
  });
}

/** How many lines the daemon has heard, of those that it was given. */
async function linesHeard(): Promise<number> {
  const { text } = await ask({ verb: 'status' });
  const { result } = JSON.parse(text) as { result: StatusReport };
  return result.jails.reduce((sum, jail) => sum + jail.hears.lines, 0);
}

/** Writes what is due by the clock; what a late tick missed is made up by the next. */
async function feed(untilMs: number, written: { lines: number }): Promise<void> {
  const startMs = performance.now();
  for (let nowMs = startMs; nowMs < untilMs; nowMs = performance.now()) {
    const due = Math.floor(((nowMs - startMs) * LINES_A_SECOND) / 1000) - written.lines;
    if (due > 0) {
      const lines = Array.from({ length: due }, (_, index) => lineOf(written.lines + index));
      appendFileSync(log, lines.join(''));
      written.lines += due;
    }
    await sleep(TICK_MS);
  }
}

function lineOf(number: number): string {
  const head = `${new Date().toISOString().replace('Z', '+00:00')} mx sshd-session[${10_000 + (number % 50_000)}]: `;
  if (number % 10 < 3) {
    const address = addressOf(attackerOf(Math.floor(number / 10) * 3 + (number % 10)));
    return `${head}Failed password for invalid user u${number % 997} from ${address} port ${1024 + (number % 60_000)} ssh2\n`;
  }
  if (number % 2 === 0) return `${head}Received disconnect from 192.0.2.7 port 4022:11: Bye Bye [preauth]\n`;
  return `${head}pam_unix(sshd:session): session opened for user deploy(uid=1000) by deploy(uid=0)\n`;
}

/** Who is the author of a failure. */
function attackerOf(failure: number): number {
  return Math.floor(failure / ROUND_FAILURES) * ROUND_ADDRESSES + (failure % ROUND_ADDRESSES);
}

function addressOf(number: number): string {
  return `100.${64 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}`;
}

async function measure(untilMs: number): Promise<readonly Measured[]> {
  const measured: Measured[] = VERBS.map((verb) => ({ verb, timesMs: [] }));
  for (let round = 0; performance.now() < untilMs; round += 1) {
    for (const each of measured) {
      each.timesMs.push((await ask(requestOf(each.verb, round))).tookMs);
      await sleep(1000 / REQUESTS_A_SECOND / VERBS.length);
    }
  }
  return measured;
}

function requestOf(verb: Measured['verb'], round: number): object {
  const byHand = `198.18.${(round >> 8) & 255}.${round & 255}`;
  switch (verb) {
    case 'status':
      return { verb };
    case 'jail':
      return { verb, jail: 'sshd' };
    case 'explain':
      return { verb, address: addressOf(round) };
    case 'ban':
      return { verb, jail: 'sshd', targets: [byHand] };
    case 'unban':
      return { verb, targets: [byHand], jail: 'sshd' };
  }
}

async function main(): Promise<void> {
  const daemon = await startDaemon(writeConfiguration());
  try {
    const untilMs = performance.now() + SECONDS * 1000;
    const written = { lines: 0 };
    const [measured] = await Promise.all([measure(untilMs), feed(untilMs, written)]);
    const heard = await linesHeard();
    const rows = measured.map(({ verb, timesMs }) => {
      const ms = (value: number): string => value.toFixed(1);
      const largest = ms(Math.max(...timesMs));
      return `| ${verb} | ${timesMs.length} | ${ms(median(timesMs))} | ${ms(percentile(timesMs, 99))} | ${largest} |`;
    });
    writeSection('control', [
      '## Control socket under load',
      '',
      `Request written to answer read, milliseconds, while ${Math.round(written.lines / SECONDS)} lines a second arrived`,
      `through a followed file for ${SECONDS} s (30 % failures, every 3 s of ${ROUND_ADDRESSES} new addresses). Goal: p99 at most 50 ms.`,
      `When the last line was written, ${((heard / written.lines) * 100).toFixed(1)} % of them had been heard.`,
      '',
      '| verb | requests | p50 | p99 | largest |',
      '|---|---|---|---|---|',
      ...rows,
      '',
      machineText(),
      '',
      'Reproduce: `npm run bench -- control-latency`.',
    ]);
  } finally {
    daemon.kill('SIGTERM');
    await new Promise((resolve) => daemon.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
