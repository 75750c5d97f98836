/**
 * Keeps the hearing worker alive: starts it, takes its batches, watches it, and replaces it when it is stuck or dies.
 * Takes the configuration and the kept places; gives batches to the guard and notices to the board.
 * A line that a worker was killed at is passed over by the next one, counted and named.
 */
import { Worker } from 'node:worker_threads';
import type { Batch } from '../jail/batch.js';
import type { Culprit, FromWorker, HearingStart, ToWorker } from '../jail/hear-messages.js';
import { newProgress } from '../jail/progress.js';
import type { Place, SourceId } from '../source/lines.js';
import type { NoticeBoard } from './notice-board.js';
import { WorkerWatch } from './worker-watch.js';

const WORKER = new URL('../jail/hear-worker.js', import.meta.url);
/** A worker that keeps dying is started anew at this pace. */
const RESTART_MS = 1000;

export interface HearingOptions {
  readonly start: Omit<
    HearingStart,
    'places' | 'states' | 'heardBefore' | 'newJails' | 'progress' | 'culprits'
  >;
  /** Jails that are to look back at what the others have read. */
  readonly newJails: readonly string[];
  /** They have. */
  readonly lookedBack: () => void;
  readonly places: ReadonlyMap<SourceId, Place>;
  readonly states: ReadonlyMap<string, string>;
  /** The jails that have heard their configured way by now. */
  readonly heard: () => ReadonlySet<string>;
  readonly notices: NoticeBoard;
  /** Takes a batch: counts, writes, lets the effects follow. Synchronous. */
  readonly take: (batch: Batch) => void;
  /** A recording was heard to its end. */
  readonly ended: () => void;
  /** A line of a jail is passed over by the next worker. */
  readonly passedOver: (jail: string) => void;
  /** The worker is replaced. */
  readonly restarted: () => void;
  /** Closes a journal handle that a killed worker left open. */
  readonly closeHandle: (handle: bigint) => void;
}

export class DaemonHearing {
  readonly #options: HearingOptions;
  readonly #places: Map<SourceId, Place>;
  readonly #states: Map<string, string>;
  #culprits: (Culprit & { readonly place: Place | undefined })[] = [];
  #worker: Worker | undefined;
  #watch: WorkerWatch | undefined;
  #sources: SourceId[] = [];
  readonly #handles = new Map<SourceId, bigint>();
  #closing = false;
  #newJails: readonly string[];

  constructor(options: HearingOptions) {
    this.#newJails = options.newJails;
    this.#options = options;
    this.#places = new Map(options.places);
    this.#states = new Map(options.states);
  }

  start(): void {
    const progress = newProgress();
    // Where the place has moved on, the line lies behind.
    this.#culprits = this.#culprits.filter(({ source, place }) => this.#places.get(source) === place);
    const workerData: HearingStart = {
      ...this.#options.start,
      places: this.#places,
      states: this.#states,
      heardBefore: this.#options.heard(),
      newJails: this.#newJails,
      progress,
      culprits: this.#culprits,
    };
    const worker = new Worker(WORKER, { workerData });
    this.#worker = worker;
    this.#sources = [];
    this.#watch = new WorkerWatch(progress, () => this.#kill(worker));
    worker.on('message', (message: FromWorker) => this.#hear(worker, message));
    worker.on('error', (error) => this.#options.notices.post('alarm', 'worker', 'error', error.message));
    worker.on('exit', () => this.#exited(worker));
  }

  /** Lets the worker close its sources; what it still sends is taken. */
  async close(timeLimitMs: number): Promise<void> {
    this.#closing = true;
    this.#watch?.close();
    const worker = this.#worker;
    if (worker === undefined) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#say(worker, { kind: 'close' });
    const late = setTimeout(() => void worker.terminate(), timeLimitMs);
    await gone;
    clearTimeout(late);
  }

  #hear(worker: Worker, message: FromWorker): void {
    const { notices } = this.#options;
    switch (message.kind) {
      case 'batch':
        this.#options.take(message.batch);
        this.#remember(message.batch);
        return this.#say(worker, { kind: 'taken' });
      case 'notice':
        return notices.post(
          message.notice.level,
          message.notice.source,
          message.notice.event,
          message.notice.text,
        );
      case 'thread':
        return this.#watch?.follow(message.path);
      case 'source':
        this.#sources.push(message.source);
        return undefined;
      case 'handle':
        if (message.handle === undefined) this.#handles.delete(message.source);
        else this.#handles.set(message.source, message.handle);
        return undefined;
      case 'looked-back':
        this.#newJails = [];
        return this.#options.lookedBack();
      case 'ended':
        return this.#options.ended();
      case 'failed':
        notices.post('alarm', 'worker', 'failed', `Hearing stopped: ${message.text}`);
        return void worker.terminate();
    }
  }

  #remember(batch: Batch): void {
    this.#places.set(batch.source, batch.place);
    for (const [ear, state] of batch.states) this.#states.set(ear, state);
    this.#watch?.taken();
  }

  #kill(worker: Worker): void {
    const standing = this.#watch?.standing();
    const source = this.#sources[standing?.source ?? -1];
    const jail = this.#options.start.jails[standing?.jail ?? -1];
    if (standing !== undefined && source !== undefined && jail !== undefined) {
      this.#options.passedOver(jail.name);
      this.#culprits.push({ source, line: standing.line, jail: jail.name, place: this.#places.get(source) });
      const expression = `expression ${standing.expression} of filter ${jail.filter.name}`;
      const text = `${expression} did not end on a line of ${source}; the line is passed over in [${jail.name}].`;
      this.#options.notices.post('alarm', jail.name, 'runaway', text);
    }
    void worker.terminate();
  }

  #exited(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#watch?.close();
    this.#worker = undefined;
    for (const handle of this.#handles.values()) this.#options.closeHandle(handle);
    this.#handles.clear();
    if (this.#closing) return;
    this.#options.restarted();
    const delayMs = this.#watch?.killed === true ? 0 : RESTART_MS;
    setTimeout(() => {
      if (!this.#closing) this.start();
    }, delayMs);
  }

  #say(worker: Worker, message: ToWorker): void {
    worker.postMessage(message);
  }
}
