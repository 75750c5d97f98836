/**
 * Keeps the hearing worker alive: starts it, takes its batches, watches it, and replaces it when it is stuck or dies.
 * Takes the configuration and the kept places; gives batches to the guard and notices to the board.
 * A line that a worker was killed at is passed over by the next one, counted and named.
 */
import { Worker } from 'node:worker_threads';
import type { Batch } from '../jail/batch.js';
import type { Culprit, FromWorker, HearingGo, HearingPlan, ToWorker } from '../jail/hear-messages.js';
import { isLookBack, lookBackNames } from '../jail/look-back.js';
import { newProgress } from '../jail/progress.js';
import type { JailOptions } from '../jail/options.js';
import type { Place, SourceId } from '../source/lines.js';
import type { NoticeBoard } from './notice-board.js';
import { WorkerWatch } from './worker-watch.js';

const WORKER = new URL('../jail/hear-worker.js', import.meta.url);
/** A worker that keeps dying is started anew at this pace. */
const RESTART_MS = 1000;

export interface HearingOptions {
  readonly start: Omit<HearingPlan, 'progress' | 'isAhead'>;
  /** Jails that are to look back at what the others have read. */
  readonly newJails: readonly string[];
  /** They have. */
  readonly lookedBack: (jails: readonly string[]) => void;
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
  /** The worker is replaced: because it died, or because it has other jails to hear. */
  readonly restarted: (why: 'died' | 'changed') => void;
  /** Closes a journal handle that a killed worker left open. */
  readonly closeHandle: (handle: bigint) => void;
}

/** What another worker shall hear. */
export interface NextHearing {
  readonly jails: readonly JailOptions[];
  readonly sinceMs: ReadonlyMap<string, number>;
  /** Jails that look back at what the others have read. */
  readonly newJails: readonly string[];
  /** Where they begin in each source; where nothing is said, as far back as `sinceMs`. */
  readonly from: ReadonlyMap<SourceId, Place>;
}

interface Started {
  readonly worker: Worker;
  readonly progress: SharedArrayBuffer;
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
  /** The worker that ends because its jails changed. */
  #leaving: Worker | undefined;
  /** The worker that takes over from it. */
  #ahead: Started | undefined;
  #start: HearingOptions['start'];
  #newJails: readonly string[];

  constructor(options: HearingOptions) {
    this.#newJails = options.newJails;
    this.#start = options.start;
    this.#options = options;
    this.#places = new Map(options.places);
    this.#states = new Map(options.states);
  }

  start(): void {
    const { worker, progress } = this.#ahead ?? this.#spawn(this.#start, false);
    this.#ahead = undefined;
    // Where the place has moved on, the line lies behind.
    this.#culprits = this.#culprits.filter(({ source, place }) => this.#places.get(source) === place);
    const go: HearingGo = {
      places: this.#places,
      states: this.#states,
      heardBefore: this.#options.heard(),
      newJails: this.#newJails,
      culprits: this.#culprits,
    };
    this.#worker = worker;
    this.#sources = [];
    this.#watch = new WorkerWatch(progress, () => this.#kill(worker));
    this.#say(worker, { kind: 'go', go });
  }

  /** Lets the worker close its sources; what it still sends is taken. */
  async close(timeLimitMs: number): Promise<void> {
    this.#closing = true;
    this.#watch?.close();
    if (this.#worker !== undefined) await this.#end(this.#worker, timeLimitMs);
  }

  /**
   * Hears other jails from now on: the next worker goes on where this one's last batch ends, so that every line is heard
   * once. Resolves when the old jails are heard no more, with how far they heard.
   */
  async replace(next: NextHearing, timeLimitMs: number): Promise<ReadonlyMap<SourceId, Place>> {
    const { jails, sinceMs, newJails, from } = next;
    const start = { ...this.#start, jails, sinceMs };
    const ahead = this.#worker === undefined ? undefined : await this.#prepare(start);
    this.#start = start;
    const names = new Set(jails.map(({ name }) => name));
    this.#newJails = [...new Set([...this.#newJails, ...newJails])].filter((name) => names.has(name));
    for (const [source, place] of from)
      for (const name of lookBackNames(source)) this.#places.set(name, place);
    const worker = this.#worker;
    // Where none runs, one that takes the new jails is about to.
    if (worker === undefined || this.#closing) void ahead?.worker.terminate();
    else {
      this.#ahead = ahead;
      this.#leaving = worker;
      this.#watch?.close();
      await this.#end(worker, timeLimitMs);
    }
    return new Map([...this.#places].filter(([source]) => !isLookBack(source)));
  }

  #spawn(start: HearingOptions['start'], isAhead: boolean): Started {
    const progress = newProgress();
    const workerData: HearingPlan = { ...start, progress, isAhead };
    const worker = new Worker(WORKER, { workerData });
    worker.on('message', (message: FromWorker) => this.#hear(worker, message));
    worker.on('error', (error) => this.#options.notices.post('alarm', 'worker', 'error', error.message));
    worker.on('exit', () => this.#exited(worker));
    return { worker, progress };
  }

  /** Starts a worker that gets ready while the present one hears; undefined where it does not get that far. */
  async #prepare(start: HearingOptions['start']): Promise<Started | undefined> {
    const started = this.#spawn(start, true);
    const isReady = await new Promise<boolean>((resolve) => {
      started.worker.once('message', () => resolve(true));
      started.worker.once('exit', () => resolve(false));
    });
    return isReady ? started : undefined;
  }

  async #end(worker: Worker, timeLimitMs: number): Promise<void> {
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#say(worker, { kind: 'close' });
    const late = setTimeout(() => void worker.terminate(), timeLimitMs);
    await gone;
    clearTimeout(late);
  }

  #hear(worker: Worker, message: FromWorker): void {
    const { notices } = this.#options;
    switch (message.kind) {
      case 'ready':
        return undefined;
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
        this.#options.lookedBack(this.#newJails);
        this.#newJails = [];
        for (const name of this.#places.keys()) if (isLookBack(name)) this.#places.delete(name);
        return undefined;
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
    const jail = this.#start.jails[standing?.jail ?? -1];
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
    const isChanged = this.#leaving === worker;
    this.#options.restarted(isChanged ? 'changed' : 'died');
    if (isChanged) return this.start();
    const delayMs = this.#watch?.killed === true ? 0 : RESTART_MS;
    setTimeout(() => {
      if (!this.#closing) this.start();
    }, delayMs);
  }

  #say(worker: Worker, message: ToWorker): void {
    worker.postMessage(message);
  }
}
