/**
 * Reads a stamp that differs from the last one in minutes, seconds and fraction only, from the bytes of its line.
 * Takes a line; gives what the template would have given, or nothing: then the template is asked, and what it found is
 * learned. Only for anchored defaults, which read each digit of those three alike, and while now stays the same.
 */
import type { ScanRoom } from '../scan-room.js';
import type { LineBytes } from '../surroundings.js';
import type { Stamp, StampContext } from './date-template.js';
import { isPlainHour } from './local-hour.js';
import { StampReader, type StampShape } from './stamp-reader.js';

const HOUR_MS = 3_600_000;
/** Lines in a row of one hour that were read by their template. */
const WORTHWHILE = 4;
/** Characters of minutes and seconds. */
const CLOCK = 5;
const NOWHERE = { start: 0, end: 0 };

interface Layout extends StampShape {
  readonly stamp: Pick<Stamp, 'start' | 'end'>;
  /** The moment at which the hour begins. */
  readonly hourMs: number;
  readonly nowMs: number;
  readonly zoneSeconds: number | undefined;
}

export class SameHour {
  #layout: Layout | undefined;
  /** Of the last line that was not read here, since the epoch. */
  #hour = Number.NaN;
  #inARow = 0;
  /** Of the room in which the last lines lay. */
  #reader: StampReader | undefined;
  #room: ScanRoom | undefined;

  /** Where the stamp of a line stands that `read` knows. */
  get stamp(): Pick<Stamp, 'start' | 'end'> {
    return this.#layout?.stamp ?? NOWHERE;
  }

  /** The moment of a line, milliseconds since the epoch, if its stamp is of the same hour and shape as the last one; else NaN. */
  read({ room, start, end }: LineBytes, { nowMs, zoneSeconds }: StampContext): number {
    const layout = this.#layout;
    if (layout === undefined || layout.nowMs !== nowMs || layout.zoneSeconds !== zoneSeconds)
      return Number.NaN;
    const reader =
      this.#room === room && this.#reader !== undefined ? this.#reader : this.#moveTo(room, layout);
    const ms = reader.read(start, end);
    return ms < 0 ? Number.NaN : layout.hourMs + ms;
  }

  #moveTo(room: ScanRoom, layout: Layout): StampReader {
    const reader = new StampReader(room);
    reader.expect(layout);
    this.#reader = reader;
    this.#room = room;
    return reader;
  }

  /**
   * Remembers what an anchored default template found, where some lines before were of the same hour: to remember costs as
   * much as to read five stamps, and in a log of years each may be of another hour, or two hosts write by turns.
   */
  learn(line: string, stamp: Stamp, timeMs: number | undefined, context: StampContext): void {
    const hour = Math.floor((timeMs ?? Number.NaN) / HOUR_MS);
    this.#inARow = hour === this.#hour ? this.#inARow + 1 : 1;
    this.#hour = hour;
    if (this.#inARow < WORTHWHILE) return;
    this.#inARow = 0;
    const layout = timeMs === undefined ? undefined : layoutOf(line, stamp, timeMs, context);
    if (layout !== undefined) this.#reader?.expect(layout);
    this.#layout = layout;
  }

  /** Another template found a stamp: it may find one where the one before did. */
  forget(): void {
    this.#layout = undefined;
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
  const shape = {
    head: line.slice(0, at),
    tail: line.slice(rest, end + word.length),
    fraction: f.length,
    separator: line.charCodeAt(at + CLOCK),
  };
  if (!StampReader.canRead(shape)) return undefined;
  return { ...shape, stamp: { start, end }, hourMs, nowMs, zoneSeconds };
}

/** Whether the stamp says its day, and its year was not assumed to be the last one. */
function isThisYear(fields: Stamp['fields'], timeMs: number, nowMs: number): boolean {
  if (fields['d'] === undefined) return false;
  return fields['Y'] !== undefined || new Date(timeMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
}
