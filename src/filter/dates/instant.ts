/**
 * From the fields of a stamp (`Y`, `b`, `H`, `z` …) to a moment.
 * What the stamp leaves out is taken from now: this year, or the last one if that lies more than a day ahead; today, or
 * yesterday. Without a zone the given one holds, or the host's own.
 */
import { localHourBegin } from './local-hour.js';
import { monthNumber } from './tokens.js';
import { zoneSeconds } from './zones.js';

export type DateFields = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Milliseconds since the epoch; undefined for a zone or a date that does not exist. */
export function instantOf(fields: DateFields, nowMs: number, zone: number | undefined): number | undefined {
  const named = fields['z'] ?? fields['Z'];
  const offset = named === undefined ? zone : zoneSeconds(named);
  if (named !== undefined && offset === undefined) return undefined;
  const today = todayAt(nowMs, offset);
  const year = yearOf(fields);
  const day = dayOf(fields, year ?? today.year);
  const assumed: Day = day ?? today;
  const time = timeOf(fields);
  const moment = (inYear: number): number =>
    isDay(inYear, assumed) && time < DAY_MS + 2000
      ? momentOf(inYear, assumed.month, assumed.day, time, offset, nowMs)
      : Number.NaN;
  let at = moment(year ?? today.year);
  if (day === undefined && at > nowMs) at -= DAY_MS;
  if (year === undefined && at > nowMs + DAY_MS) at = moment(today.year - 1);
  return Number.isNaN(at) ? undefined : at;
}

interface Today extends Day {
  readonly year: number;
  readonly nowMs: number;
  readonly offset: number | undefined;
}

/** Now stays the same for many lines. */
let lastToday: Today | undefined;

function todayAt(nowMs: number, offset: number | undefined): Today {
  if (lastToday?.nowMs === nowMs && lastToday.offset === offset) return lastToday;
  // In a zone with an offset of its own: the date of that moment there, as UTC would have it.
  const at = new Date(offset === undefined ? nowMs : nowMs + offset * 1000);
  const [year, month, day] =
    offset === undefined
      ? [at.getFullYear(), at.getMonth() + 1, at.getDate()]
      : [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  lastToday = { year, month, day, nowMs, offset };
  return lastToday;
}

function momentOf(
  year: number,
  month: number,
  day: number,
  timeMs: number,
  offset: number | undefined,
  nowMs: number,
): number {
  if (offset !== undefined) return Date.UTC(year, month - 1, day) + timeMs - offset * 1000;
  const hour = Math.floor(timeMs / HOUR_MS);
  const beginMs = localHourBegin(year, month, day, hour);
  if (!Number.isNaN(beginMs)) return beginMs + timeMs - hour * HOUR_MS;
  const seconds = Math.floor(timeMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const at = new Date(
    year,
    month - 1,
    day,
    Math.floor(minutes / 60),
    minutes % 60,
    seconds % 60,
    timeMs % 1000,
  ).getTime();
  // The hour that comes twice when summer time ends: its second round, unless that is still to come.
  const again = at + HOUR_MS;
  return (again <= nowMs || at > nowMs) && new Date(again).getHours() === new Date(at).getHours()
    ? again
    : at;
}

/** Whether there is such a day; days counted from the first of January may go beyond their month. */
function isDay(year: number, { month, day, isOrdinal }: Day): boolean {
  if (year < 1 || year > 9999) return false;
  return isOrdinal === true || (day >= 1 && day <= daysOf(year, month));
}

/** Days of a month of the Gregorian calendar; NaN where there is no such month. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return DAYS[month - 1] ?? Number.NaN;
}

interface Day {
  readonly month: number;
  readonly day: number;
  /** `day` is the day of the year, `month` the first one. */
  readonly isOrdinal?: boolean;
}

function yearOf(fields: DateFields): number | undefined {
  if (fields['Y'] !== undefined) return Number(fields['Y']);
  if (fields['y'] === undefined) return undefined;
  return 2000 + Number(fields['y']);
}

function dayOf(fields: DateFields, year: number): Day | undefined {
  const name = fields['b'] ?? fields['B'];
  const month = name === undefined ? fields['m'] : String(monthNumber(name));
  if (month !== undefined && fields['d'] !== undefined)
    return { month: Number(month), day: Number(fields['d']) };
  const ordinal = fields['j'] === undefined ? ordinalOf(fields, year) : Number(fields['j']);
  return ordinal === undefined ? undefined : { month: 1, day: ordinal, isOrdinal: true };
}

/** The day of the year from a week (`%U`: they begin on Sunday, `%W`: on Monday) and a weekday. */
function ordinalOf(fields: DateFields, year: number): number | undefined {
  const week = fields['W'] ?? fields['U'];
  const weekday = weekdayOf(fields);
  if (week === undefined || weekday === undefined) return undefined;
  const start = fields['W'] === undefined ? 0 : 1;
  const first = (new Date(Date.UTC(year, 0, 1)).getUTCDay() - start + 7) % 7;
  return Number(week) * 7 - first + ((weekday - start + 7) % 7) + 1 - (first === 0 ? 7 : 0);
}

function weekdayOf(fields: DateFields): number | undefined {
  if (fields['w'] !== undefined) return Number(fields['w']);
  const name = fields['a'] ?? fields['A'];
  return name === undefined
    ? undefined
    : ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'].indexOf(name.slice(0, 2).toLowerCase());
}

/** Milliseconds since midnight. */
function timeOf(fields: DateFields): number {
  let hour = Number(fields['H'] ?? 0);
  if (fields['I'] !== undefined) {
    hour = Number(fields['I']) % 12;
    if (fields['p']?.toLowerCase() === 'pm') hour += 12;
  }
  const fraction = fields['f'] === undefined ? 0 : Math.floor(Number(`0.${fields['f']}`) * 1000);
  return ((hour * 60 + Number(fields['M'] ?? 0)) * 60 + Number(fields['S'] ?? 0)) * 1000 + fraction;
}
