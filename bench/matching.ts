/**
 * Matching, filter by filter: the recorded lines of each daemon, hits, misses and as they came, through our filters beside
 * Fail2Ban's, SSHGuard's parser and `grep -c` for the same texts, in rounds. Takes `--rounds N` and `--only NAME`; prints
 * the figures and writes their section of docs/benchmarks.md.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JailOptions } from '../src/jail/options.js';
import { machineText } from './figures.js';
import { partedByHits } from './hearing.js';
import { type Compared, comparedPrograms } from './matching-programs.js';
import { type Side, sidesOf } from './matching-sides.js';
import { writeSection } from './report.js';
import { bothText, inRounds, LEAST_AND_MEDIAN, type Measured, timesText } from './rounds.js';

interface Row {
  readonly name: string;
  readonly part: string;
  readonly lines: number;
  readonly sides: Readonly<Record<Side, Measured>>;
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' } },
});
const rounds = Math.max(1, Number(values.rounds));
process.env['TZ'] = 'UTC';
/** Fewer lines are too few to tell anything. */
const LEAST_PART = 20;

async function rowsOf(
  { theirs, sshguard }: Compared,
  folder: string,
  name: string,
  jails: readonly JailOptions[],
  texts: readonly string[],
): Promise<readonly Row[]> {
  const { hits, misses } = partedByHits(jails, texts);
  const rows: Row[] = [];
  const parts = [
    ['as they came', texts],
    ['hits', hits],
    ['misses', misses],
  ] as const;
  for (const [part, lines] of parts) {
    if (lines.length < LEAST_PART) continue;
    const log = { name: `${name} ${part}`, folder, texts: lines, jails, theirs, sshguard };
    const sides = await inRounds(rounds, sidesOf(log));
    const row = { name, part, lines: lines.length, sides };
    process.stderr.write(`${textOf(row)}\n`);
    rows.push(row);
  }
  return rows;
}

function textOf({ name, part, lines, sides }: Row): string {
  const { fail2ban, sshguard, grepF, grepE, bailiff, bailiffReading } = sides;
  const costs = [fail2ban, sshguard].map((side) => bothText(side, 2));
  const small = [grepF, grepE, bailiff, bailiffReading].map((side) => bothText(side, 3));
  const grep = grepF.least < grepE.least ? grepF : grepE;
  const ratios = [
    timesText(fail2ban, bailiff),
    timesText(sshguard, bailiffReading),
    timesText(bailiffReading, grep),
  ];
  return `| ${[name, part, lines, ...costs, ...small, ...ratios].join(' | ')} |`;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  mkdirSync(join(folder, 'logs'));
  const compared = await comparedPrograms(folder);
  try {
    const rows: Row[] = [];
    for (const { name, jails, texts } of compared.logs)
      if (values.only === undefined || values.only === name)
        rows.push(...(await rowsOf(compared, join(folder, 'logs'), name, jails, texts)));
    if (values.only === undefined) writeSection('matching', report(compared, rows));
  } finally {
    await compared.theirs.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ theirs }: Compared, rows: readonly Row[]): readonly string[] {
  return [
    '## Matching, filter by filter',
    '',
    "The recorded lines of each daemon with rsyslog's stamp in front, Apache's error logs, and the whole syslog with the filters of",
    'all four jails on it; microseconds of processor time a line. The lines as they came, those that bring a failure, and the rest.',
    `Fail2Ban ${theirs.version} on Python ${theirs.python}: \`processLine\` of its own filters, once for each jail; Bailiff with its own`,
    'filters: `Ears.hearFile`, once for all jails; both get lines that were made beforehand and read the date from the text.',
    '"from the file" adds opening, reading, splitting and decoding, as SSHGuard 2.4.2\'s `sshg-parser` and grep do it. `grep -c` looks',
    'for the texts of which our filters need one in a line, as fixed strings (`-F -f`) and as one expression (`-E`), in the C locale.',
    LEAST_AND_MEDIAN,
    '',
    '| filter | lines | number | Fail2Ban | SSHGuard | grep -F | grep -E | Bailiff | from the file | × Fail2Ban | from the file × SSHGuard | × the time of the faster grep |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(textOf),
    '',
    `${rounds} rounds. Goals for the lines as they came: at least 60 × Fail2Ban, 8 × SSHGuard, at most 5 × grep's time.`,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- matching`.',
  ];
}

await main();
