/**
 * Waits until something that came in bursts has been quiet for a moment, but not for ever.
 * Used to print the table of jails once the look back is over.
 */
const QUIET_MS = 500;
const LONGEST_MS = 3_000;

export class Quiet {
  readonly reached: Promise<void>;
  readonly #isTimed: boolean;
  #resolve: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `isTimed` false: only `reach` ends it. */
  constructor(isTimed: boolean) {
    this.#isTimed = isTimed;
    this.reached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (!isTimed) return;
    this.stir();
    setTimeout(() => this.reach(), LONGEST_MS).unref();
  }

  /** It is not quiet now. */
  stir(): void {
    clearTimeout(this.#timer);
    if (this.#isTimed) this.#timer = setTimeout(() => this.reach(), QUIET_MS);
  }

  /** It is over. */
  reach(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }
}
