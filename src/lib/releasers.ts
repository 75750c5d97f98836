/**
 * Resources in the order they were opened, released in reverse, each even if another one fails.
 * Takes named release functions; gives the failures. Does not time out by itself.
 */
import { messageOf } from './errors.js';

type Release = () => void | Promise<void>;

export class Releasers {
  readonly #stack: { readonly name: string; readonly release: Release }[] = [];

  /** Remembers how to release `name`. */
  add(name: string, release: Release): void {
    this.#stack.push({ name, release });
  }

  /** Releases all, last opened first; gives what failed. */
  async releaseAll(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      try {
        await next.release();
      } catch (error) {
        failures.push(`${next.name}: ${messageOf(error)}`);
      }
    }
    return failures;
  }
}
