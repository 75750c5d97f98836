/**
 * An action that is configured and not carried out: it says why, so that `status` and the log are never silent about it.
 * Takes decisions and does nothing with them.
 */
import type { Effect, EffectState } from './effect.js';

export class OffEffect implements Effect {
  readonly name: string;
  readonly #detail: string;

  /** `detail`: one sentence why it is off. */
  constructor(name: string, detail: string) {
    this.name = name;
    this.#detail = detail;
  }

  follow(): void {
    // Nothing follows; `state` says so.
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  state(): EffectState {
    return { state: 'off', detail: this.#detail, queued: 0, done: 0, failed: 0 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
