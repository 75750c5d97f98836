/**
 * Verdicts of `ignorecommand` by the key that `ignorecache` asks for: so many, for so long, the oldest go first.
 * Takes keys that strangers may have written; their length is bounded, and so is the memory.
 */
import type { IgnoreCache } from '../../failure/options.js';

/** A longer key is not remembered. */
const LONGEST_KEY = 1024;

export class IgnoreVerdicts {
  readonly #most: number;
  readonly #keptMs: number;
  readonly #now: () => number;
  readonly #byKey = new Map<string, { readonly isIgnored: boolean; readonly untilMs: number }>();

  constructor({ maxCount, maxTimeSeconds }: IgnoreCache, now: () => number) {
    this.#most = maxCount;
    this.#keptMs = maxTimeSeconds * 1000;
    this.#now = now;
  }

  of(key: string): boolean | undefined {
    const known = this.#byKey.get(key);
    return known !== undefined && known.untilMs > this.#now() ? known.isIgnored : undefined;
  }

  note(key: string, isIgnored: boolean): void {
    if (key.length > LONGEST_KEY) return;
    this.#byKey.delete(key);
    for (const oldest of this.#byKey.keys()) {
      if (this.#byKey.size < this.#most) break;
      this.#byKey.delete(oldest);
    }
    this.#byKey.set(key, { isIgnored, untilMs: this.#now() + this.#keptMs });
  }
}
