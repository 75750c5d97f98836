/**
 * Keeps a hearing worker alive: starts it, takes its batches, watches it, and replaces it when it is stuck or dies.
 * Takes the jails that it hears and the kept places; gives batches, and each line that had to be given up, which is
 * passed over then. Does not count, and does not say who is heard by which worker.
 */
import type { Worker } from 'node:worker_threads';
import type { Batch } from '../../jail/batch.js';
import type { GivenUp } from '../../jail/caution.js';
import type { Culprit, FromWorker, HearingGo, HearingPlan, ToWorker } from '../../jail/hear-messages.js';
import { type ConnectionsByEar, EarConnections } from '../../jail/kept-connections.js';
import { isLookBack, lookBackNames } from '../../jail/look-back.js';
import { countTaken, newProgress, type Standing } from '../../jail/progress.js';
import type { JailOptions } from '../../jail/options.js';
import type { Place, SourceId } from '../../source/lines.js';
import { startHearingWorker } from './begin-hearing.js';
import type { NextHearing, ThreadPort, ThreadStart } from './thread-port.js';
import { WorkerWatch } from './worker-watch.js';

/** A worker that keeps dying is started anew at this pace. */
const RESTART_MS = 1000;
/** When one is kept ready it is made so long after the present one; where not, how long one that was not needed is kept. */
const SPARE_AFTER_MS = 1000;
const SPARE_MS = 5000;

interface Started {
  readonly worker: Worker;
  readonly progress: SharedArrayBuffer;
}

export class HearingThread {
  readonly #port: ThreadPort;
  readonly #places: Map<SourceId, Place>;
  readonly #connections: EarConnections;
  #culprits: (Culprit & { readonly place: Place | undefined })[] = [];
  /** The thread that was started before anybody knew what to hear. */
  #first: Worker | undefined;
  #worker: Worker | undefined;
  #watch: WorkerWatch | undefined;
  #sources: SourceId[] = [];
  readonly #handles = new Map<SourceId, bigint>();
  #closing = false;
  /** The worker that ends because its jails changed. */
  #leaving: Worker | undefined;
  /** The worker that takes over from it. */
  #ahead: Started | undefined;
  /** What is to be done when that one has ended. */
  #handOver: () => void = () => undefined;
  /** A worker that is kept ready, or loads while the present one is suspected of standing still. */
  #spare: Started | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #start: ThreadStart['plan'];
  #newJails: readonly string[];

  constructor(start: ThreadStart, port: ThreadPort) {
    this.#first = start.worker;
    this.#newJails = start.newJails;
    this.#start = start.plan;
    this.#port = port;
    this.#places = new Map(start.places);
    this.#connections = new EarConnections(start.connections);
  }

  get jails(): readonly JailOptions[] {
    return this.#start.jails;
  }

  /** How far each source was heard. */
  get places(): ReadonlyMap<SourceId, Place> {
    return this.#places;
  }

  get connections(): ConnectionsByEar {
    return this.#connections.all;
  }

  /** Jails that have not looked back yet. */
  get newJails(): readonly string[] {
    return this.#newJails;
  }

  /** What is new to those of the thread, as somebody else left it. To be called in a hand-over. */
  adopt(places: ReadonlyMap<SourceId, Place>, connections: ConnectionsByEar): void {
    for (const [source, place] of places) this.#places.set(source, place);
    this.#connections.adopt(connections);
  }

