/**
 * Fail2Ban's stock filters through Bailiff's engine beside Fail2Ban's own matching, on the same lines in the same run.
 * First on the recorded lines of sshd, Postfix and Dovecot, then each filter on Fail2Ban's sample log of it. Takes
 * `--runs N` and `--filter NAME`; holds that both find the same; prints the figures and writes their section.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../src/config/configuration.js';
import type { Batch } from '../src/jail/batch.js';
import { Ears } from '../src/jail/ears.js';
import type { JailOptions } from '../src/jail/options.js';
import { packageRoot } from '../src/lib/package-root.js';
import { tableOfTexts } from '../src/source/line-table-builder.js';
import type { Lines } from '../src/source/lines.js';
import { type Fail2BanPackage, fetchFail2Ban } from './fail2ban-package.js';
import { machineText, median, percentile } from './figures.js';
import { recordedLines } from './recorded-lines.js';
import { writeSection } from './report.js';

/** Bytes a chunk, as a followed file is read. */
const CHUNK_BYTES = 64 << 10;
/** A log is repeated to so many lines, so that chunks are whole. */
const LEAST_OWN_LINES = 2000;
/** Each log is repeated to so many lines: Fail2Ban's takes a second then. */
const LEAST_LINES = 20_000;
const LEAST_SAMPLE_LINES = 2000;
/** How long is timed in one go, so that the clock's grain and a collection are small in it. */
const LEAST_SECONDS = 0.1;
/** Until the compiler has done its work. */
const WARM_SECONDS = 1.5;

type Logs = ReadonlyMap<string, readonly string[]>;

interface Theirs {
  readonly version: string;
  readonly python: string;
  readonly jails: Readonly<{ [name: string]: { readonly perLine: number; readonly found: Found } }>;
}

/** Address or id → how often. `192.030.0.6` is an address to Fail2Ban, and refused here. */
type Found = Readonly<{ [id: string]: number }>;

interface Row {
  readonly name: string;
  readonly lines: number;
  readonly hits: number;
  readonly theirs: number;
  readonly ours: number;
  readonly isEqual: boolean;
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, filter: { type: 'string' } },
});
const runs = Math.max(1, Number(values.runs));
process.env['TZ'] = 'UTC';

/** A configuration with Fail2Ban's filters and a jail for each log, in a folder of its own. */
function configure(installed: Fail2BanPackage, folder: string, logs: Logs): void {
  mkdirSync(folder, { recursive: true });
  const jails = [...logs].map(([name, texts]) => {
    const path = join(folder, `${name}.log`);
    writeFileSync(path, texts.map((text) => `${text}\n`).join(''));
    return `[${name}]\nfilter = ${name}\nlogpath = ${path}\n`;
  });
  const common = '[DEFAULT]\nenabled = true\nbackend = polling\nusedns = no\naction =\nmaxmatches = 1\n';
  writeFileSync(join(folder, 'jail.conf'), common + jails.join(''));
  execFileSync('cp', ['-r', join(installed.configuration, 'filter.d'), folder]);
  writeFileSync(join(folder, 'fail2ban.conf'), readFileSync(join(installed.configuration, 'fail2ban.conf')));
}

function fail2ban({ pythonPath }: Fail2BanPackage, folder: string, leastLines: number): Theirs {
  const program = join(packageRoot, 'bench', 'fail2ban-logs.py');
  const text = execFileSync('python3', [program, pythonPath, folder, folder, String(runs), String(leastLines)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  }); // prettier-ignore
  // A parse boundary: the script beside this file writes exactly this.
  return JSON.parse(text) as Theirs;
}

