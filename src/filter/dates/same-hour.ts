/**
 * Reads a stamp that differs from the last one in minutes, seconds and fraction only, from the bytes of its line.
 * Takes a line; gives what the template would have given, or nothing: then the template is asked, and what it found is
 * learned. Only for anchored defaults, which read each digit of those three alike, and while now stays the same.
 */
import type { LineBytes } from '../surroundings.js';
import type { Stamp, StampContext } from './date-template.js';

const HOUR_MS = 3_600_000;
const ZERO = 0x30;
const COLON = 0x3a;
/** Characters of minutes and seconds. */
const CLOCK = 5;
/** Milliseconds that the first digits of a fraction count, by how many digits it has. */
const WORTH = [0, 100, 10];
const NOWHERE = { start: 0, end: 0 };

interface Layout {
  /** What stands before the minutes. */
  readonly head: Uint8Array;
  /** Digits of the fraction; 0 = there is none, and no separator. */
  readonly fraction: number;
  readonly separator: number;
  /** What stands behind seconds and fraction, up to the word after the stamp, which a template looks at too. */
  readonly tail: Uint8Array;
  readonly stamp: Pick<Stamp, 'start' | 'end'>;
  /** The moment at which the hour begins. */
  readonly hourMs: number;
  readonly nowMs: number;
  readonly zoneSeconds: number | undefined;
}

export class SameHour {
  #layout: Layout | undefined;

  /** Where the stamp of a line stands that `read` knows. */
  get stamp(): Pick<Stamp, 'start' | 'end'> {
    return this.#layout?.stamp ?? NOWHERE;
  }

  /** The moment of a line, milliseconds since the epoch, if its stamp is of the same hour and shape as the last one; else NaN. */
  read({ bytes, start, end }: LineBytes, { nowMs, zoneSeconds }: StampContext): number {
    const layout = this.#layout;
    if (layout === undefined || layout.nowMs !== nowMs || layout.zoneSeconds !== zoneSeconds)
      return Number.NaN;
    const { head, fraction, separator, tail } = layout;
    const at = start + head.length;
    const rest = at + (fraction === 0 ? CLOCK : CLOCK + 1 + fraction);
    if (rest + tail.length > end || !stands(head, bytes, start) || !stands(tail, bytes, rest))
      return Number.NaN;
    const minutes = sixty(bytes, at);
    const seconds = sixty(bytes, at + 3);
    if (minutes < 0 || seconds < 0 || bytes[at + 2] !== COLON) return Number.NaN;
    let ms = 0;
    if (fraction > 0) {
      if (bytes[at + CLOCK] !== separator) return Number.NaN;
      let thousand = 0;
      for (let digit = 1; digit <= fraction; digit += 1) {
        const value = (bytes[at + CLOCK + digit] ?? 0) - ZERO;
        if (!(value >= 0 && value <= 9)) return Number.NaN;
        if (digit <= 3) thousand = thousand * 10 + value;
      }
      ms = thousand * (WORTH[fraction] ?? 1);
    }
    return layout.hourMs + (minutes * 60 + seconds) * 1000 + ms;
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
  if (stands < 0 || stands + clock.length > end || !(Number(M) < 60 && Number(S) < 60)) return undefined;
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
  const head = line.slice(0, at);
  const tail = line.slice(rest, end + word.length);
  // Of other characters the bytes at hand do not tell all.
  if (/[^\0-\xff]/.test(head + tail)) return undefined;
  return {
    head: Buffer.from(head, 'latin1'),
    fraction: f.length,
    separator: line.charCodeAt(at + CLOCK),
    tail: Buffer.from(tail, 'latin1'),
    stamp: { start, end },
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

function stands(text: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[start + at] !== text[at]) return false;
  return true;
}

/** The number of two digits below sixty; -1 where there are none. */
function sixty(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens < 6 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
