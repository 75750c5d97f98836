/**
 * What earlier bans count for: how often somebody was banned before, by one jail or by all.
 * Takes a record of last bans, which the surroundings keep; gives a number. Remembers nothing itself.
 */

/** The last ban of a target by one jail. */
export interface LastBan {
  readonly jail: string;
  /** The how-manyeth it was. */
  readonly banCount: number;
}

/** Kept by the store, or by a replay. */
export interface BanHistory {
  /** The last ban of `target` by each jail, without those that an admin's hand lifted: who is let off begins anew. */
  lastBans(target: string): readonly LastBan[];
  /** Is told of each ban, where nobody else writes it down. */
  note?(target: string, ban: LastBan): void;
}

export const NO_HISTORY: BanHistory = { lastBans: () => [] };

/** Bans before now; `jail` undefined = those of all jails, added up as Fail2Ban does. */
export function earlierBans(history: BanHistory, target: string, jail: string | undefined): number {
  let sum = 0;
  for (const last of history.lastBans(target))
    if (jail === undefined || last.jail === jail) sum += last.banCount;
  return sum;
}
