/**
 * The thread that will hear, started before anybody knows what: it loads while the configuration is read, and compiles the
 * expressions while the rest of the daemon loads. Takes filters; gives the verdict on them, and the thread to whoever
 * drives it from then on. Hears nothing.
 */
import type { Worker } from 'node:worker_threads';
import type { FilterOptions } from '../../filter/match.js';
import type { FromWorker, ToWorker } from '../../jail/hear-messages.js';
import { startHearingWorker } from './begin-hearing.js';

let begun: EarlyHearing | undefined;

/** The one of this process; started with the first call. */
export function beginHearing(): EarlyHearing {
  begun ??= new EarlyHearing();
  return begun;
}

export class EarlyHearing {
  #worker: Worker | undefined = startHearingWorker();

  constructor() {
    // A thread that fails is done without: another one is started, which tells why.
    const gone = (): void => void (this.#worker = undefined);
    this.#worker?.once('error', gone).once('exit', gone);
    // Whoever is told of wrong use does not wait for it.
    this.#worker?.unref();
  }

  /** Whether every filter can be compiled; false also where nobody can tell. */
  check(filters: readonly FilterOptions[]): Promise<boolean> {
    const worker = this.#worker;
    if (worker === undefined) return Promise.resolve(false);
    worker.ref();
    return new Promise((resolve) => {
      worker.once('message', (message: FromWorker) => resolve(message.kind === 'checked' && message.isSound));
      worker.once('exit', () => resolve(false));
      const request: ToWorker = { kind: 'check', filters };
      worker.postMessage(request);
    });
  }

  /** The thread, to be driven by somebody else; undefined where there is none any more. */
  take(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    return worker;
  }

  /** Ends the thread, unless it was taken. */
  async close(): Promise<void> {
    await this.take()?.terminate();
  }
}