  start(): void {
    const { worker, progress } = this.#ahead ?? this.#spare ?? this.#spawn(this.#start, false);
    if (worker !== this.#spare?.worker) void this.#spare?.worker.terminate();
    this.#ahead = undefined;
    this.#spare = undefined;
    clearTimeout(this.#spareTimer);
    // Not before this one has what it needs of the processor.
    if (this.#port.keepsSpare()) this.#later(() => this.#makeSpare(), SPARE_AFTER_MS);
    // Where the place has moved on, the line lies behind.
    this.#culprits = this.#culprits.filter(({ source, place }) => this.#places.get(source) === place);
    const go: HearingGo = {
      places: this.#places,
      connections: this.#connections.all,
      heardBefore: this.#port.heard(),
      newJails: this.#newJails,
      culprits: this.#culprits,
      cautious: this.#port.cautious(),
    };
    this.#worker = worker;
    this.#sources = [];
    this.#watch = new WorkerWatch(
      progress,
      (standing) => this.#kill(worker, standing),
      () => this.#suspect(),
    );
    this.#watch.stir();
    this.#say(worker, { kind: 'go', go });
  }

  /** Lets the worker close its sources; what it still sends is taken. */
  async close(timeLimitMs: number): Promise<void> {
    this.#closing = true;
    this.#watch?.close();
    this.#dropSpare();
    if (this.#worker !== undefined) await this.#end(this.#worker, timeLimitMs);
  }

  /**
   * Hears other jails from now on: the next worker goes on where this one's last batch ends, so that every line is heard
   * once. `handOver` is called when no worker hears: those who leave may be heard by another thread from there on.
   * Resolves when the old jails are heard no more, with how far they were heard.
   */
  async replace(
    next: NextHearing,
    timeLimitMs: number,
    handOver: () => void = () => undefined,
  ): Promise<ReadonlyMap<SourceId, Place>> {
    const { jails, sinceMs, newJails, from } = next;
    const start = { ...this.#start, jails, sinceMs };
    const ahead = this.#worker === undefined ? undefined : await this.#prepare(start);
    const takeOver = (): void => {
      this.#start = start;
      this.#dropSpare();
      const names = new Set(jails.map(({ name }) => name));
      handOver();
      this.#newJails = [...new Set([...this.#newJails, ...newJails])].filter((name) => names.has(name));
      for (const [source, place] of from)
        for (const name of lookBackNames(source)) this.#places.set(name, place);
    };
    const worker = this.#worker;
    // Where none runs, one that takes the new jails is about to.
    if (worker === undefined || this.#closing) {
      void ahead?.worker.terminate();
      takeOver();
    } else {
      this.#ahead = ahead;
      this.#leaving = worker;
      this.#handOver = takeOver;
      await this.#end(worker, timeLimitMs);
    }
    return new Map([...this.#places].filter(([source]) => !isLookBack(source)));
  }

  #spawn(start: ThreadStart['plan'], isAhead: boolean): Started {
    const progress = newProgress();
    const plan: HearingPlan = { ...start, progress, isAhead };
    const worker = this.#first ?? startHearingWorker();
    this.#first = undefined;
    this.#say(worker, { kind: 'plan', plan });
    worker.on('message', (message: FromWorker) => this.#hear({ worker, progress }, message));
    worker.on('error', (error) => this.#port.alarm('error', error.message));
    worker.on('exit', () => this.#exited(worker));
    return { worker, progress };
  }

  /** Starts a worker that gets ready while the present one hears; undefined where it does not get that far. */
  async #prepare(start: ThreadStart['plan']): Promise<Started | undefined> {
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

  #hear({ worker, progress }: Started, message: FromWorker): void {
    switch (message.kind) {
      case 'checked':
      case 'ready':
        return undefined;
      case 'stir':
        return this.#watch?.stir();
      case 'batch':
        this.#port.take(message.batch);
        this.#remember(message.batch);
        return countTaken(progress) ? this.#say(worker, { kind: 'taken' }) : undefined;
      case 'given-up':
        return this.#gaveUp(message.source, message.givenUp);
      case 'notice':
        return this.#port.notice(message.notice);
      case 'thread':
        return void this.#watch?.follow(message.path);
      case 'source':
        this.#sources.push(message.source);
        return undefined;
      case 'handle':
        if (message.handle === undefined) this.#handles.delete(message.source);
        else this.#handles.set(message.source, message.handle);
        return undefined;
      case 'looked-back':
        this.#port.lookedBack(this.#newJails);
        this.#newJails = [];
        for (const name of this.#places.keys()) if (isLookBack(name)) this.#places.delete(name);
        return undefined;
      case 'ended':
        return this.#port.ended();
      case 'closed':
        // Its thread takes a while to end; the next one need not wait for that.
        return this.#exited(worker);
      case 'failed':
        this.#port.alarm('failed', `Hearing stopped: ${message.text}`);
        return void worker.terminate();
    }
  }

  #remember(batch: Batch): void {
    this.#places.set(batch.source, batch.place);
    for (const change of batch.connections) this.#connections.change(...change);
  }

  #gaveUp(source: SourceId, { jail: name, expression, lines }: GivenUp): void {
    const jail = this.#start.jails.find((options) => options.name === name);
    if (jail !== undefined) this.#port.struck({ jail, source, expression, lines, isKilled: false });
  }

  #suspect(): void {
    if (this.#spare !== undefined || this.#ahead !== undefined || this.#start.isApart) return;
    this.#spare = this.#spawn(this.#start, false);
    if (!this.#port.keepsSpare()) this.#later(() => this.#dropSpare(), SPARE_MS);
  }

  #makeSpare(): void {
    if (this.#worker === undefined || this.#closing) return;
    this.#spare ??= this.#spawn(this.#start, true);
  }

  /** Does something about the spare worker. */
  #later(act: () => void, afterMs: number): void {
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(act, afterMs);
    this.#spareTimer.unref();
  }

  #dropSpare(): void {
    clearTimeout(this.#spareTimer);
    void this.#spare?.worker.terminate();
    this.#spare = undefined;
  }

  #kill(worker: Worker, standing: Standing): void {
    const source = this.#sources[standing.source];
    const jail = this.#start.jails[standing.jail];
    if (source !== undefined && jail !== undefined) {
      const { line, expression } = standing;
      this.#culprits.push({ source, line, jail: jail.name, place: this.#places.get(source) });
      this.#port.struck({ jail, source, expression, lines: 1, isKilled: true });
    }
    void worker.terminate();
  }

  #exited(worker: Worker): void {
    if (this.#spare?.worker === worker) this.#spare = undefined;
    if (this.#worker !== worker) return;
    this.#watch?.close();
    this.#worker = undefined;
    for (const handle of this.#handles.values()) this.#port.closeHandle(handle);
    this.#handles.clear();
    if (this.#closing) return;
    const isChanged = this.#leaving === worker;
    this.#port.restarted(isChanged ? 'changed' : 'died', this.#start.jails);
    if (isChanged) {
      this.#handOver();
      return this.start();
    }
    const delayMs = this.#watch?.killed === true ? this.#port.pauseMs() : RESTART_MS;
    setTimeout(() => {
      if (!this.#closing) this.start();
    }, delayMs);
  }

  #say(worker: Worker, message: ToWorker): void {
    worker.postMessage(message);
  }
}
