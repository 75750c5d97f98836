/**
 * Growth curves: a line's cost over jails, a replay over lines, memory over bans and over sources; each with its plot.
 * Takes `--rounds N`, `--bans N`, `--sources N`; prints the figures, draws docs/plots and writes their section of
 * docs/benchmarks.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineText } from './figures.js';
import { growthOverJails, type JailsGrowth } from './growth-jails.js';
import { growthOverLines, type LinesGrowth } from './growth-lines.js';
import { growthOfMemory, type MemoryGrowth } from './growth-memory.js';
import { writePlot } from './plot.js';
import { writeSection } from './report.js';
import { bothText, LEAST_AND_MEDIAN } from './rounds.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    bans: { type: 'string', default: '100000' },
    sources: { type: 'string', default: '400000' },
  },
});
const rounds = Math.max(1, Number(values.rounds));
const inEnglish = (count: number): string => count.toLocaleString('en');

function aboutJails(grown: readonly JailsGrowth[]): readonly string[] {
  const over = (side: 'theirs' | 'ours' | 'equal'): readonly (readonly [number, number])[] =>
    grown.map((each) => [each.jails, each[side].least]);
  const ofTen = (side: 'theirs' | 'ours' | 'equal'): string => {
    const [ten, hundred] = [10, 100].map((jails) => grown.find((each) => each.jails === jails)?.[side].least);
    return ((hundred ?? Number.NaN) / (ten ?? Number.NaN)).toFixed(1);
  };
  const ours = [
    { name: 'Bailiff, different filters', points: over('ours') },
    { name: 'Bailiff, one filter', points: over('equal') },
  ];
  const axis = { x: 'jails on one log', y: 'µs of processor time a line' };
  return [
    '### Over jails',
    '',
    "Jails on the recorded syslog, the n-th with another of Fail2Ban's stock filters, in both programs; and n jails with Bailiff's own sshd",
    'filter. Microseconds of processor time a line.',
    '',
    '| jails | Fail2Ban, different filters | Bailiff, different filters | Bailiff, one filter |',
    '|---|---|---|---|',
    ...grown.map(
      ({ jails, theirs, ours, equal }) =>
        `| ${jails} | ${bothText(theirs, 1)} | ${bothText(ours, 2)} | ${bothText(equal, 2)} |`,
    ),
    '',
    `A hundred cost ${ofTen('theirs')}, ${ofTen('ours')} and ${ofTen('equal')} times what ten cost; goal: 2.`,
    '',
    writePlot('growth-jails', { title: 'A line over jails', ...axis, axes: 'linear', series: ours }),
    '',
    writePlot('growth-jails-beside', {
      title: 'A line over jails, beside Fail2Ban',
      ...axis,
      axes: 'logarithmic',
      series: [...ours, { name: 'Fail2Ban, different filters', points: over('theirs') }],
    }),
  ];
}

function aboutLines(grown: readonly LinesGrowth[]): readonly string[] {
  const over = (side: 'wall' | 'cpu'): readonly (readonly [number, number])[] =>
    grown.map((each) => [each.lines, each[side].least]);
  return [
    '### Over lines',
    '',
    '`bailiff replay` of the recorded journals and error logs, each repetition a day later; the whole way, start included. Seconds.',
    '',
    '| lines | by the clock | of the processor |',
    '|---|---|---|',
    ...grown.map(
      ({ lines, wall, cpu }) => `| ${inEnglish(lines)} | ${bothText(wall, 2)} | ${bothText(cpu, 2)} |`,
    ),
    '',
    writePlot('growth-lines', {
      title: 'A replay over lines',
      x: 'lines',
      y: 'seconds',
      axes: 'linear',
      series: [
        { name: 'by the clock', points: over('wall') },
        { name: 'of the processor', points: over('cpu') },
      ],
    }),
  ];
}

function aboutMemory(bans: readonly MemoryGrowth[], sources: readonly MemoryGrowth[]): readonly string[] {
  const points = (grown: readonly MemoryGrowth[]): readonly (readonly [number, number])[] =>
    grown.map(({ count, anonMiB }) => [count, anonMiB]);
  const row = (what: string, grown: readonly MemoryGrowth[]): string =>
    `| ${what} | ${grown.map(({ count, anonMiB }) => `${inEnglish(count)}: ${anonMiB.toFixed(0)}`).join(', ')} |`;
  return [
    '### Over bans and sources',
    '',
    'MiB of RssAnon of the daemon on a followed file, some seconds after each quarter was heard: IPv6 addresses of another /64 each, 3',
    'lines for a ban; sources fail once and are not banned. One run: what the collector has not come to yet is in it.',
    '',
    '| what | MiB |',
    '|---|---|',
    row('bans', bans),
    row('sources', sources),
    '',
    writePlot('growth-memory', {
      title: 'Memory over bans and sources',
      x: 'addresses',
      y: 'MiB of RssAnon',
      axes: 'linear',
      series: [
        { name: 'banned addresses', points: points(bans) },
        { name: 'addresses that failed once', points: points(sources) },
      ],
    }),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
try {
  const jails = await growthOverJails(folder, rounds);
  const lines = growthOverLines(folder, rounds);
  const bans = await growthOfMemory('bans', Number(values.bans));
  const sources = await growthOfMemory('sources', Number(values.sources));
  writeSection('growth', [
    '## Growth',
    '',
    LEAST_AND_MEDIAN,
    'The plots show the least.',
    '',
    ...aboutJails(jails),
    '',
    ...aboutLines(lines),
    '',
    ...aboutMemory(bans, sources),
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- growth`.',
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
