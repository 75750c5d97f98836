/**
 * Numbers and times as Fail2Ban's server reads them, with Python's words for what is none.
 * Takes a word; gives the number. Times are expressions that are read by our own small grammar, never evaluated.
 */
import { parseDuration } from '../../config/duration.js';
import { reprOf } from '../../lib/python-value.js';
import { type Refusal, refusal, refusalOf } from './refusal.js';

/** As in the configuration. */
const MOST = 1_000_000;

/** Python's int(). @throws Refusal */
export function integerOf(word: string): number {
  const digits = word.trim();
  if (/^[-+]?\d{1,15}$/.test(digits)) return Number(digits);
  throw refusal(`invalid literal for int() with base 10: ${reprOf(word)}`);
}

/** The same, of what memory is kept for. @throws Refusal */
export function boundedInteger(word: string, most = MOST): number {
  const number = integerOf(word);
  if (number > most) throw refusal(`Bailiff takes ${most} at most`);
  return number;
}

export interface Seconds {
  readonly seconds: number;
  /** Months and years are fractions to Fail2Ban, and shown as such. */
  readonly isFloat: boolean;
}

/** Seconds of a time such as `1d12h`. @throws Refusal */
export function secondsOf(word: string): Seconds {
  try {
    return { seconds: parseDuration(word), isFloat: /\d\s*(?:mo|y)|[./]/i.test(word) };
  } catch {
    throw notATime(word);
  }
}

/** As it is shown: `600`, `2629800.0`. */
export function shownSeconds({ seconds, isFloat }: Seconds): number | { readonly float: number } {
  return isFloat ? { float: seconds } : seconds;
}

/** Python's bool of a word: what is not yes is no. */
export function isYes(word: string): boolean {
  return /^(?:1|on|true|yes)$/i.test(word);
}

function notATime(word: string): Refusal {
  const name = /^\s*([a-z_]\w*)\s*$/i.exec(word)?.[1];
  if (name !== undefined) return refusal(`name '${name}' is not defined`);
  return refusalOf('invalid syntax (<string>, line 1)', [
    'invalid syntax',
    { tuple: ['<string>', 1, 0, word, 1, 0] },
  ]);
}
