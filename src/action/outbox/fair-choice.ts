/**
 * Whose turn it is: which of the jails that have something due may use what is left of the day's allowance.
 * A jail may always use its share. Beyond that it gets what the others will not need: the less is left of the day, the
 * less is held back for them. So nothing is wasted, and one noisy jail starves nobody.
 */
import type { Allowance } from './courier.js';

const DAY_MS = 86_400_000;

export interface Turn {
  /** Jails that have something due. */
  readonly due: Iterable<string>;
  /** How many of each jail's went out today. */
  readonly sent: ReadonlyMap<string, number>;
  /** All jails that send by this courier. */
  readonly sharing: readonly string[];
  /** undefined = no limit. */
  readonly allowance: Allowance | undefined;
  readonly nowMs: number;
}

/** The jails that may send now, the one that has sent least first. */
export function fairOrder({ due, sent, sharing, allowance, nowMs }: Turn): readonly string[] {
  const sentBy = (jail: string): number => sent.get(jail) ?? 0;
  const order = [...due].sort((one, other) => sentBy(one) - sentBy(other) || one.localeCompare(other));
  if (allowance === undefined) return order;
  const jails = new Set([...sharing, ...order]);
  const share = allowance.limit / Math.max(1, jails.size);
  const left = 1 - (nowMs % DAY_MS) / DAY_MS;
  const reserveBeside = (jail: string): number =>
    [...jails]
      .filter((other) => other !== jail)
      .reduce((sum, other) => sum + Math.max(0, share - sentBy(other)) * left, 0);
  return order.filter((jail) => sentBy(jail) < share || allowance.remaining > reserveBeside(jail));
}
