/**
 * How many connections the control socket holds: overall, per user, and some that only root gets.
 * One user can neither starve another nor keep root out (after OpenSMTPD's control socket).
 * Takes user ids, undefined = unreadable, counted as one user. Does not know sockets.
 */
export interface ConnectionLimits {
  readonly connections: number;
  readonly perUser: number;
  /** Of `connections`, those kept for root and the daemon's own user. */
  readonly reserved: number;
}

export class ConnectionQuota {
  readonly #limits: ConnectionLimits;
  readonly #perUser = new Map<number | undefined, number>();
  #open = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#open;
  }

  /** Takes a place, or says that there is none. */
  enter(uid: number | undefined, privileged: boolean): boolean {
    const mine = this.#perUser.get(uid) ?? 0;
    const limit = this.#limits.connections - (privileged ? 0 : this.#limits.reserved);
    if (this.#open >= limit || mine >= this.#limits.perUser) return false;
    this.#open += 1;
    this.#perUser.set(uid, mine + 1);
    return true;
  }

  leave(uid: number | undefined): void {
    const mine = this.#perUser.get(uid) ?? 0;
    if (mine === 0) return;
    this.#open -= 1;
    if (mine === 1) this.#perUser.delete(uid);
    else this.#perUser.set(uid, mine - 1);
  }
}
