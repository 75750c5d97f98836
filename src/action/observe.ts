/**
 * The action that touches nothing: it counts what it is given, so that a daemon without `--enforce` runs the same way.
 * Takes decisions; gives its counts.
 */
import type { Decision } from '../ban/ban.js';
import type { Effect, EffectState } from './effect.js';

export class ObserveEffect implements Effect {
  readonly name = 'observe';
  #done = 0;

  follow(decisions: readonly Decision[]): void {
    this.#done += decisions.length;
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  state(): EffectState {
    return {
      state: 'off',
      detail: 'observes: decides and tells, touches no firewall',
      queued: 0,
      done: this.#done,
      failed: 0,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
