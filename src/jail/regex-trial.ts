/**
 * A filter tried on lines as `fail2ban-regex` does it: reads the filter, opens the lines, tells what it uses.
 * Takes a request and whom to tell; gives the tried lines one by one. Does not print or add up.
 */
import { lookup } from 'node:dns/promises';
import { type NamedCall, readRegexCall, type RegexCall } from '../config/regex-call.js';
import { zoneSeconds } from '../filter/dates/zones.js';
import { RankedTemplates } from '../filter/trial/ranked-templates.js';
import { statedExpression } from '../filter/trial/stated-tags.js';
import { Trial } from '../filter/trial/trial.js';
import { TrialClock } from '../filter/trial/trial-clock.js';
import { type Finding, type StampedLine, strippedText } from '../filter/trial/trial-line.js';
import { BailiffError } from '../lib/errors.js';
import { type JournalMatch, parseJournalMatch } from '../lib/journal-match.js';
import { inputLines, type InputLine, regexInput, type RegexInput } from './regex-input.js';
import { pythonRepr } from '../lib/python-repr.js';
import { journalTimeText } from './journal-time-text.js';
import type { RegexTrialRequest, TriedLine } from './regex-trial-request.js';

interface Setting {
  readonly prefregex: string | undefined;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
  readonly journalMatch: JournalMatch | undefined;
  /** Seconds east of UTC. */
  readonly zone: number | undefined;
  /** Whether a datepattern was given; without one the journal shows no templates. */
  readonly dated: boolean;
}

export class RegexTrial {
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  /** With its tags expanded. */
  readonly prefregex: string | undefined;
  readonly multiline: boolean;
  /** undefined: the journal has the time. */
  readonly templates: RankedTemplates | undefined;
  readonly #trial: Trial;
  readonly #clock: TrialClock | undefined;
  readonly #maxlines: number;
  readonly #usedns: 'yes' | 'warn' | 'no' | 'raw';
  readonly #input: RegexInput;
  readonly #match: JournalMatch | undefined;
  readonly #addresses = new Map<string, readonly string[]>();

