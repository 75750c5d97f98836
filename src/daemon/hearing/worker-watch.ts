/**
 * Watches the hearing worker from the main thread: an expression that runs away on a hostile line is noticed by the
 * processor time that the worker spends on one line, so that a machine under load is not mistaken for an attack.
 * Takes the shared progress; calls back once. Does not kill by itself.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readProgress, type Standing, STIR_EVERY_MS } from '../../jail/progress.js';
import { loadThreadTimer } from './thread-timer.js';

/**
 * Processor time that one line may cost in one jail, from when it is first seen: with a look before it and one behind
 * less than 50 ms.
 */
const LINE_BUDGET_MS = 30;
/** The same outside of expressions: what V8 compiles by the way is no line's fault. */
const ELSEWHERE_BUDGET_MS = 500;
const LOOK_MS = 10;
/** As often by the worker's own clock, which is up to 4 ms late. */
const LOOK_SPENT_MS = 8;
/** A line that has cost this much is likely to cost more: it is looked at more often. */
const SUSPECT_MS = 4;
const SUSPECTED_LOOK_MS = 5;
/** Where there is no such clock: so long after it was stirred last a worker that stands in no line is not looked at. */
const REST_AFTER_MS = 2 * STIR_EVERY_MS;

/** The line at which the worker stood when it was looked at last, and what it has cost since it was first seen. */
interface Seen {
  readonly steps: number;
  readonly isTrying: boolean;
  readonly atMs: number;
  readonly tryingMs: number;
  readonly elsewhereMs: number;
}

export class WorkerWatch {
  readonly #memory: SharedArrayBuffer;
  readonly #stuck: (standing: Standing) => void;
  readonly #suspected: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Stops the looks by the worker's own clock. */
  #stopClock: (() => void) | undefined;
  /** `performance.now()`; undefined = nobody tells, so it never rests. */
  #stirredMs: number | undefined;
  #threadPath: string | undefined;
  #seen: Seen | undefined;
  #next: NodeJS.Timeout | undefined;
  #killed = false;
  #isClosed = false;

  /** `suspected` is called when it looks as if `stuck` is about to be; perhaps it is not. */
  constructor(
    memory: SharedArrayBuffer,
    stuck: (standing: Standing) => void,
    suspected: () => void = () => undefined,
  ) {
    this.#memory = memory;
    this.#stuck = stuck;
    this.#suspected = suspected;
    this.#begin();
  }

  /** The worker is about to hear lines. From the first call on they have to be told, see STIR_EVERY_MS. */
  stir(): void {
    this.#stirredMs = performance.now();
    if (this.#timer === undefined && this.#stopClock === undefined && !this.#isClosed) this.#begin();
  }

  /** Whether the worker was found stuck. */
  get killed(): boolean {
    return this.#killed;
  }

  /** Whether it looks no more until the worker stirs, or spends processor time. */
  get isResting(): boolean {
    return this.#timer === undefined;
  }

  /** The worker's folder in /proc. Resolves when it is looked at by its own clock, if it has one. */
  async follow(threadPath: string | undefined): Promise<void> {
    this.#threadPath = threadPath;
    // What was seen before was told by another clock.
    this.#seen = undefined;
    const start = threadPath === undefined ? undefined : await loadThreadTimer();
    if (start === undefined || threadPath === undefined || this.#isClosed) return;
    this.#stopClock?.();
    this.#stopClock = start(Number(basename(threadPath)), LOOK_SPENT_MS, () => this.#look());
    if (this.#stopClock !== undefined) this.#pause();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopClock?.();
    this.#stopClock = undefined;
    this.#pause();
    clearTimeout(this.#next);
  }

  #begin(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const standing = readProgress(this.#memory);
    clearTimeout(this.#next);
    // A batch on its way would move the place that the culprit is counted from.
    if (!standing.inside || standing.posted !== standing.taken) {
      this.#seen = undefined;
      if (!standing.inside && performance.now() - (this.#stirredMs ?? Infinity) > REST_AFTER_MS)
        this.#pause();
      return;
    }
    const seen = this.#see(standing);
    this.#seen = seen;
    if (seen.tryingMs > SUSPECT_MS) {
      this.#suspected();
      this.#next = setTimeout(() => this.#look(), SUSPECTED_LOOK_MS);
    }
    if (seen.tryingMs <= LINE_BUDGET_MS && seen.elsewhereMs <= ELSEWHERE_BUDGET_MS) return;
    this.close();
    this.#killed = true;
    this.#stuck(standing);
  }

  #see({ steps, expression }: Standing): Seen {
    const atMs = this.#spentMs();
    const isTrying = expression >= 0;
    const last = this.#seen;
    if (last?.steps !== steps) return { steps, isTrying, atMs, tryingMs: 0, elsewhereMs: 0 };
    const spentMs = atMs - last.atMs;
    const isOfTrying = isTrying && last.isTrying;
    const tryingMs = last.tryingMs + (isOfTrying ? spentMs : 0);
    const elsewhereMs = last.elsewhereMs + (isOfTrying ? 0 : spentMs);
    return { steps, isTrying, atMs, tryingMs, elsewhereMs };
  }

  /** Processor time of the worker's thread, from /proc/PID/task/TID/schedstat (first field, nanoseconds). */
  #spentMs(): number {
    if (this.#threadPath === undefined) return performance.now();
    try {
      return Number(readFileSync(`${this.#threadPath}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
    } catch {
      // A kernel without schedstat: go by the wall clock.
      this.#threadPath = undefined;
      return performance.now();
    }
  }
}
