/**
 * How long to wait after faults in a row: doubling, with chance in it, so that hosts do not come back all at once.
 */
const FIRST_MS = 5_000;
/** Well below the 15 minutes in which what is in doubt may be asked again. */
const LONGEST_MS = 240_000;

export class BackOff {
  readonly #random: () => number;
  #faults = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get faults(): number {
    return this.#faults;
  }

  /** Another fault; gives how long to wait, milliseconds. */
  fault(): number {
    const spanMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#faults, 20));
    this.#faults += 1;
    return Math.round(spanMs * (0.5 + this.#random() / 2));
  }

  reset(): void {
    this.#faults = 0;
  }
}
