/**
 * Hours by the host's own clock, and whether they are like any other: no change of the clock in them or beside them.
 * Takes hours; gives when they begin, milliseconds since the epoch. What was asked last is kept: to ask the host's clock
 * costs more than to read a stamp, and the lines of a log bring few hours.
 */

const HOUR_MS = 3_600_000;
/** Hours that are kept; each has one place. */
const KEPT = 256;

interface KeptHour {
  readonly hour: number;
  readonly beginMs: number;
}

const kept: (KeptHour | undefined)[] = Array.from({ length: KEPT }, () => undefined);

/** When an hour of the host's clock begins, by its date and number from 0; NaN where it comes twice, never, or not whole. */
export function localHourBegin(year: number, month: number, day: number, hour: number): number {
  // Date takes years below a hundred for those of the last century.
  if (year < 100) return Number.NaN;
  const number = Date.UTC(year, month - 1, day, hour) / HOUR_MS;
  const place = number & (KEPT - 1);
  const known = kept[place];
  if (known?.hour === number) return known.beginMs;
  const at = new Date(year, month - 1, day, hour).getTime();
  const beginMs = isPlainHour(at) ? at : Number.NaN;
  kept[place] = { hour: number, beginMs };
  return beginMs;
}

/** Whether the host's clock neither jumps within the hour that begins then nor shows it twice. */
export function isPlainHour(beginMs: number): boolean {
  const [before, first, last, after] = [-HOUR_MS, 0, HOUR_MS - 1000, HOUR_MS].map(
    (ms) => new Date(beginMs + ms),
  );
  const hour = first?.getHours();
  return (
    first?.getMinutes() === 0 &&
    last?.getHours() === hour &&
    before?.getHours() !== hour &&
    after?.getHours() !== hour
  );
}
