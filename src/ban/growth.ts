/**
 * How long a ban of somebody who was banned before lasts: Fail2Ban's `bantime.increment` with its formula, multipliers,
 * factor, bound and random share.
 * Takes the options; gives a function of the first ban's length and the number of earlier bans. Decides nothing.
 */
import { parseArithmetic } from '../lib/arithmetic.js';
import type { GrowthOptions } from './options.js';

/** The names that `bantime.formula` may use. */
const FORMULA_NAMES = ['ban.Time', 'ban.Count', 'banFactor'] as const;
const DEFAULT_FORMULA = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';
/** A hundred years: what a formula makes of more no calendar holds. */
const LONGEST_SECONDS = 100 * 366 * 86_400;

/** Seconds; -1 = for ever, which only a `maxtime` of -1 comes to. `random`: from 0 to 1. */
export type Growth = (bantimeSeconds: number, earlierBans: number, random: () => number) => number;

/** @throws BailiffError `config.formula`. */
export function growthOf(options: GrowthOptions): Growth {
  const { multipliers, maxtimeSeconds = LONGEST_SECONDS, rndtimeSeconds } = options;
  const factor = parseArithmetic(options.factor)({});
  const formula = parseArithmetic(options.formula ?? DEFAULT_FORMULA, FORMULA_NAMES);
  return (bantimeSeconds, earlierBans, random) => {
    const multiplier = multipliers[Math.min(earlierBans, multipliers.length - 1)];
    // A formula never shortens a ban; multipliers may.
    const grown =
      multiplier === undefined
        ? longer(
            bantimeSeconds,
            formula({ 'ban.Time': bantimeSeconds, 'ban.Count': earlierBans, banFactor: factor }),
          )
        : bantimeSeconds * factor * multiplier;
    if (maxtimeSeconds < 0) return -1;
    return Math.max(0, Math.min(grown, maxtimeSeconds, LONGEST_SECONDS)) + random() * rndtimeSeconds;
  };
}

/** What a formula makes of a number that is none (0/0, log of -1) leaves the time as it is. */
function longer(bantimeSeconds: number, grown: number): number {
  return Number.isNaN(grown) ? bantimeSeconds : Math.max(bantimeSeconds, grown);
}
