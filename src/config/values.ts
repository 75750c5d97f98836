/**
 * The plain kinds of values an option may have: yes or no, whole numbers, lines, lists, choices, zones.
 * Takes text; gives the value or throws a BailiffError without a place, which the caller adds. Times are in duration.ts.
 */
import { BailiffError } from '../lib/errors.js';

/** @throws BailiffError `config.boolean`. */
export function parseBoolean(text: string): boolean {
  if (/^(?:1|on|true|yes)$/i.test(text)) return true;
  if (/^(?:0|off|false|no|)$/i.test(text)) return false;
  throw new BailiffError('config.boolean', `\`${text}\` is neither yes nor no.`, {
    remedy: 'Write yes or no (true, on, 1; false, off, 0).',
  });
}

/**
 * A whole number as Python's int() reads it: `7`, `+7`, `007`, `1_000`.
 * @throws BailiffError `config.number`.
 */
export function parseInteger(text: string, least: number, most: number): number {
  const plain = /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(text) && text.length <= 20;
  const value = plain ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BailiffError('config.number', `\`${text}\` is no whole number from ${least} to ${most}.`, {
    remedy: `Write a whole number from ${least} to ${most}.`,
  });
}

/** @throws BailiffError `config.choice`. */
export function parseChoice<T extends string>(text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text.toLowerCase());
  if (found !== undefined) return found;
  throw new BailiffError('config.choice', `\`${text}\` is not one of ${choices.join(', ')}.`, {
    remedy: `Write one of ${choices.join(', ')}.`,
  });
}

export function parseUsedns(text: string): 'yes' | 'warn' | 'no' | 'raw' {
  return parseChoice(text, ['yes', 'warn', 'no', 'raw']);
}

/** The lines that hold something. */
export function parseLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Words between spaces and commas. */
export function parseWords(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== '');
}

/** Hours east of UTC of the abbreviations that mean one thing. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0, GMT: 0, Z: 0, WET: 0, WEST: 1, CET: 1, MEZ: 1, CEST: 2, MESZ: 2, EET: 2, EEST: 3, MSK: 3,
  EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, HST: -10, JST: 9, AEST: 10, AEDT: 11,
}; // prettier-ignore

/**
 * Seconds east of UTC of `UTC+0200`, `-05:30`, `CET`; empty = the host's own zone.
 * @throws BailiffError `config.zone`.
 */
export function parseZone(text: string): number | undefined {
  if (text === '') return undefined;
  const [, name, sign, hours, minutes] = /^([A-Za-z]+)?(?:([+-])(\d{1,2}):?(\d{2})?)?$/.exec(text) ?? [];
  const base = name === undefined ? 0 : ZONES[name.toUpperCase()];
  if (base === undefined || (name === undefined && sign === undefined)) {
    throw new BailiffError('config.zone', `\`${text}\` is no fixed time zone.`, {
      remedy: "Write an offset such as UTC+0200; zones with summer time are the host's own.",
    });
  }
  const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return base * 3600 + (sign === '-' ? -offset : offset);
}
