/**
 * How many messages one receiver gets: so many at once, then one for each share of the time.
 * Takes times; says how many may go now and when the next may. Remembers over a restart.
 */
export interface RateOptions {
  readonly most: number;
  /** In which `most` may be used up, milliseconds. */
  readonly spanMs: number;
}

interface RateMemory {
  readonly left: number;
  readonly atMs: number;
}

export class Rate {
  readonly #most: number;
  readonly #shareMs: number;
  #left: number;
  #atMs: number;

  constructor({ most, spanMs }: RateOptions, memory?: string) {
    this.#most = most;
    this.#shareMs = spanMs / most;
    // A parse boundary: written by `memory`.
    const kept = memory === undefined ? undefined : (JSON.parse(memory) as RateMemory);
    this.#left = Math.min(most, kept?.left ?? most);
    this.#atMs = kept?.atMs ?? 0;
  }

  /** Whole messages that may go now. */
  left(nowMs: number): number {
    return Math.floor(this.#exact(nowMs) + 1e-9);
  }

  /** When there is room for one, milliseconds since the epoch. */
  nextMs(nowMs: number): number {
    if (this.left(nowMs) >= 1) return nowMs;
    return Math.ceil(nowMs + (1 - this.#exact(nowMs)) * this.#shareMs);
  }

  take(nowMs: number): void {
    this.#left = Math.max(0, this.#exact(nowMs) - 1);
    this.#atMs = nowMs;
  }

  memory(): string {
    return JSON.stringify({ left: this.#left, atMs: this.#atMs } satisfies RateMemory);
  }

  /** A clock that was set back gives nothing. */
  /** A clock that was set back gives nothing. */
  #exact(nowMs: number): number {
    return Math.min(this.#most, this.#left + Math.max(0, nowMs - this.#atMs) / this.#shareMs);
  }
}
