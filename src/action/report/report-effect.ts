/**
 * The action that reports: its work lies in the outbox already when it follows, so it only wakes the one that sends.
 * Takes decisions; gives the state of the reports of its jail. It never holds up anything.
 */
import type { Decision } from '../../ban/ban.js';
import type { Effect, EffectState } from '../effect.js';

export class ReportEffect implements Effect {
  readonly name: string;
  readonly #wake: () => void;
  readonly #state: () => EffectState;

  constructor(name: string, wake: () => void, state: () => EffectState) {
    this.name = name;
    this.#wake = wake;
    this.#state = state;
  }

  follow(decisions: readonly Decision[]): void {
    if (decisions.some(({ kind }) => kind === 'ban')) this.#wake();
  }

  /** What is on its way out is durable: nobody waits for it. */
  settled(): Promise<void> {
    return Promise.resolve();
  }

  state(): EffectState {
    return this.#state();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