  /** Throws what `Trial` throws, an Error for a datepattern, or BailiffError `config.zone`. */
  constructor(request: RegexTrialRequest, setting: Setting, input: RegexInput, templates: RankedTemplates) {
    this.failregex = setting.failregex;
    this.ignoreregex = setting.ignoreregex;
    this.multiline = setting.maxlines > 1;
    this.#maxlines = setting.maxlines;
    this.#usedns = request.raw ? 'raw' : usednsOf(request.usedns);
    this.#trial = new Trial({
      ...setting,
      usedns: this.#usedns,
      all: request.all && !request.formatted,
      pending: !request.formatted,
    });
    this.prefregex = this.#trial.prefregex?.stated;
    this.#input = input;
    this.#match = setting.journalMatch;
    this.templates = input.kind === 'journal' && !setting.dated ? undefined : templates;
    this.#clock =
      input.kind === 'journal' ? undefined : new TrialClock(templates, setting.zone, () => Date.now());
  }

  /** Where debuggex.com shows an expression at work on a line. */
  debuggexUrl(text: string, expression: string, hostNames: boolean): string {
    const fields = { re: statedExpression(expression, hostNames), str: text, flavor: 'python' };
    const query = new URLSearchParams(this.multiline ? { ...fields, flags: 'm' } : fields);
    // Python's spelling: it keeps ~ and escapes *.
    return `https://www.debuggex.com/?${String(query).replaceAll('%7E', '~').replaceAll('*', '%2A')}`;
  }

  /** Every line but empty ones and those that begin with `#`. */
  async *lines(): AsyncGenerator<TriedLine> {
    for await (const { text, timeMs } of this.#read()) {
      const line = text.replace(/[\r\n]+$/, '');
      if (this.#clock !== undefined && (line === '' || line.startsWith('#'))) continue;
      yield await this.#try(line, timeMs);
    }
  }

  async *#read(): AsyncGenerator<InputLine> {
    if (this.#input.kind !== 'text') return yield* inputLines(this.#input, this.#match);
    for (const text of textLines(this.#input.text, this.multiline)) yield { text, timeMs: Number.NaN };
  }

  async #try(text: string, timeMs: number): Promise<TriedLine> {
    const before = this.#trial.buffer;
    const clocked = this.#clock?.cut(text);
    const line: StampedLine = clocked?.line ?? ['', `${journalTimeText(timeMs)} `, text];
    const time = clocked === undefined ? { seconds: timeMs / 1000, whole: false } : clocked.time;
    const found = this.#trial.try(line, time);
    const findings: Finding[] = [];
    for (const finding of found) findings.push(...(await this.#resolved(finding)));
    return {
      text: clocked === undefined ? line.join('') : text,
      stripped: strippedText(line),
      findings,
      ignoredBy: this.#trial.ignoredBy,
      prefix: this.#trial.prefregex?.hasMatched === true ? this.#trial.prefregex.groups() : undefined,
      usedUp: this.multiline ? this.#usedUp(before) : [],
    };
  }

  #usedUp(before: readonly StampedLine[]): readonly StampedLine[] {
    const left = new Set(this.#trial.buffer.map((line) => line.join('\0')));
    return before.slice(before.length >= this.#maxlines ? 1 : 0).filter((line) => !left.has(line.join('\0')));
  }

  /** One finding for each address of a name. */
  async #resolved(finding: Finding): Promise<readonly Finding[]> {
    if (finding.name === undefined) return [finding];
    if (this.#usedns !== 'yes' && this.#usedns !== 'warn') return [];
    const known = this.#addresses.get(finding.name) ?? (await addressesOf(finding.name));
    this.#addresses.set(finding.name, known);
    return known.map((id) => ({ ...finding, id }));
  }
}

/** Opens a trial; tells line by line what it uses. Throws as RegexTrial and `readRegexCall` do. */
export function openRegexTrial(request: RegexTrialRequest, say: (line: string) => void): RegexTrial {
  const isJournal = request.log.startsWith('systemd-journal');
  if (request.maxlines < 0)
    throw new BailiffError('config.number', 'maxlines must be integer greater than zero');
  const zone = zoneOf(request.timezone);
  if (request.maxlines > 0) say(`Use         maxlines : ${request.maxlines}`);
  const templatesOf = (pattern: string): RankedTemplates => {
    const lines = pattern.split('\n').map((line) => line.trim());
    const made = rankedTemplates(lines.filter((line) => line !== ''));

    say(`Use      datepattern : ${pattern} : ${made.title}`);
    return made;
  };
  const own = request.datepattern === undefined ? undefined : templatesOf(request.datepattern);
  const call = readCall(request, isJournal ? 'journal' : 'file', say);
  if (call === undefined) say(`Use   failregex line : ${shortened(request.regex)}`);
  else if (request.verbose > 1) say(`Real  filter options : ${pythonRepr(Object.fromEntries(call.real))}`);
  if (call?.told.maxlines !== undefined && request.maxlines === 0)
    say(`Use         maxlines : ${call.told.maxlines}`);
  const told = call?.told.datepattern;
  const templates = own ?? (told === undefined ? rankedTemplates([]) : templatesOf(told));
  if (request.ignoreregex !== undefined) say(`Use ignoreregex line : ${shortened(request.ignoreregex)}`);
  const written = request.journalmatch ?? call?.journalMatch.at(-1) ?? '';
  const setting: Setting = {
    prefregex: call?.options.prefregex,
    failregex: call?.options.failregex ?? [request.regex],
    ignoreregex:
      request.ignoreregex === undefined ? (call?.options.ignoreregex ?? []) : [request.ignoreregex],
    maxlines: request.maxlines > 0 ? request.maxlines : (call?.told.maxlines ?? 1),
    journalMatch: written === '' || !isJournal ? undefined : parseJournalMatch(written),
    zone,
    dated: own !== undefined || told !== undefined,
  };
  const input = regexInput(request.log, request.encoding);
  const trial = new RegexTrial(request, setting, input, templates);
  sayInput(input, request, trial.multiline, say);
  if (input.kind === 'journal' && written !== '') say(`Use    journal match : ${written}`);
  return trial;
}

function zoneOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const zone = /^[A-Z]/i.test(text) || /^[+-]/.test(text) ? zoneSeconds(text) : undefined;
  if (zone === undefined)
    throw new BailiffError('config.zone', `Unknown or unsupported time zone: ${pythonRepr(text)}`);
  return zone;
}

function rankedTemplates(patterns: readonly string[]): RankedTemplates {
  try {
    return new RankedTemplates(patterns, new Date().getFullYear());
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (cause.message.startsWith('There is already')) throw cause;
    const message = `Failed to set datepattern ${pythonRepr(patterns.join('\n'))} (may be an invalid format or unescaped percent char): ${cause.message}`;
    throw new BailiffError('filter.datepattern', message, { cause });
  }
}

/** What Fail2Ban says of a jail or filter that cannot be read is the message, why it is so the cause. */
function readCall(
  { regex, configDirectory }: RegexTrialRequest,
  logtype: 'journal' | 'file',
  say: (line: string) => void,
): RegexCall | undefined {
  let kind: NamedCall['kind'] | undefined;
  const found = (named: NamedCall): void => {
    kind = named.kind;
    sayCall(named, say);
  };
  try {
    return readRegexCall(regex, { configDirectory, logtype, found });
  } catch (cause) {
    if (!(cause instanceof BailiffError) || kind === undefined) throw cause;
    const message =
      kind === 'jail' ? `Failed to get jail for ${pythonRepr(regex)}` : `failed to load filter ${regex}`;
    throw new BailiffError(cause.code, message, { cause });
  }
}

function sayCall({ kind, name, directory, parameters }: NamedCall, say: (line: string) => void): void {
  if (kind === 'jail') say(`Use             jail : ${name}`);
  else if (kind === 'filter') say(`Use      filter file : ${name}, basedir: ${directory}`);
  else say(`Use      filter file : ${name}`);
  const options = pythonRepr(Object.fromEntries(parameters));
  const label = kind === 'jail' ? 'Use jail/flt options' : 'Use   filter options';
  if (parameters.size > 0) say(`${label} : ${options}`);
}

function sayInput(
  input: RegexInput,
  { log, encoding }: RegexTrialRequest,
  multiline: boolean,
  say: (line: string) => void,
): void {
  if (input.kind === 'text') return sayText(input.text, multiline, say);
  if (input.kind === 'journal') say('Use         systemd journal');
  else say(`Use         log file : ${log}`);
  say(`Use         encoding : ${encoding}`);
}

function sayText(text: string, multiline: boolean, say: (line: string) => void): void {
  if (!multiline && !text.includes('\n')) return say(`Use      single line : ${shortened(text)}`);
  const lines = text.split('\n');
  say(`Use      multi line : ${lines.length} line(s)`);
  for (const [index, line] of lines.slice(0, 5).entries())
    say(
      `| ${String(index + 1)
        .padStart(2)
        .slice(0, 2)}: ${shortened(line)}`,
    );
  if (lines.length > 5) say('| ...');
  say('`-');
}

function textLines(text: string, multiline: boolean): readonly string[] {
  return multiline || text.includes('\n') ? text.split('\n') : [text];
}

function usednsOf(text: string | undefined): 'yes' | 'warn' | 'no' | 'raw' {
  const lower = (text ?? 'warn').toLowerCase();
  if (lower === 'raw' || lower === 'warn' || lower === 'no') return lower;
  return /^(?:1|on|true|yes)$/.test(lower) ? 'yes' : 'no';
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    const found = await lookup(name, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch {
    // A name without an address: nobody is found by it.
    return [];
  }
}

/** As Fail2Ban shows long texts. */
function shortened(text: string): string {
  return text.length > 53 ? `${text.slice(0, 50)}...` : text;
}
