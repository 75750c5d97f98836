/**
 * Keeps a dispatcher going: step after step, and asleep in between. One for each courier; it holds up nobody.
 * Takes the dispatcher; told to look when something new was written. What is on its way at the end is left without answer.
 */
import { messageOf } from '../../lib/errors.js';
import type { Dispatcher } from './dispatcher.js';

/** After a step that failed: the store could not be written, or read. */
const TROUBLE_MS = 10_000;
const LONGEST_MS = 3_600_000;

/** Runs something later; gives how to have it not run. */
export type Timer = (delayMs: number, run: () => Promise<void>) => () => void;

const systemTimer: Timer = (delayMs, run) => {
  const timer = setTimeout(() => void run(), delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

export class OutboxSender {
  readonly #dispatcher: Pick<Dispatcher, 'step'>;
  readonly #now: () => number;
  readonly #trouble: (text: string) => void;
  readonly #timer: Timer;
  #wakeNoMore: () => void = () => undefined;
  #plannedMs = Number.POSITIVE_INFINITY;
  #isBusy = false;
  #step: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    dispatcher: Pick<Dispatcher, 'step'>,
    now: () => number,
    trouble: (text: string) => void,
    timer: Timer = systemTimer,
  ) {
    this.#dispatcher = dispatcher;
    this.#now = now;
    this.#trouble = trouble;
    this.#timer = timer;
  }

  /** Something is due at `atMs`; returns at once. */
  wake(atMs: number): void {
    if (this.#isClosed || atMs >= this.#plannedMs) return;
    this.#plannedMs = atMs;
    if (!this.#isBusy) this.#sleep();
  }

  /** Resolves when the step that is under way has ended. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#wakeNoMore();
    return this.#step;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    this.#plannedMs = Number.POSITIVE_INFINITY;
    let nextMs: number;
    try {
      nextMs = (await this.#dispatcher.step()) ?? Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!this.#isClosed) this.#trouble(messageOf(error));
      nextMs = this.#now() + TROUBLE_MS;
    }
    this.#isBusy = false;
    this.#plannedMs = Math.min(this.#plannedMs, nextMs);
    if (!this.#isClosed) this.#sleep();
  }

  #sleep(): void {
    this.#wakeNoMore();
    if (this.#plannedMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, this.#plannedMs - this.#now()), LONGEST_MS);
    this.#wakeNoMore = this.#timer(delayMs, () => {
      this.#step = this.#run();
      return this.#step;
    });
  }
}