/** Microseconds of processor time a line, and what was found in the first pass. */
function bailiff(jail: JailOptions, texts: readonly string[]): { perLine: number; found: Found } {
  const nowMs = Date.now();
  const ears = new Ears({
    jails: [jail],
    states: new Map(),
    heardBefore: new Set([jail.name]),
    sinceMs: () => -Infinity,
    now: () => nowMs,
    keepsStates: false,
  });
  ears.warm();
  const found = foundIn(chunksOf(texts).map((chunk) => ears.hearFile(chunk, [jail.name])));
  const repeated = Array.from({ length: Math.ceil(LEAST_OWN_LINES / texts.length) }, () => texts).flat();
  const chunks = chunksOf(repeated);
  const pass = (): number => {
    const before = process.cpuUsage();
    for (const chunk of chunks) ears.hearFile(chunk, [jail.name]);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const inOneGo = (): number => {
    let [seconds, passes] = [0, 0];
    for (; seconds < LEAST_SECONDS; passes += 1) seconds += pass();
    return (seconds / passes / repeated.length) * 1e6;
  };
  for (let seconds = 0; seconds < WARM_SECONDS;) seconds += pass();
  return { perLine: Math.min(...Array.from({ length: 3 * runs }, inOneGo)), found };
}

function chunksOf(texts: readonly string[]): readonly Lines[] {
  const chunks: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    bytes += text.length + 1;
    if (bytes > CHUNK_BYTES) {
      chunks.push([]);
      bytes = text.length + 1;
    }
    chunks.at(-1)?.push(text);
  }
  return chunks.map((each) => ({
    source: 'file:log',
    kind: 'file',
    lines: tableOfTexts(each),
    routes: [],
    place: '',
  }));
}

function foundIn(batches: readonly Batch[]): Found {
  const found: { [id: string]: number } = {};
  for (const { heard } of batches)
    for (const { match } of heard) {
      if (match.kind !== 'failure' || match.hostName !== undefined) continue;
      const { id } = match;
      found[id] = (found[id] ?? 0) + 1;
    }
  return found;
}

function measure(
  installed: Fail2BanPackage,
  folder: string,
  logs: Logs,
  leastLines: number,
): readonly [Theirs, readonly Row[]] {
  configure(installed, folder, logs);
  const theirs = fail2ban(installed, folder, leastLines);
  const { jails } = loadConfiguration({ configDirectory: folder, asFail2ban: true });
  const rows = jails.flatMap((jail): Row[] => {
    const texts = logs.get(jail.name);
    const other = theirs.jails[jail.name];
    if (texts === undefined || other === undefined) return [];
    const ours = bailiff(jail, texts);
    const sum = (found: Found): number => Object.values(found).reduce((a, b) => a + b, 0);
    const isEqual = JSON.stringify(sorted(ours.found)) === JSON.stringify(sorted(other.found));
    if (!isEqual)
      process.stderr.write(
        `${jail.name}: theirs ${JSON.stringify(sorted(other.found))}\n   ours ${JSON.stringify(sorted(ours.found))}\n`,
      );
    return [
      {
        name: jail.name,
        lines: texts.length,
        hits: sum(ours.found),
        theirs: other.perLine,
        ours: ours.perLine,
        isEqual,
      },
    ];
  });
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

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
  try {
    const installed = fetchFail2Ban(folder);
    const only = (logs: Logs): Logs =>
      new Map([...logs].filter(([name]) => values.filter === undefined || name === values.filter));
    const [theirs, recorded] = measure(
      installed,
      join(folder, 'recorded'),
      only(recordedLines()),
      LEAST_LINES,
    );
    const [, samples] = measure(
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
  return {
    name: 'all of them',
    lines,
    hits: sum(({ hits }) => hits),
    theirs: sum((each) => each.theirs * each.lines) / lines,
    ours: sum((each) => each.ours * each.lines) / lines,
    isEqual: rows.every(({ isEqual }) => isEqual),
  };
}

const ratio = ({ theirs, ours }: Row): number => theirs / ours;

function row(each: Row): string {
  const rate = Math.round(1e6 / each.ours).toLocaleString('en');
  return `| ${each.name} | ${each.lines} | ${each.hits} | ${each.theirs.toFixed(1)} | ${each.ours.toFixed(2)} | ${rate} | ${ratio(each).toFixed(1)} |`;
}

function report(theirs: Theirs, recorded: readonly Row[], samples: readonly Row[]): readonly string[] {
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
    `the least of ${runs} runs on both sides. Fail2Ban on Python ${theirs.python}: \`processLine\` for each line; Bailiff: \`Ears.hearFile\` for each chunk of ${CHUNK_BYTES >> 10} KiB.`,
    'Lines of files, so both read the date from the text. Neither counts, stores or acts.',
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

main();
