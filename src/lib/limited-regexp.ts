/**
 * A RegExp whose search is given up when it takes too long.
 * Takes a RegExp and a limit; `exec` gives what the RegExp gives, or throws OutOfTime.
 */
import type { TimeLimit } from './time-limit.js';

/** What can be split in two ways at every sign is through a text this short before any limit. */
const HARMLESS_LENGTH = 16;

export class LimitedRegExp extends RegExp {
  readonly #inner: RegExp;
  readonly #limit: TimeLimit;

  constructor(inner: RegExp, limit: TimeLimit) {
    super(inner);
    this.#inner = inner;
    this.#limit = limit;
  }

  /** @throws OutOfTime. */
  override exec(text: string): RegExpExecArray | null {
    if (text.length <= HARMLESS_LENGTH) return this.#inner.exec(text);
    return this.#limit.run(() => this.#inner.exec(text));
  }
}
