/**
 * Reads `bantime.increment` and its options of one jail.
 * Takes the options' texts; gives what the ban stage needs, undefined where bans do not grow. Each is checked either way.
 */
import type { GrowthOptions } from '../ban/options.js';
import { BailiffError } from '../lib/errors.js';
import { parseDuration } from './duration.js';
import { checkFactor, checkFormula, parseMultipliers } from './jail-expressions.js';
import { findSetting } from './settings.js';
import { parseBoolean } from './values.js';

/** Runs one part; what does not hold is told at the option's place and gives undefined. */
type Attempt = <T>(option: string, read: () => T) => T | undefined;

export function readGrowth(textOf: (option: string) => string, attempt: Attempt): GrowthOptions | undefined {
  const read = <T>(option: string, parse: (text: string) => T): T | undefined =>
    attempt(option, () => parse(textOf(option)));
  const isOn = read('bantime.increment', parseBoolean) ?? false;
  const formula = read('bantime.formula', (text) => (checkFormula(text), text)) ?? '';
  const factor = read('bantime.factor', (text) => (checkFactor(text), text)) ?? '';
  const multipliers = read('bantime.multipliers', parseMultipliers) ?? [];
  const maxtimeSeconds = read('bantime.maxtime', (text) => timeOf('bantime.maxtime', text));
  const rndtimeSeconds = read('bantime.rndtime', (text) => timeOf('bantime.rndtime', text)) ?? 0;
  const overallJails = read('bantime.overalljails', parseBoolean) ?? false;
  if (!isOn) return undefined;
  return {
    factor: factor === '' ? '1' : factor,
    formula: formula === '' ? undefined : formula,
    multipliers,
    maxtimeSeconds,
    rndtimeSeconds,
    overallJails,
  };
}

function timeOf(option: string, text: string): number | undefined {
  if (text === '') return undefined;
  const seconds = parseDuration(text);
  const [least, most] = findSetting('jail', option)?.range ?? [0, Number.MAX_SAFE_INTEGER];
  if (seconds >= least && seconds <= most) return seconds;
  throw new BailiffError('config.time', `\`${text}\` is ${seconds} s, outside ${least} s to 10 years.`, {
    remedy: 'Write a time such as 1h.',
  });
}
