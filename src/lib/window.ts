/**
 * How many things may be on their way to somebody before the one who gives them waits.
 * Takes what was given and what was taken, in counts; does not hold the things.
 */
export class Window {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #untaken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** One more was given; resolves when the giver may go on. */
  async given(): Promise<void> {
    this.#untaken += 1;
    if (this.#untaken >= this.#most) await new Promise<void>((resume) => this.#waiting.push(resume));
  }

  /** One was taken: who has waited longest goes on. */
  taken(): void {
    this.#untaken -= 1;
    this.#waiting.shift()?.();
  }

  /** Nobody takes any more: all who wait go on. */
  release(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
