/**
 * Fail2Ban's stock filters through Bailiff's engine beside Fail2Ban's own matching, on the same lines in the same run.
 * First on the recorded lines of sshd, Postfix and Dovecot, then each filter on Fail2Ban's sample log of it. Takes
 * `--runs N` and `--filter NAME`; holds that both find the same; prints the figures and writes their section.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../src/config/configuration.js';
import { type Fail2BanPackage, fetchFail2Ban } from './fail2ban-package.js';
import { Fail2BanMatching, type Found } from './fail2ban-rounds.js';
import { machineText, median, percentile } from './figures.js';
import { CHUNK_BYTES, foundIn, Hearing } from './hearing.js';
import { writeStockJails } from './jails-on-logs.js';
import { recordedLines } from './recorded-lines.js';
import { writeSection } from './report.js';
import { bothText, inRounds, LEAST_AND_MEDIAN, type Measured, timesText } from './rounds.js';

/** Each log is repeated to so many lines: Fail2Ban's takes a second then. */
const LEAST_LINES = 20_000;
const LEAST_SAMPLE_LINES = 2000;

type Logs = ReadonlyMap<string, readonly string[]>;

interface Row {
  readonly name: string;
  readonly lines: number;
  readonly hits: number;
  readonly theirs: Measured;
  readonly ours: Measured;
  readonly isEqual: boolean;
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, filter: { type: 'string' } },
});
const runs = Math.max(1, Number(values.runs));
process.env['TZ'] = 'UTC';

/** A jail with Fail2Ban's filter for each log, in a folder of its own; gives the rows in turn. */
async function measure(
  installed: Fail2BanPackage,
  folder: string,
  logs: Logs,
  leastLines: number,
): Promise<readonly [Fail2BanMatching, readonly Row[]]> {
  const logOf = (name: string): string => join(folder, `${name}.log`);
  const jails = [...logs.keys()].map((name) => ({ name, filter: name, log: logOf(name) }));
  writeStockJails(installed, folder, jails);
  const theirs = await Fail2BanMatching.open(installed, folder);
  const { jails: options } = loadConfiguration({ configDirectory: folder, asFail2ban: true });
  const rows: Row[] = [];
  for (const jail of options) {
    const { name } = jail;
    const texts = logs.get(name) ?? [];
    const once = texts.map((text) => `${text}\n`).join('');
    writeFileSync(logOf(name), once);
    const { found } = await theirs.pass([name], logOf(name));
    const ours = foundIn([jail], texts);
    const isEqual = JSON.stringify(sorted(ours)) === JSON.stringify(sorted(found));
    if (!isEqual)
      process.stderr.write(
        `${name}: theirs ${JSON.stringify(sorted(found))}\n   ours ${JSON.stringify(sorted(ours))}\n`,
      );
    const long = join(folder, `${name}-long.log`);
    writeFileSync(long, once.repeat(Math.ceil(leastLines / texts.length)));
    const hearing = new Hearing([jail], texts).warm();
    const sides = await inRounds(runs, {
      theirs: () => theirs.perLine([name], long),
      ours: () => hearing.perLine(),
    });
    const hits = Object.values(ours).reduce((sum, count) => sum + count, 0);
    rows.push({ name, lines: texts.length, hits, ...sides, isEqual });
  }
  await theirs.close();
  return [theirs, rows];
}

