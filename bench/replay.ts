/**
 * What a line costs: `bailiff replay`, the whole way, beside Fail2Ban's matching alone on the same lines.
 * Bailiff's start is subtracted: two sizes, and the slope between them. Takes `--runs N`; prints the figures and writes
 * their section of docs/benchmarks.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/lib/package-root.js';
import { type Fail2BanPackage, fetchFail2Ban } from './fail2ban-package.js';
import { machineText, median } from './figures.js';
import { type Corpus, writeCorpus } from './recorded-corpus.js';
import { writeSection } from './report.js';

/** Of 7.5 MB each. The smaller size is large enough that the compiler has done its work by then. */
const SMALL = 14;
const LARGE = 84;
const POLICY = join(packageRoot, 'config', 'policy');

interface Spent {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

interface Fail2BanReport {
  readonly version: string;
  readonly python: string;
  readonly lines: number;
  readonly seconds: readonly number[];
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Math.max(1, Number(values.runs));

/** All threads of the process, and the children that it waited for, by the shell's own accounting. */
function replay(corpus: Corpus): Spent {
  const main = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
  const words = ['replay', '--json', '--config', POLICY, '--journal-export', corpus.exportPath];
  const { status, stderr } = spawnSync(
    'bash',
    [
      '-c',
      'TIMEFORMAT="spent %R %U %S"; time "$@" > /dev/null',
      'bash',
      process.execPath,
      main,
      ...words,
      '--log',
      `apache-auth=${corpus.errorLogPath}`,
    ],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  const found = /spent ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr);
  if (status !== 0 || found === null) throw new Error(`replay failed: ${stderr}`);
  return { wallSeconds: Number(found[1]), cpuSeconds: Number(found[2]) + Number(found[3]) };
}

/** What a line costs, microseconds. */
interface PerLine {
  readonly cpu: number;
  readonly wall: number;
}

/** The slope between a small and a large run. */
function perLine(small: Corpus, large: Corpus): PerLine {
  const before = replay(small);
  const after = replay(large);
  const lines = large.lines - small.lines;
  return {
    cpu: ((after.cpuSeconds - before.cpuSeconds) / lines) * 1e6,
    wall: ((after.wallSeconds - before.wallSeconds) / lines) * 1e6,
  };
}

function fail2ban(installed: Fail2BanPackage, corpus: Corpus, logtype: 'journal' | 'file'): Fail2BanReport {
  const program = join(packageRoot, 'bench', 'fail2ban-matching.py');
  const words = [installed.pythonPath, installed.configuration, corpus.exportPath, corpus.errorLogPath];
  const text = execFileSync('python3', [program, ...words, '1', logtype], { encoding: 'utf8' });
  return JSON.parse(text) as Fail2BanReport;
}

const LOGTYPES = ['journal', 'file'] as const;

/** One after the other in each round, so that what slows the machine down for a while slows both. */
interface Round {
  readonly theirs: Readonly<Record<(typeof LOGTYPES)[number], number>>;
  readonly same: PerLine;
  readonly shifted: PerLine;
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  try {
    const installed = fetchFail2Ban(folder);
    copyFileSync(join(POLICY, 'jail.local'), join(installed.configuration, 'jail.local'));
    const once = writeCorpus(folder, 1, false);
    const [same, shifted] = [false, true].map((isShifted) => ({
      small: writeCorpus(folder, SMALL, isShifted),
      large: writeCorpus(folder, LARGE, isShifted),
    }));
    if (same === undefined || shifted === undefined) return;
    // What the disk still has to write would be written beside the measuring.
    spawnSync('sync');
    const versions = fail2ban(installed, once, 'journal');
    const theirs = (logtype: (typeof LOGTYPES)[number]): number => {
      const { seconds, lines } = fail2ban(installed, once, logtype);
      return (median(seconds) / lines) * 1e6;
    };
    const rounds = Array.from({ length: runs }, (): Round => ({
      theirs: { journal: theirs('journal'), file: theirs('file') },
      same: perLine(same.small, same.large),
      shifted: perLine(shifted.small, shifted.large),
    }));
    writeSection('replay', report(versions, rounds, [same.small.bytes, same.large.bytes]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const KINDS = [
  ['same', 'the same times again'],
  ['shifted', 'each repetition a day later'],
] as const;

function report(
  { version, python }: Fail2BanReport,
  rounds: readonly Round[],
  bytes: readonly number[],
): readonly string[] {
  const rate = (microseconds: number): string => Math.round(1e6 / microseconds).toLocaleString('en');
  const [small, large] = bytes.map((size) => Math.round(size / 1e6));
  const of = (value: (round: Round) => number): number => median(rounds.map(value));
  const range = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
  return [
    '## Replay, the whole way',
    '',
    `The recorded journals and Apache logs of \`recordings/debian13\`, repeated to ${small} MB and ${large} MB; a line's`,
    `cost is the slope between the two. Fail2Ban ${version} on Python ${python}: \`processLine\` alone, for`,
    'each line and each jail that hears it, without reading, counting, database or actions; lines from the journal',
    'bring their time, those of files have it read from the text. The same jails on both sides. Medians of',
    `${runs} rounds, in each of which both run one after the other; a ratio is the median of the rounds' ratios. A replay`,
    "reads in one thread and hears in another; Fail2Ban's matching is one thread.",
    '',
    '| what | µs a line, processor | µs a line, clock | lines a second |',
    '|---|---|---|---|',
    ...LOGTYPES.map((logtype) => {
      const cost = of((round) => round.theirs[logtype]);
      return `| Fail2Ban, matching alone, lines of ${nameOf(logtype)} | ${cost.toFixed(2)} | | ${rate(cost)} |`;
    }),
    ...KINDS.map(([kind, words]) => {
      const [cpu, wall] = [of((round) => round[kind].cpu), of((round) => round[kind].wall)];
      return `| \`bailiff replay\`, ${words} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${rate(wall)} |`;
    }),
    '',
    ...KINDS.flatMap(([kind, words]) =>
      LOGTYPES.map((logtype) => {
        const byClock = rounds.map((round) => round.theirs[logtype] / round[kind].wall);
        const byProcessor = median(rounds.map((round) => round.theirs[logtype] / round[kind].cpu));
        const ratio = `${median(byClock).toFixed(1)} × Fail2Ban by the clock (${range(byClock)} in the rounds`;
        return `- ${ratio}; ${byProcessor.toFixed(1)} × by processor time) with lines of ${nameOf(logtype)} (${words})`;
      }),
    ),
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- replay`.',
  ];
}

function nameOf(logtype: (typeof LOGTYPES)[number]): string {
  return logtype === 'file' ? 'files' : 'the journal';
}

main();
