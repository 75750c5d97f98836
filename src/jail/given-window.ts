/**
 * How many batches may be on their way to the main thread before the sources wait. What was taken is counted in shared memory,
 * so that nobody is woken for it but a source that waits. Takes word that something was taken; holds nothing.
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { ProgressWriter } from './progress.js';

/** Batches handed over and not taken yet; beyond it the sources wait. */
const MAX_UNTAKEN = 8;

export class GivenWindow {
  readonly #progress: ProgressWriter;
  readonly #waiting: (() => void)[] = [];
  #freed = 0;

  constructor(progress: ProgressWriter) {
    this.#progress = progress;
  }

  /** Resolves when the giver may go on. */
  async free(): Promise<void> {
    this.#freed += 1;
    // A source that never waits would let nobody else in: no message, no other source.
    if (this.#freed % MAX_UNTAKEN === 0) await yieldToOthers();
    if (this.#room > 0) return;
    await new Promise<void>((resume) => {
      this.#waiting.push(resume);
      this.taken();
    });
  }

  /** Some were taken: who have waited longest go on. */
  taken(): void {
    // Told first: what is taken after the look below is told by a message then.
    this.#progress.waits(true);
    for (const resume of this.#waiting.splice(0, Math.max(0, this.#room))) resume();
    if (this.#waiting.length === 0) this.#progress.waits(false);
  }

  /** Nobody takes any more: all who wait go on. */
  release(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  get #room(): number {
    return MAX_UNTAKEN - this.#progress.untaken;
  }
}
