/**
 * Holds a jail's bans back when, soon after its filter or its counting changed, they are too many: a slip of the pen in an
 * expression would lock everybody out. Takes tickets and when bans were made; keeps those that it holds until it is told.
 * Times are milliseconds since the epoch. Does not ban.
 */
import type { Ticket } from '../failure/ticket.js';

const MINUTE_MS = 60_000;
/** For so long after a change the bans are watched. */
const WATCH_MS = 15 * MINUTE_MS;
/** Addresses held at once; beyond it the one held longest is let go, and counted. */
const MOST_HELD = 100_000;

export class Breaker {
  /** Bans that are not too many within a minute; 0 = never are. */
  limit: number;
  #watchedUntilMs = Number.NEGATIVE_INFINITY;
  #madeMs: number[] = [];
  #heldSinceMs: number | undefined;
  readonly #held = new Map<string, Ticket>();
  #letGo = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Since when bans are held back; undefined = they are not. */
  get heldSinceMs(): number | undefined {
    return this.#heldSinceMs;
  }

  /** Addresses whose bans are held back. */
  get held(): number {
    return this.#held.size;
  }

  /** Addresses that were held back and have been forgotten. */
  get letGo(): number {
    return this.#letGo;
  }

  /** What judges has changed: its bans are watched, and what was held back by the former judgement is let go. */
  watch(nowMs: number): void {
    this.#end();
    this.#watchedUntilMs = nowMs + WATCH_MS;
  }

  /** Whether the ban of a ticket is held back, from now or already; undefined = it is not. */
  take(ticket: Ticket, nowMs: number): 'first' | 'more' | undefined {
    if (this.#heldSinceMs !== undefined) {
      this.#keep(ticket);
      return 'more';
    }
    if (this.limit <= 0 || nowMs >= this.#watchedUntilMs) return undefined;
    this.#madeMs = this.#madeMs.filter((madeMs) => madeMs > nowMs - MINUTE_MS);
    if (this.#madeMs.length < this.limit) return undefined;
    this.#heldSinceMs = nowMs;
    this.#keep(ticket);
    return 'first';
  }

  /** A ban was made. */
  note(nowMs: number): void {
    if (this.limit > 0 && nowMs < this.#watchedUntilMs) this.#madeMs.push(nowMs);
  }

  /** The bans are right: gives the tickets that were held back, and watches no longer. */
  release(): readonly Ticket[] {
    const tickets = [...this.#held.values()];
    this.#end();
    this.#watchedUntilMs = Number.NEGATIVE_INFINITY;
    return tickets;
  }

  #end(): void {
    this.#held.clear();
    this.#heldSinceMs = undefined;
    this.#madeMs = [];
  }

  #keep(ticket: Ticket): void {
    this.#held.delete(ticket.id);
    this.#held.set(ticket.id, ticket);
    const [oldest] = this.#held.keys();
    if (this.#held.size <= MOST_HELD || oldest === undefined) return;
    this.#held.delete(oldest);
    this.#letGo += 1;
  }
}