function sorted(found: Found): readonly (readonly [string, number])[] {
  return Object.entries(found)
    .filter(([id]) => !/^(?:\d+\.)*0\d+(?:\.\d+)*$/.test(id))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Of every stock filter that has one: the lines of its sample log. */
function sampleLogs({ configuration, tests }: Fail2BanPackage): Logs {
  const folder = join(tests, 'files', 'logs');
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(configuration, 'filter.d', `${name}.conf`)),
  );
  return new Map(
    names.flatMap((name) => {
      const lines = readFileSync(join(folder, name), 'utf8').split(/\r?\n/);
      const texts = lines.filter((line) => !/^(?:#|\s*$)/.test(line));
      return texts.length === 0 ? [] : [[name, texts] as const];
    }),
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  try {
    const installed = fetchFail2Ban(folder);
    const only = (logs: Logs): Logs =>
      new Map([...logs].filter(([name]) => values.filter === undefined || name === values.filter));
    const [theirs, recorded] = await measure(
      installed,
      join(folder, 'recorded'),
      only(recordedLines()),
      LEAST_LINES,
    );
    const [, samples] = await measure(
      installed,
      join(folder, 'samples'),
      only(sampleLogs(installed)),
      LEAST_SAMPLE_LINES,
    );
    const lines = report(theirs, recorded, samples);
    process.stdout.write(samples.map((each) => `${row(each)}\n`).join(''));
    if (values.filter === undefined) writeSection('stock', lines);
    else process.stdout.write(`${lines.join('\n')}\n`);
    if ([...recorded, ...samples].some(({ isEqual }) => !isEqual)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The logs of all filters one after the other. */
function together(rows: readonly Row[]): Row {
  const sum = (value: (each: Row) => number): number => rows.reduce((total, each) => total + value(each), 0);
  const lines = sum((each) => each.lines);
  const side = (name: 'theirs' | 'ours'): Measured => ({
    least: sum((each) => each[name].least * each.lines) / lines,
    median: sum((each) => each[name].median * each.lines) / lines,
  });
  return {
    name: 'all of them',
    lines,
    hits: sum(({ hits }) => hits),
    theirs: side('theirs'),
    ours: side('ours'),
    isEqual: rows.every(({ isEqual }) => isEqual),
  };
}

const ratio = ({ theirs, ours }: Row): number => theirs.least / ours.least;

function row(each: Row): string {
  const { name, lines, hits, theirs, ours } = each;
  const rate = Math.round(1e6 / ours.least).toLocaleString('en');
  return `| ${name} | ${lines} | ${hits} | ${bothText(theirs, 1)} | ${bothText(ours, 2)} | ${rate} | ${timesText(theirs, ours)} |`;
}

function report(
  theirs: Fail2BanMatching,
  recorded: readonly Row[],
  samples: readonly Row[],
): readonly string[] {
  const ratios = samples.map(ratio);
  const head = [
    '| filter | lines | hits | Fail2Ban, µs a line | Bailiff, µs a line | Bailiff, lines a second | × |',
    '|---|---|---|---|---|---|---|',
  ];
  const differing = [...recorded, ...samples].filter(({ isEqual }) => !isEqual).map(({ name }) => name);
  return [
    "## Fail2Ban's own filters through Bailiff's engine",
    '',
    `The filters of Fail2Ban ${theirs.version} as they are, on the same lines in the same run, one thread each, processor time,`,
    `${runs} rounds in which both take turns. Fail2Ban on Python ${theirs.python}: \`processLine\` for each line; Bailiff: \`Ears.hearFile\` for each chunk of ${CHUNK_BYTES >> 10} KiB.`,
    'Lines of files, so both read the date from the text. Neither counts, stores or acts.',
    LEAST_AND_MEDIAN,
    differing.length === 0
      ? 'Both found the same addresses, each as often.'
      : `They differ in what they found: ${differing.join(', ')}.`,
    '',
    "The recorded lines of each daemon in `recordings/debian13`, with rsyslog's stamp in front; all of them are the daemon's own:",
    '',
    ...head,
    ...recorded.map(row),
    row(together(recorded)),
    '',
    `Fail2Ban's sample log of each of ${samples.length} filters, a few lines each, nearly all of them hits, every one with a stamp of another year:`,
    `least ${Math.min(...ratios).toFixed(1)} ×, a tenth below ${percentile(ratios, 10).toFixed(1)} ×, median ${median(ratios).toFixed(1)} ×.`,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- stock`.',
  ];
}

await main();
