/**
 * How fast a journal is read: `journalctl -o export > /dev/null` as the limit, the same export taken by Bailiff's reader,
 * libsystemd's calls, and a whole replay. Takes `--rounds N`; prints the figures and writes their section of
 * docs/benchmarks.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../src/config/configuration.js';
import { packageRoot } from '../src/lib/package-root.js';
import { machineText } from './figures.js';
import { type JournalFiles, writeJournal } from './journal-files.js';
import { type Side, SIDES, sidesOf } from './journal-sides.js';
import { writeSection } from './report.js';
import { bothText, inRounds, LEAST_AND_MEDIAN, type Measured } from './rounds.js';

const REPETITIONS = 14;
const POLICY = join(packageRoot, 'config', 'policy');

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Math.max(1, Number(values.rounds));

const WORDS: Readonly<Record<Side, string>> = {
  journalctl: '`journalctl -o export > /dev/null`',
  export: 'what is old: journalctl, its export taken',
  library: 'what is new: libsystemd, call by call',
  replay: '`bailiff replay --journal`, start included',
};

function report(
  { entries, bytes }: JournalFiles,
  sides: Readonly<Record<Side, Measured>>,
): readonly string[] {
  const { journalctl } = sides;
  const percent = (limit: number, own: number): string => ((limit / own) * 100).toFixed(0);
  return [
    '## Reading a journal',
    '',
    `The recorded entries of two mail hosts, ${entries.toLocaleString('en')} of them in ${Math.round(bytes / 2 ** 20)} MiB, in a file written by`,
    "systemd-journal-remote with every field of the recording. Microseconds by the clock for each entry, from the first to the last; Bailiff's",
    "readers give lines with the routes of the guide's jails, a replay matches, counts and bans as well. Share: of journalctl's own rate.",
    LEAST_AND_MEDIAN,
    '',
    '| what | µs an entry | entries a second | share, % |',
    '|---|---|---|---|',
    ...SIDES.map((side) => {
      const own = sides[side];
      const share = `${percent(journalctl.least, own.least)} (${percent(journalctl.median, own.median)})`;
      const rate = Math.round(1e6 / own.least).toLocaleString('en');
      return `| ${WORDS[side]} | ${bothText(own, 2)} | ${rate} | ${share} |`;
    }),
    '',
    `${rounds} rounds. Goal: what is old at 80 % of journalctl's rate.`,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- journal-reading`.',
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
try {
  const journal = writeJournal(folder, REPETITIONS);
  const { jails } = loadConfiguration({ configDirectory: POLICY, asFail2ban: false });
  const sides = await inRounds(rounds, sidesOf(journal, { directory: POLICY, options: jails }));
  writeSection('journal-reading', report(journal, sides));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
