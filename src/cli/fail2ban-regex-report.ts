/**
 * The summary that `fail2ban-regex` prints: results of each expression, date templates, lines.
 * Takes a tally and the trial; gives lines of text. Source: the output of fail2ban-regex 1.1.0.
 */
import type { RegexTrial } from '../jail/regex-trial.js';
import type { RegexOptions } from './fail2ban-regex-options.js';
import type { Hit, LineKind, RegexTally } from './fail2ban-regex-tally.js';
import { fieldsRepr } from './field-repr.js';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function regexReport(
  trial: RegexTrial,
  tally: RegexTally,
  options: RegexOptions,
  elapsedMs: number,
): readonly string[] {
  const { tested, ignored, matched, missed } = tally.counts;
  return [
    '',
    'Results',
    '=======',
    ...prefregex(trial, tally, options),
    ...expressions('Failregex', trial.failregex, tally.failHits, options, tally.hits),
    ...expressions('Ignoreregex', trial.ignoreregex, tally.ignoreHits, options),
    ...templates(trial, options),
    '',
    `Lines: ${tested} lines, ${ignored} ignored, ${matched} matched, ${missed} missed`,
    `[processed in ${(elapsedMs / 1000).toFixed(2)} sec]`,
    '',
    ...(options.printAll.has('matched') ? linesOf('matched', trial, tally, options) : []),
    ...(options.printNo.has('ignored') ? [] : linesOf('ignored', trial, tally, options)),
    ...(options.printNo.has('missed') ? [] : linesOf('missed', trial, tally, options)),
  ];
}

/** A box of lines; nothing where there are none. */
function box(lines: readonly string[], header?: string): readonly string[] {
  if (lines.length === 0) return [];
  return [...(header === undefined ? [] : [`|- ${header}`]), ...lines.map((line) => `|  ${line}`), '`-'];
}

function prefregex(
  { prefregex: stated }: RegexTrial,
  tally: RegexTally,
  { verbose }: RegexOptions,
): readonly string[] {
  if (stated === undefined) return [];
  const groups = verbose === 0 ? [] : tally.prefixes;
  return [
    '',
    `Prefregex: ${tally.prefixed} total`,
    ...box([stated, ...groups.map((each) => `    ${each === '...' ? each : fieldsRepr(each)}`)]),
  ];
}

function expressions(
  title: string,
  texts: readonly string[],
  counts: readonly number[],
  { verbose }: RegexOptions,
  hits: readonly (readonly Hit[])[] = [],
): readonly string[] {
  const shown = texts.flatMap((text, index) => {
    const count = counts[index] ?? 0;
    if (count === 0 && verbose === 0) return [];
    const found = verbose === 0 ? [] : (hits[index] ?? []);
    return [`${String(index + 1).padStart(2)}) [${count}] ${text}`, ...found.map(hitText)];
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return ['', `${title}: ${total} total`, ...box(shown, ' #) [# of hits] regular expression')];
}

function hitText({ finding, again }: Hit): string {
  const at = new Date(finding.time === undefined ? Date.now() : finding.time.seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const day = `${DAYS[at.getDay()] ?? ''} ${MONTHS[at.getMonth()] ?? ''} ${two(at.getDate())}`;
  const note = again ? ' (multiple regex matched)' : '';
  return `    ${finding.id ?? 'None'}  ${day} ${clock} ${at.getFullYear()}${note}`;
}

function templates({ templates: ranked }: RegexTrial, options: RegexOptions): readonly string[] {
  if (ranked === undefined) return [];
  const shown = ranked.all.flatMap((each) => {
    if (each.hits === 0 && options.verbose === 0) return [];
    const line = `[${each.hits}] ${each.name}`;
    if (!options.verboseDate) return [line];
    const weight = (each.hits * each.worth) / Math.max(1, each.distance);
    return [
      line,
      `    # weight: ${weight.toFixed(3)} (${each.worth.toFixed(3)}), pattern: ${each.pattern}`,
      `    # regex:   ${each.stated}`,
    ];
  });
  return ['', 'Date template hits:', ...box(shown, '[# of hits] date format')];
}

function linesOf(
  kind: LineKind,
  trial: RegexTrial,
  tally: RegexTally,
  options: RegexOptions,
): readonly string[] {
  const count = tally.counts[kind];
  if (count === 0) return [];
  const header = `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)} line(s):`;
  if (count >= tally.most && !options.printAll.has(kind))
    return [`${header} too many to print.  Use --print-all-${kind} to print all ${count} lines`];
  const lines = options.debuggex
    ? debuggexLines(kind, trial, tally, options)
    : tally.kept[kind].map(({ text }) => text);
  return box(
    lines.map((line) => line.trimEnd()),
    header,
  );
}

function debuggexLines(
  kind: LineKind,
  trial: RegexTrial,
  tally: RegexTally,
  options: RegexOptions,
): readonly string[] {
  const texts = kind === 'ignored' ? trial.ignoreregex : trial.failregex;
  return tally.kept[kind].flatMap(({ sample }) =>
    texts.map((text) => `${sample} | ${text} |  ${trial.debuggexUrl(sample, text, options.usedns !== 'no')}`),
  );
}
