/**
 * What is left of a day's requests to one endpoint, by our own count and by what the receiver says: the smaller holds.
 * A day is one in UTC. Counted before a request goes out, since its answer may be lost; remembered over a restart.
 */
const DAY_MS = 86_400_000;

export interface QuotaMemory {
  readonly day: number;
  readonly limit: number;
  readonly remaining: number;
  readonly closedUntilMs: number;
}

export class Quota {
  #day: number;
  #limit: number;
  #remaining: number;
  #closedUntilMs: number;

  /** `limit`: what holds until the receiver says otherwise. */
  constructor(limit: number, memory?: QuotaMemory) {
    this.#limit = memory?.limit ?? limit;
    this.#remaining = memory?.remaining ?? limit;
    this.#day = memory?.day ?? 0;
    this.#closedUntilMs = memory?.closedUntilMs ?? 0;
  }

  limit(nowMs: number): number {
    this.#turn(nowMs);
    return this.#limit;
  }

  remaining(nowMs: number): number {
    this.#turn(nowMs);
    return this.#remaining;
  }

  /** The receiver says that nothing is left until then, whatever day it is here. */
  close(untilMs: number): void {
    this.#remaining = 0;
    this.#closedUntilMs = untilMs;
  }

  /** When there is something left again. */
  opensAtMs(nowMs: number): number {
    if (this.remaining(nowMs) > 0) return nowMs;
    return this.#closedUntilMs > nowMs ? this.#closedUntilMs : endOfDayMs(nowMs);
  }

  charge(nowMs: number): void {
    this.#turn(nowMs);
    this.#remaining = Math.max(0, this.#remaining - 1);
  }

  /** The receiver's own count, as its headers say; what it does not say is undefined. */
  hear(limit: number | undefined, remaining: number | undefined, nowMs: number): void {
    this.#turn(nowMs);
    if (limit !== undefined && limit > this.#limit && remaining !== undefined) this.#remaining = remaining;
    if (limit !== undefined) this.#limit = limit;
    if (remaining !== undefined) this.#remaining = Math.min(this.#remaining, remaining);
    this.#remaining = Math.min(this.#remaining, this.#limit);
  }

  memory(): QuotaMemory {
    return {
      day: this.#day,
      limit: this.#limit,
      remaining: this.#remaining,
      closedUntilMs: this.#closedUntilMs,
    };
  }

  #turn(nowMs: number): void {
    if (nowMs < this.#closedUntilMs) return;
    const day = Math.floor(nowMs / DAY_MS);
    if (day <= this.#day && this.#closedUntilMs === 0) return;
    this.#day = Math.max(day, this.#day);
    this.#closedUntilMs = 0;
    this.#remaining = this.#limit;
  }
}

/** When the day of `nowMs` ends, in UTC. */
export function endOfDayMs(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
}
