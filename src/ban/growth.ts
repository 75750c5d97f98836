/**
 * How long a ban of somebody who was banned before lasts: Fail2Ban's `bantime.increment` with its formula, multipliers,
 * factor, bound and random share.
 * Takes the options; gives a function of the first ban's length and the number of earlier bans. Decides nothing.
 */
import { parseArithmetic } from '../lib/arithmetic.js';

/** The names that `bantime.formula` may use. */
export const FORMULA_NAMES = ['ban.Time', 'ban.Count', 'banFactor'] as const;
const DEFAULT_FORMULA = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';

export interface GrowthOptions {
  readonly factor: string;
  /** undefined: the time doubles with each ban. */
  readonly formula: string | undefined;
  /** Override the formula; the last one holds for all further bans. */
  readonly multipliers: readonly number[];
  /** undefined: no bound. */
  readonly maxtimeSeconds: number | undefined;
  readonly rndtimeSeconds: number;
}

/** Seconds; never less than `bantimeSeconds`. `random`: from 0 to 1. */
export type Growth = (bantimeSeconds: number, earlierBans: number, random: () => number) => number;

/** @throws BailiffError `config.formula`. */
export function growthOf(options: GrowthOptions): Growth {
  const { multipliers, maxtimeSeconds, rndtimeSeconds } = options;
  const factor = parseArithmetic(options.factor)({});
  const formula = parseArithmetic(options.formula ?? DEFAULT_FORMULA, FORMULA_NAMES);
  return (bantimeSeconds, earlierBans, random) => {
    const multiplier = multipliers[Math.min(earlierBans, multipliers.length - 1)];
    const grown =
      multiplier === undefined
        ? formula({ 'ban.Time': bantimeSeconds, 'ban.Count': earlierBans, banFactor: factor })
        : bantimeSeconds * factor * multiplier;
    // What a formula makes of a number that is none (0/0, log of -1) leaves the time as it is.
    const longer = Number.isNaN(grown) ? bantimeSeconds : Math.max(bantimeSeconds, grown);
    return Math.min(longer, maxtimeSeconds ?? Infinity) + random() * rndtimeSeconds;
  };
}
