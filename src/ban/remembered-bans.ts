/**
 * A history of bans in memory, for a replay, which has no store.
 * Takes bans as they are made; gives the last ones of a target. Bounded: targets banned longest ago are forgotten first.
 */
import type { BanHistory, LastBan } from './history.js';

const MOST_TARGETS = 100_000;

export class RememberedBans implements BanHistory {
  readonly #byTarget = new Map<string, readonly LastBan[]>();

  lastBans(target: string): readonly LastBan[] {
    return this.#byTarget.get(target) ?? [];
  }

  note(target: string, ban: LastBan): void {
    const others = this.lastBans(target).filter(({ jail }) => jail !== ban.jail);
    this.#byTarget.delete(target);
    this.#byTarget.set(target, [...others, ban]);
    if (this.#byTarget.size <= MOST_TARGETS) return;
    const [oldest] = this.#byTarget.keys();
    if (oldest !== undefined) this.#byTarget.delete(oldest);
  }
}
