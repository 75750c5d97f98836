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
import { spent, type Spent } from './spent.js';

/** Of 7.5 MB each. The smaller size is large enough that the compiler has done its work by then. */
const SMALL = 14;
const LARGE = 84;
const POLICY = join(packageRoot, 'config', 'policy');

interface Fail2BanReport {
  readonly version: string;
  readonly python: string;
  readonly lines: number;
  readonly seconds: readonly number[];
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } } });
const runs = Math.max(1, Number(values.runs));

function replay(corpus: Corpus): Spent {
  const main = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
  const words = ['replay', '--json', '--config', POLICY, '--journal-export', corpus.exportPath];
  return spent([process.execPath, main, ...words, '--log', `apache-auth=${corpus.errorLogPath}`]);
}

/** What a line costs, microseconds. */
interface PerLine {
  readonly cpu: number;
  readonly wall: number;
}

interface Sizes<T> {
  readonly small: T;
  readonly large: T;
}

/** The slope between a small and a large run. */
function perLine(spent: Sizes<Spent>, corpora: Sizes<Corpus>): PerLine {
  const lines = corpora.large.lines - corpora.small.lines;
  return {
    cpu: ((spent.large.cpuSeconds - spent.small.cpuSeconds) / lines) * 1e6,
    wall: ((spent.large.wallSeconds - spent.small.wallSeconds) / lines) * 1e6,
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
  readonly same: Sizes<Spent>;
  readonly shifted: Sizes<Spent>;
}

type Kind = 'same' | 'shifted';
type Corpora = Readonly<Record<Kind, Sizes<Corpus>>>;

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  try {
    const installed = fetchFail2Ban(folder);
    copyFileSync(join(POLICY, 'jail.local'), join(installed.configuration, 'jail.local'));
    const once = writeCorpus(folder, 1, false);
    const sizes = (isShifted: boolean): Sizes<Corpus> => ({
      small: writeCorpus(folder, SMALL, isShifted),
      large: writeCorpus(folder, LARGE, isShifted),
    });
    const corpora: Corpora = { same: sizes(false), shifted: sizes(true) };
    // What the disk still has to write would be written beside the measuring.
    spawnSync('sync');
    const versions = fail2ban(installed, once, 'journal');
    const theirs = (logtype: (typeof LOGTYPES)[number]): number => {
      const { seconds, lines } = fail2ban(installed, once, logtype);
      return (median(seconds) / lines) * 1e6;
    };
    const rounds = Array.from({ length: runs }, (): Round => ({
      theirs: { journal: theirs('journal'), file: theirs('file') },
      same: { small: replay(corpora.same.small), large: replay(corpora.same.large) },
      shifted: { small: replay(corpora.shifted.small), large: replay(corpora.shifted.large) },
    }));
    writeSection('replay', report(versions, rounds, corpora));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const KINDS = [
  ['same', 'the same times again'],
  ['shifted', 'each repetition a day later'],
] as const;

/** The least of each size by itself: what the machine does when its neighbours leave it alone. */
function leastOf(runsOfSizes: readonly Sizes<Spent>[]): Sizes<Spent> {
  const least = (size: keyof Sizes<Spent>): Spent => ({
    cpuSeconds: Math.min(...runsOfSizes.map((each) => each[size].cpuSeconds)),
    wallSeconds: Math.min(...runsOfSizes.map((each) => each[size].wallSeconds)),
  });
  return { small: least('small'), large: least('large') };
}

function report(
  { version, python }: Fail2BanReport,
  rounds: readonly Round[],
  corpora: Corpora,
): readonly string[] {
  const [small, large] = [corpora.same.small, corpora.same.large].map(({ bytes }) => Math.round(bytes / 1e6));
  const range = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
  const theirs = (logtype: (typeof LOGTYPES)[number]): readonly number[] =>
    rounds.map((round) => round.theirs[logtype]);
  const ours = (kind: Kind): readonly PerLine[] => rounds.map((round) => perLine(round[kind], corpora[kind]));
  const least = (kind: Kind): PerLine => perLine(leastOf(rounds.map((round) => round[kind])), corpora[kind]);
  const cell = (values: readonly number[], smallest: number): string =>
    `${median(values).toFixed(2)} | ${smallest.toFixed(2)}`;
  return [
    '## Replay, the whole way',
    '',
    `The recorded journals and Apache logs of \`recordings/debian13\`, repeated to ${small} MB and ${large} MB; a line's`,
    `cost is the slope between the two. Fail2Ban ${version} on Python ${python}: \`processLine\` alone, for`,
    'each line and each jail that hears it, without reading, counting, database or actions; lines from the journal',
    'bring their time, those of files have it read from the text. The same jails on both sides.',
    `${runs} rounds, in each of which both run one after the other: the median of the rounds, and the least of each side, which is`,
    'what the machine does when its neighbours leave it alone. A replay reads in one thread and hears in another;',
    "Fail2Ban's matching is one thread.",
    '',
    '| µs a line | clock, median | clock, least | processor, median | processor, least |',
    '|---|---|---|---|---|',
    ...LOGTYPES.map((logtype) => {
      const costs = cell(theirs(logtype), Math.min(...theirs(logtype)));
      return `| Fail2Ban, matching alone, lines of ${nameOf(logtype)} | ${costs} | ${costs} |`;
    }),
    ...KINDS.map(([kind, words]) => {
      const wall = cell(
        ours(kind).map((each) => each.wall),
        least(kind).wall,
      );
      const cpu = cell(
        ours(kind).map((each) => each.cpu),
        least(kind).cpu,
      );
      return `| \`bailiff replay\`, ${words} | ${wall} | ${cpu} |`;
    }),
    '',
    ...KINDS.flatMap(([kind, words]) =>
      LOGTYPES.map((logtype) => {
        const byRound = ours(kind).map(({ wall }, round) => (theirs(logtype)[round] ?? Number.NaN) / wall);
        const undisturbed = Math.min(...theirs(logtype)) / least(kind).wall;
        const ratio = `${median(byRound).toFixed(1)} × Fail2Ban by the clock (${range(byRound)} in the rounds`;
        return `- ${ratio}; least by least ${undisturbed.toFixed(1)} ×) with lines of ${nameOf(logtype)} (${words})`;
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
