/**
 * Whether the thread that hears is alive: it answers when it is asked, and says so by itself once it has begun.
 * Both ends of one channel within the process; whoever hears at the time answers. Decides nothing.
 */
import { BroadcastChannel } from 'node:worker_threads';

const CHANNEL = 'bailiff: signs of life';
const QUESTION = 'alive?';
const ANSWER = 'alive';

/** For the thread that hears; to be called when it begins. */
export function giveSignsOfLife(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', (event: unknown) => {
    if (textOf(event) === QUESTION) channel.postMessage(ANSWER);
  });
  // It shall not keep a thread that has nothing more to hear.
  channel.unref();
  channel.postMessage(ANSWER);
}

/** For the main thread. */
export class SignsOfLife {
  /** Resolves with the first sign: lines are heard. */
  readonly first: Promise<void>;
  readonly #channel = new BroadcastChannel(CHANNEL);
  #lastMs = performance.now();

  constructor() {
    this.first = new Promise((resolve) => {
      this.#channel.addEventListener('message', (event: unknown) => {
        if (textOf(event) !== ANSWER) return;
        this.#lastMs = performance.now();
        resolve();
      });
    });
    this.#channel.unref();
  }

  /** Milliseconds since the last sign. */
  get silentMs(): number {
    return performance.now() - this.#lastMs;
  }

  ask(): void {
    this.#channel.postMessage(QUESTION);
  }

  close(): void {
    this.#channel.close();
  }
}

function textOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
}
