/**
 * Runs a piece of synchronous work that is given up when it takes too long, in the thread that waits for it.
 * Takes the work; gives its result, or throws OutOfTime. Node limits work by the clock on the wall alone; so it is tried
 * again until a try had its time on a processor too: a thread that had to wait for one is not mistaken for one that runs
 * away. A call costs about 0.1 ms (a thread that watches), so this is for the few that need it.
 */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/** By what the script finds its work. */
const WORK = 'bailiff.work';
const MOST_TRIES = 20;
/** A try that had this much of its time on a processor had enough: timers come early, and to be cut off takes time too. */
const SPENT = 2 / 3;
/** Where processor time cannot be read; the first try may have compiled. */
const BLIND_TRIES = 3;

export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export class TimeLimit {
  readonly #limitMs: number;
  readonly #script = new Script(`globalThis[Symbol.for('${WORK}')]()`);
  #spentMs = 0;

  /** What each try may take, milliseconds. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @throws OutOfTime, and what the work throws. */
  run<Result>(work: () => Result): Result {
    // The script runs in this context and can hand nothing on by itself.
    let result: { readonly value: Result } | undefined;
    Reflect.set(globalThis, Symbol.for(WORK), () => {
      result = { value: work() };
    });
    const startMs = performance.now();
    let beforeMs: number | undefined;
    for (let tries = 1; !this.#isThrough(); tries += 1) {
      const afterMs = processorMs();
      const isSpent =
        afterMs === undefined
          ? tries >= BLIND_TRIES
          : beforeMs !== undefined && afterMs - beforeMs > this.#limitMs * SPENT;
      if (isSpent || tries >= MOST_TRIES) {
        this.#spentMs += performance.now() - startMs;
        throw new OutOfTime(`given up after ${tries} × ${this.#limitMs} ms`);
      }
      beforeMs = afterMs;
    }
    if (result === undefined) throw new OutOfTime('it gave nothing');
    return result.value;
  }

  /** How long was spent on what was given up since this was last asked, milliseconds. */
  takeSpentMs(): number {
    const spentMs = this.#spentMs;
    this.#spentMs = 0;
    return spentMs;
  }

  #isThrough(): boolean {
    try {
      this.#script.runInThisContext({ timeout: this.#limitMs });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        return false;
      throw error;
    }
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * What this thread has had of a processor, milliseconds: /proc/thread-self/schedstat, first field (proc(5)). The kernel
 * writes it down when a thread gives the processor up, so it does. undefined: not Linux, or a kernel without it.
 */
function processorMs(): number | undefined {
  Atomics.wait(never, 0, 0, 0.01);
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}
