/**
 * Reads a stamp that differs from the last one in minutes, seconds and fraction only, without an expression.
 * Takes a line; gives what the template would have given, or nothing: then the template is asked, and what it found is
 * learned. Only for anchored defaults, which read each digit of those three alike, and while now stays the same.
 */
import type { Stamp, StampContext } from './date-template.js';

const HOUR_MS = 3_600_000;
const ZERO = 0x30;
const COLON = 0x3a;
const SIX = 0x36;
/** Characters of minutes and seconds. */
const CLOCK = 5;

export interface KnownStamp {
  readonly timeMs: number;
  /** Where the stamp begins and ends. */
  readonly start: number;
  readonly end: number;
}

interface Layout {
  /** What stands before the minutes. */
  readonly head: string;
  /** Digits of the fraction; 0 = there is none, and no separator. */
  readonly fraction: number;
  readonly separator: number;
  /** What stands behind seconds and fraction, up to the word after the stamp, which a template looks at too. */
  readonly tail: string;
  readonly start: number;
  readonly end: number;
  /** The moment at which the hour begins. */
  readonly hourMs: number;
  readonly nowMs: number;
  readonly zoneSeconds: number | undefined;
}

export class SameHour {
  #layout: Layout | undefined;

  /** The stamp of a line, if it is one of the same hour and shape as the last one. */
  read(line: string, { nowMs, zoneSeconds }: StampContext): KnownStamp | undefined {
    const layout = this.#layout;
    if (layout === undefined || layout.nowMs !== nowMs || layout.zoneSeconds !== zoneSeconds)
      return undefined;
    const { head, fraction, separator, tail } = layout;
    const at = head.length;
    const rest = at + (fraction === 0 ? CLOCK : CLOCK + 1 + fraction);
    // Slices, since an engine compares and reads them faster than stretches of a line that is itself a slice.
    if (line.slice(0, at) !== head || line.slice(rest, rest + tail.length) !== tail) return undefined;
    const clock = line.slice(at, rest);
    const minutes = sixty(clock, 0);
    const seconds = sixty(clock, 3);
    if (minutes < 0 || seconds < 0 || clock.charCodeAt(2) !== COLON) return undefined;
    let ms = 0;
    if (fraction > 0) {
      if (clock.charCodeAt(CLOCK) !== separator) return undefined;
      for (let digit = 1, worth = 100; digit <= fraction; digit += 1, worth /= 10) {
        const value = clock.charCodeAt(CLOCK + digit) - ZERO;
        if (!(value >= 0 && value <= 9)) return undefined;
        if (digit <= 3) ms += value * worth;
      }
    }
    const timeMs = layout.hourMs + (minutes * 60 + seconds) * 1000 + ms;
    return { timeMs, start: layout.start, end: layout.end };
  }

  /** Remembers what an anchored default template found. */
  learn(line: string, stamp: Stamp, timeMs: number | undefined, context: StampContext): void {
    this.#layout = timeMs === undefined ? undefined : layoutOf(line, stamp, timeMs, context);
  }
}

function layoutOf(
  line: string,
  { start, end, fields }: Stamp,
  timeMs: number,
  context: StampContext,
): Layout | undefined {
  const { H, M, S, f = '' } = fields;
  if (H === undefined || M?.length !== 2 || S?.length !== 2) return undefined;
  const clock = `${H}:${M}:${S}`;
  const stands = line.indexOf(clock, start);
  if (stands < 0 || stands + clock.length > end || sixty(S, 0) < 0) return undefined;
  const at = stands + H.length + 1;
  const rest = at + 5 + (f === '' ? 0 : 1 + f.length);
  if (f !== '' && line.slice(at + 6, rest) !== f) return undefined;
  const hourMs = timeMs - (Number(M) * 60 + Number(S)) * 1000 - Math.floor(Number(`0.${f}0`) * 1000);
  const { nowMs, zoneSeconds } = context;
  const isZoned = (fields['z'] ?? fields['Z']) !== undefined || zoneSeconds !== undefined;
  if (timeMs > nowMs || !(isZoned || isPlainHour(hourMs)) || !isThisYear(fields, timeMs, nowMs))
    return undefined;
  const word = /^\s*\S+\s/.exec(line.slice(end))?.[0];
  if (word === undefined) return undefined;
  return {
    head: line.slice(0, at),
    fraction: f.length,
    separator: line.charCodeAt(at + 5),
    tail: line.slice(rest, end + word.length),
    start,
    end,
    hourMs,
    nowMs,
    zoneSeconds,
  };
}

/** Whether the host's clock neither jumps within this hour nor shows it twice. */
function isPlainHour(hourMs: number): boolean {
  const [before, first, last, after] = [-HOUR_MS, 0, HOUR_MS - 1000, HOUR_MS].map(
    (ms) => new Date(hourMs + ms),
  );
  const hour = first?.getHours();
  return (
    first?.getMinutes() === 0 &&
    last?.getHours() === hour &&
    before?.getHours() !== hour &&
    after?.getHours() !== hour
  );
}

/** Whether the stamp says its day, and its year was not assumed to be the last one. */
function isThisYear(fields: Stamp['fields'], timeMs: number, nowMs: number): boolean {
  if (fields['d'] === undefined) return false;
  return fields['Y'] !== undefined || new Date(timeMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
}

/** The number of two digits below sixty; -1 where there are none. */
function sixty(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return tens >= ZERO && tens < SIX && ones >= ZERO && ones <= ZERO + 9
    ? (tens - ZERO) * 10 + ones - ZERO
    : -1;
}
