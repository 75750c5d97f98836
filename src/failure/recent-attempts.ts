/**
 * Which attempts were added to lately: they stay as they are, for more may come; older ones are packed. Packing at each
 * failure, and unpacking at the next, would cost more than all other counting.
 * Takes attempts as they are added to. Bounded: so many, first come, first packed.
 */
import type { Attempts } from './attempts.js';

const MOST_RECENT = 256;

export class RecentAttempts {
  readonly #ring: (Attempts | undefined)[] = Array.from({ length: MOST_RECENT }, () => undefined);
  #next = 0;

  use(attempts: Attempts): void {
    if (attempts.isRecent) return;
    this.#ring[this.#next]?.pack();
    this.#ring[this.#next] = attempts;
    attempts.isRecent = true;
    this.#next = (this.#next + 1) % MOST_RECENT;
  }
}
