/**
 * How much a failure of somebody who was banned before counts, while bans grow (`bantime.increment`).
 * Takes the number of earlier bans; gives a weight.
 */

/** 1, 2, 3, 5, 9, …: as Fail2Ban counts tries of an address that it knows to be bad. */
export function failureWeight(earlierBans: number): number {
  return earlierBans <= 0 ? 1 : 2 ** (Math.min(earlierBans, 20) - 1) + 1;
}
