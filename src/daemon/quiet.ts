/**
 * Waits until something that came in bursts has been quiet for a moment, but not for ever.
 * Used to print the table of jails once the look back is over.
 */
const QUIET_MS = 250;
const LONGEST_MS = 3_000;

export class Quiet {
  readonly reached: Promise<void>;
  #reach: () => void = () => undefined;
  #timer: NodeJS.Timeout;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    this.#timer = setTimeout(() => this.#reach(), QUIET_MS * 2);
    setTimeout(() => this.#reach(), LONGEST_MS).unref();
  }

  /** It is not quiet now. */
  stir(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reach(), QUIET_MS);
  }
}
