/**
 * When the event of a line happened: what the source says, else the stamp in the text, else the moment of the last
 * stamped line if it is less than a minute old, else now.
 * Lines that matched nothing are looked at only when a line without a stamp needs theirs.
 */
import { BailiffError } from '../lib/errors.js';
import { RegexSyntaxError } from '../lib/python-regex/regex-syntax-error.js';
import { DateDetector, type DatedLine } from './dates/date-detector.js';
import type { FilterOptions } from './match.js';
import type { LineBytes, Surroundings } from './surroundings.js';

const LAST_HOLDS_MS = 60_000;
const REMEMBERED = 64;

export interface TimedText {
  /** What the expressions see. */
  readonly text: string;
  readonly timeMs: number;
  /** Whether the text itself, or the source, told the time. */
  readonly dated: boolean;
}

export class EventTime {
  readonly #detector: DateDetector;
  readonly #zoneSeconds: number | undefined;
  #lastMs = -Infinity;
  #skipped: string[] = [];
  /** Lines of this stream before the number `#readTo` need not be looked at again. */
  #stream: object | undefined;
  #readTo = 0;

  constructor(options: FilterOptions, nowMs: number) {
    this.#zoneSeconds = options.logTimezoneSeconds;
    try {
      this.#detector = new DateDetector(options.datepattern, new Date(nowMs).getFullYear());
    } catch (cause) {
      if (!(cause instanceof RegexSyntaxError) && !(cause instanceof Error)) throw cause;
      throw new BailiffError('filter.datepattern', `${options.name}: datepattern: ${cause.message}`, {
        where: { option: 'datepattern' },
        cause,
        remedy: 'Write %Y-%m-%d %H:%M:%S and the like; each % of a configuration file is written %%.',
      });
    }
  }

  /** Lets V8 compile what looks for stamps. */
  warm(nowMs: number): void {
    // Twice, see compileNow.
    for (let time = 0; time < 2; time += 1) this.#detect(' ', nowMs);
  }

  /** The time of a line, read from its bytes, where its stamp is like the last one's; else NaN. `stampEnd` is known then. */
  ofBytes(bytes: LineBytes, nowMs: number, around: Surroundings | undefined): number {
    const timeMs = this.#detector.read(bytes, { nowMs, zoneSeconds: this.#zoneSeconds });
    if (!Number.isNaN(timeMs)) this.#hasFound(timeMs, around);
    return timeMs;
  }

  /** Where the stamp of the last line that was read from its bytes ends, if the line begins with it; else 0. */
  get stampEnd(): number {
    const { start, end } = this.#detector.stamp;
    return start === 0 ? end : 0;
  }

  /** The text without its stamp, and the time of a line whose source does not know it. */
  of(line: string, nowMs: number, around?: Surroundings, bytes?: LineBytes): TimedText {
    const found = this.#detect(line, nowMs, bytes);
    if (found.timeMs !== undefined) {
      this.#hasFound(found.timeMs, around);
      return { text: found.text, timeMs: found.timeMs, dated: true };
    }
    if (around !== undefined) this.#lookBack(around, nowMs);
    this.#readSkipped(nowMs);
    const timeMs = this.#lastMs > nowMs - LAST_HOLDS_MS ? this.#lastMs : nowMs;
    return { text: found.text, timeMs, dated: false };
  }

  /** Remembers a line that nothing matched, in case the next lines have no stamp. */
  skip(line: string, nowMs: () => number): void {
    if (this.#skipped.length >= REMEMBERED) this.#readSkipped(nowMs());
    this.#skipped.push(line);
  }

  /** The text without its stamp, which says nothing of the time. */
  textOf(line: string, nowMs: number): string {
    return this.#detect(line, nowMs).text;
  }

  #hasFound(timeMs: number, around: Surroundings | undefined): void {
    this.#lastMs = timeMs;
    // Even of an empty array, setting the length is a call into V8's runtime.
    if (this.#skipped.length > 0) this.#skipped.length = 0;
    if (around !== undefined) this.#hasRead(around);
  }

  #hasRead({ stream, number }: Surroundings): void {
    this.#stream = stream;
    this.#readTo = number + 1;
  }

  #lookBack(around: Surroundings, nowMs: number): void {
    const first = this.#stream === around.stream ? this.#readTo : 0;
    this.#hasRead(around);
    for (const line of around.earlier(first)) {
      const { timeMs } = this.#detect(line, nowMs);
      if (timeMs === undefined) continue;
      this.#lastMs = timeMs;
      this.#skipped.length = 0;
      return;
    }
  }

  #detect(line: string, nowMs: number, bytes?: LineBytes): DatedLine {
    return this.#detector.detect(line, { nowMs, zoneSeconds: this.#zoneSeconds }, bytes);
  }

  #readSkipped(nowMs: number): void {
    for (let line = this.#skipped.pop(); line !== undefined; line = this.#skipped.pop()) {
      const { timeMs } = this.#detect(line, nowMs);
      if (timeMs === undefined) continue;
      this.#lastMs = timeMs;
      break;
    }
    this.#skipped.length = 0;
  }
}
