/**
 * Answers what the commands of shell actions ask: from the jails, the store and the resolver.
 * Takes those; gives the action room's ShellSurroundings. Reads only what a command names.
 */
import type { PastFailures, ShellSurroundings } from '../../action/shell/surroundings.js';
import type { Ban } from '../../ban/ban.js';
import { groupsOf } from '../../failure/failure-groups.js';
import type { Jails } from '../../jail/jails.js';
import type { Clock } from '../../lib/clock.js';
import type { Store } from '../../store/store.js';
import type { AddressNames } from '../asking/address-names.js';

/** No command wants to be told more of the past. */
const MOST_BANS = 100;
const NO_GROUPS: Readonly<Record<string, string>> = {};

export interface ShellSurroundingsParts {
  readonly jails: Jails;
  readonly store: Pick<Store, 'bans' | 'failures'>;
  readonly addressNames: AddressNames;
  readonly clock: Clock;
  /** How long past bans are told of. */
  readonly pastSeconds: number;
  /** Lines told of each ban. */
  readonly keptMatches: number;
}

export function shellSurroundings(parts: ShellSurroundingsParts): ShellSurroundings {
  const { jails, store, addressNames, clock, pastSeconds, keptMatches } = parts;
  /** As many lines as Fail2Ban tells: of a ban from its database as many as that keeps, else as many as the jail does. */
  const mostOf = ({ origin, jail }: Ban): number =>
    origin === 'restored' ? keptMatches : (jails.get(jail)?.options.failure.maxmatches ?? keptMatches);
  const evidenceOf = (ban: Ban): readonly string[] =>
    ban.evidence ??
    newest(
      store.failures.ofNewestBan(ban.jail, ban.target).map(({ text }) => text),
      mostOf(ban),
    );

  const pastOf = (ban: Ban, where: 'jail' | 'all'): PastFailures => {
    const sinceMs = clock.now() - pastSeconds * 1000;
    const isThis = (other: Ban): boolean => other.jail === ban.jail && other.bannedAtMs === ban.bannedAtMs;
    const targets = [...new Set([ban.target, ban.address ?? ban.target])];
    // What an admin lifted was no offence.
    const bans = store.bans
      .history(targets, MOST_BANS)
      .filter((past) => past.endedWhy !== 'hand' && past.bannedAtMs >= sinceMs && !isThis(past))
      .filter((past) => where === 'all' || past.jail === ban.jail);
    const all = [ban, ...bans].sort((one, other) => one.bannedAtMs - other.bannedAtMs);
    return {
      failures: all.reduce((sum, each) => sum + each.failures, 0),
      lines: all.flatMap((each) => newest(evidenceOf(each), keptMatches)),
    };
  };

  return {
    evidenceOf,
    pastOf,
    dataOf: (ban) => {
      if (ban.evidence !== undefined) return ban.data ?? NO_GROUPS;
      const [first] = store.failures.ofNewestBan(ban.jail, ban.target);
      return (first && groupsOf(first)) ?? NO_GROUPS;
    },
    counters: (name) => {
      const jail = jails.get(name);
      return {
        found: jail?.failures.currentlyFailed(clock.now()) ?? 0,
        foundTotal: jail?.failures.totalFailed ?? 0,
        banned: jail?.bans.size ?? 0,
        bannedTotal: jail?.bans.total ?? 0,
      };
    },
    hostNameOf: (address) => addressNames.nameOf(address),
  };
}

function newest(lines: readonly string[], most: number): readonly string[] {
  return most > 0 ? lines.slice(-most) : [];
}
