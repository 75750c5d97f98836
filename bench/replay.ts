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

/** Microseconds a line, each pair of a small and a large run one value. */
function perLine(small: Corpus, large: Corpus): { readonly cpu: number[]; readonly wall: number[] } {
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = replay(small);
    const after = replay(large);
    const lines = large.lines - small.lines;
    cpu.push(((after.cpuSeconds - before.cpuSeconds) / lines) * 1e6);
    wall.push(((after.wallSeconds - before.wallSeconds) / lines) * 1e6);
  }
  return { cpu, wall };
}

function fail2ban(installed: Fail2BanPackage, corpus: Corpus, logtype: 'journal' | 'file'): Fail2BanReport {
  const program = join(packageRoot, 'bench', 'fail2ban-matching.py');
  const words = [installed.pythonPath, installed.configuration, corpus.exportPath, corpus.errorLogPath];
  const text = execFileSync('python3', [program, ...words, String(runs), logtype], { encoding: 'utf8' });
  return JSON.parse(text) as Fail2BanReport;
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  try {
    const installed = fetchFail2Ban(folder);
    copyFileSync(join(POLICY, 'jail.local'), join(installed.configuration, 'jail.local'));
    const once = writeCorpus(folder, 1, false);
    const theirs = (['journal', 'file'] as const).map((logtype) => {
      const report = fail2ban(installed, once, logtype);
      return { logtype, report, perLine: median(report.seconds.map((each) => (each / report.lines) * 1e6)) };
    });
    const ours = [false, true].map((shifted) => {
      const small = writeCorpus(folder, SMALL, shifted);
      const large = writeCorpus(folder, LARGE, shifted);
      const { cpu, wall } = perLine(small, large);
      return { shifted, small, large, cpu: median(cpu), wall: median(wall) };
    });
    writeSection('replay', report(theirs, ours));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  theirs: readonly { readonly logtype: string; readonly report: Fail2BanReport; readonly perLine: number }[],
  ours: readonly {
    readonly shifted: boolean;
    readonly small: Corpus;
    readonly large: Corpus;
    readonly cpu: number;
    readonly wall: number;
  }[],
): readonly string[] {
  const version = theirs[0]?.report;
  const rate = (microseconds: number): string => Math.round(1e6 / microseconds).toLocaleString('en');
  const [small, large] = [ours[0]?.small, ours[0]?.large].map((corpus) =>
    Math.round((corpus?.bytes ?? 0) / 1e6),
  );
  return [
    '## Replay, the whole way',
    '',
    `The recorded journals and Apache logs of \`recordings/debian13\`, repeated to ${small} MB and ${large} MB; a line's`,
    `cost is the slope between the two. Fail2Ban ${version?.version} on Python ${version?.python}: \`processLine\` alone, for`,
    'each line and each jail that hears it, without reading, counting, database or actions; lines from the journal',
    'bring their time, those of files have it read from the text. The same jails on both sides. Medians of',
    `${runs} runs. A replay reads in one thread and hears in another; Fail2Ban's matching is one thread.`,
    '',
    '| what | µs a line, processor | µs a line, clock | lines a second |',
    '|---|---|---|---|',
    ...theirs.map(
      (each) =>
        `| Fail2Ban, matching alone, lines of ${each.logtype === 'file' ? 'files' : 'the journal'} | ${each.perLine.toFixed(2)} | | ${rate(each.perLine)} |`,
    ),
    ...ours.map(
      (each) =>
        `| \`bailiff replay\`, ${each.shifted ? 'each repetition a day later' : 'the same times again'} | ${each.cpu.toFixed(2)} | ${each.wall.toFixed(2)} | ${rate(each.wall)} |`,
    ),
    '',
    ...ours.flatMap((mine) =>
      theirs.map(
        (each) =>
          `- ${(each.perLine / mine.wall).toFixed(1)} × Fail2Ban by the clock (${(each.perLine / mine.cpu).toFixed(1)} × by processor time) with lines of ${each.logtype === 'file' ? 'files' : 'the journal'} (${mine.shifted ? 'each repetition a day later' : 'the same times again'})`,
      ),
    ),
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- replay`.',
  ];
}

main();
