/**
 * A filter tried on lines as `fail2ban-regex` does it: cuts the stamps, tries the expressions, looks names up.
 * Takes what `open-regex-trial.ts` read; gives the tried lines one by one. Does not print or add up.
 */
import { lookup } from 'node:dns/promises';
import type { RankedTemplates } from '../filter/trial/ranked-templates.js';
import { statedExpression } from '../filter/trial/stated-tags.js';
import { Trial } from '../filter/trial/trial.js';
import { TrialClock } from '../filter/trial/trial-clock.js';
import { type Finding, type StampedLine, strippedText } from '../filter/trial/trial-line.js';
import { type JournalMatch } from '../lib/journal-match.js';
import { inputLines, type InputLine, type RegexInput } from './regex-input.js';
import { journalTimeText } from './journal-time-text.js';
import type { RegexTrialRequest, TriedLine } from './regex-trial-request.js';

/** A filter as it is tried. */
export interface TrialSetting {
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
  constructor(
    request: RegexTrialRequest,
    setting: TrialSetting,
    input: RegexInput,
    templates: RankedTemplates,
  ) {
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
