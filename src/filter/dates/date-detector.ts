/**
 * Finds the date of a line: which of the templates fits, and where.
 * Takes a line; gives the text without its stamp and the moment. Tries the template that fitted last before all others;
 * among those that may stand anywhere, the leftmost stamp counts.
 */
import type { LineBytes } from '../surroundings.js';
import { DEFAULT_DATEPATTERNS } from './default-templates.js';
import { DateTemplate, type Stamp, type StampContext } from './date-template.js';
import { SameHour } from './same-hour.js';

export interface DatedLine {
  /** The line without its stamp. */
  readonly text: string;
  /** Milliseconds since the epoch; undefined where the line has no (readable) stamp. */
  readonly timeMs: number | undefined;
}

export class DateDetector {
  /** The defaults are compiled when the first line needs them, so they are written down as their pattern. */
  readonly #sources: readonly (string | readonly DateTemplate[])[];
  readonly #year: number;
  #compiled: readonly DateTemplate[] | undefined;
  #last: DateTemplate | undefined;
  #lastStart = -1;
  readonly #sameHour = new SameHour();

  /** Throws where a pattern is wrong. `year`: the current one. */
  constructor(patterns: readonly string[], year: number) {
    const named = patterns.length === 0 ? ['{DEFAULT}'] : patterns;
    this.#sources = named.map((pattern) => {
      if (isDefault(pattern)) return pattern;
      if (!DATE.test(pattern)) return templatesOf(pattern, year);
      // One stands for all: they differ in the date only.
      templateOf(pattern.replace(DATE, 'x'), year);
      return pattern;
    });
    this.#year = year;
  }

  /** The moment of a line whose stamp is like the last one's, which `stamp` is the place of; else NaN. */
  read(bytes: LineBytes, context: StampContext): number {
    return this.#sameHour.read(bytes, context);
  }

  get stamp(): Pick<Stamp, 'start' | 'end'> {
    return this.#sameHour.stamp;
  }

  /** `bytes`: those of the line, if they are at hand; a stamp like the last one is read from them. */
  detect(line: string, context: StampContext, bytes?: LineBytes): DatedLine {
    const timeMs = bytes === undefined ? Number.NaN : this.#sameHour.read(bytes, context);
    if (!Number.isNaN(timeMs)) return { text: without(line, this.#sameHour.stamp, bytes), timeMs };
    return this.#detect(line, context, bytes);
  }

  #detect(line: string, context: StampContext, bytes: LineBytes | undefined): DatedLine {
    const found = this.#find(line);
    if (found === undefined) return { text: line, timeMs: undefined };
    const { template, stamp } = found;
    if (template !== this.#last) this.#sameHour.forget();
    this.#last = template;
    this.#lastStart = stamp.start;
    if (stamp.end === stamp.start) return { text: line, timeMs: undefined };
    const timeMs = template.read(stamp, context);
    if (template.anchored && ofDefaults.has(template)) this.#sameHour.learn(line, stamp, timeMs, context);
    return { text: without(line, stamp, bytes), timeMs };
  }

  #templates(): readonly DateTemplate[] {
    this.#compiled ??= this.#sources.flatMap((source) =>
      typeof source === 'string' ? templatesOf(source, this.#year) : source,
    );
    return this.#compiled;
  }

  #find(line: string): { template: DateTemplate; stamp: Stamp } | undefined {
    const last = this.#last;
    if (last !== undefined) {
      const stamp = last.find(line);
      if (stamp !== undefined && (last.anchored || stamp.start === this.#lastStart))
        return { template: last, stamp };
    }
    let best: { template: DateTemplate; stamp: Stamp } | undefined;
    for (const template of this.#templates()) {
      const stamp = template.find(line);
      if (stamp === undefined) continue;
      if (template.anchored) return best ?? { template, stamp };
      if (best === undefined || stamp.start < best.stamp.start) best = { template, stamp };
    }
    return best;
  }
}

/** The last line that was cut, by its bytes, and what was left of it: the next filter mostly finds the same stamp. */
const cut: { bytes: LineBytes | undefined; from: number; start: number; end: number; text: string } = {
  bytes: undefined,
  from: 0,
  start: 0,
  end: 0,
  text: '',
};

/** `bytes`: of one object for all lines of a chunk, so that texts need not be compared, which is dear. */
function without(
  line: string,
  { start, end }: Pick<Stamp, 'start' | 'end'>,
  bytes: LineBytes | undefined,
): string {
  if (bytes === undefined) return cutOut(line, start, end);
  if (bytes !== cut.bytes || bytes.start !== cut.from || start !== cut.start || end !== cut.end) {
    cut.text = cutOut(line, start, end);
    cut.bytes = bytes;
    cut.from = bytes.start;
    cut.start = start;
    cut.end = end;
  }
  return cut.text;
}

function cutOut(line: string, start: number, end: number): string {
  return start === 0 ? line.slice(end) : line.slice(0, start) + line.slice(end);
}

/** Without `g`: a datepattern has one date. */
const DATE = /\{DATE\}/i;

function isDefault(pattern: string): boolean {
  return /^\{(?:DEFAULT|\^LN-BEG)\}$/i.test(pattern);
}

function templatesOf(pattern: string, year: number): readonly DateTemplate[] {
  const upper = pattern.toUpperCase();
  const defaults = DEFAULT_DATEPATTERNS;
  const anchored = defaults.map((one) => (/^(?:\^|\{\^LN-BEG\})/.test(one) ? one : `{^LN-BEG}${one}`));
  const compile = (patterns: readonly string[]): readonly DateTemplate[] =>
    patterns.map((one) => templateOf(one, year));
  if (upper === '{DEFAULT}') return compile([...new Set([...anchored, ...defaults])]);
  if (upper === '{^LN-BEG}') return compile(anchored);
  if (upper === '{NONE}') return compile(['{UNB}^']);
  if (!DATE.test(pattern)) return compile([pattern]);
  // EPOCH and TAI64N cannot be put into another pattern as they stand.
  const parts = defaults.filter((one) => one.includes('%'));
  return compile(parts.map((one) => pattern.replace(DATE, () => one.replace(/^\{\^LN-BEG\}/, ''))));
}

/** Templates know nothing of a log, so that those of the defaults are compiled once for all filters. */
const shared = new Map<string, DateTemplate>();
const ofDefaults = new WeakSet<DateTemplate>();

function isDefaultPattern(pattern: string): boolean {
  return DEFAULT_DATEPATTERNS.some((known) => pattern.endsWith(known));
}

function templateOf(pattern: string, year: number): DateTemplate {
  if (!isDefaultPattern(pattern)) return new DateTemplate(pattern, year);
  const key = `${year} ${pattern}`;
  const template = shared.get(key) ?? new DateTemplate(pattern, year);
  shared.set(key, template);
  ofDefaults.add(template);
  return template;
}
