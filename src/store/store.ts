/**
 * The one store: bans, failures, places and known clients in one database file, written in one transaction per batch.
 * Takes a path; gives the parts. A write that fails is told to the caller, who goes on from memory.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../lib/code-url.js';
import { BailiffError } from '../lib/errors.js';
import { BanImport } from './ban-import.js';
import { BanStore } from './ban-store.js';
import { Database } from './database.js';
import { FailureStore } from './failure-store.js';
import { JudgementStore } from './judgement-store.js';
import { KnownClients } from './known-clients.js';
import { OutboxStore } from './outbox-store.js';
import { PlaceStore } from './place-store.js';
import { type StoreCopy, copyStore } from './store-copy.js';
import { WaitingStore } from './waiting-store.js';

const IN_MEMORY = ':memory:';
const MOVER = codeUrl('store/checkpoint-worker.js');
/** Rows that one clean-up step removes at most, so that no step holds up a ban. */
const PURGE_STEP = 500;
const FLOOD_STEP = 2000;
/** Pages of 4 KiB: what one step gives back, and what is kept for the next busy hour. */
const SHRINK_STEP = 256;
const KEPT_PAGES = 4096;

/** What may be over by itself. */
const PASSING = new Set(['store.full', 'store.unwritable']);

export class Store {
  readonly bans: BanStore;
  readonly imports: BanImport;
  readonly failures: FailureStore;
  readonly knownClients: KnownClients;
  readonly places: PlaceStore;
  readonly waiting: WaitingStore;
  readonly judgements: JudgementStore;
  readonly outbox: OutboxStore;
  readonly #database: Database;
  #path: string;
  #away: { readonly home: string; readonly copy: StoreCopy; readonly why: string } | undefined;
  #unmoved = 0;
  #isClosed = false;
  #moving: Promise<void> | undefined;

  /** @throws BailiffError as `Database`. */
  constructor(path: string) {
    this.#path = path;
    this.#database = new Database(path);
    this.bans = new BanStore(this.#database);
    this.imports = new BanImport(this.#database);
    this.failures = new FailureStore(this.#database);
    this.knownClients = new KnownClients(this.#database);
    this.places = new PlaceStore(this.#database);
    this.waiting = new WaitingStore(this.#database);
    this.judgements = new JudgementStore(this.#database);
    this.outbox = new OutboxStore(this.#database);
  }

  /**
   * Opens the store, or a copy of it where its own place cannot be written for now: nobody who is banned gets in for that.
   * @throws BailiffError as `Database` where there can be no copy either.
   */
  static openAnywhere(path: string): Store {
    try {
      return new Store(path);
    } catch (error) {
      if (!(error instanceof BailiffError) || !PASSING.has(error.code)) throw error;
      return Store.#openCopy(path, error);
    }
  }

  static #openCopy(home: string, why: BailiffError): Store {
    try {
      const copy = copyStore(home);
      const store = new Store(copy.path);
      store.#away = { home, copy, why: why.message };
      return store;
    } catch {
      throw why;
    }
  }

  /** Why a copy stands in for the store; undefined = it does not. */
  get awayBecause(): string | undefined {
    return this.#away?.why;
  }

  /** Writes all of the copy to where it belongs and goes on there. @throws BailiffError as `Database` while it cannot be. */
  comeHome(): void {
    const away = this.#away;
    if (away === undefined) return;
    this.#database.moveTo(away.home, away.copy.path);
    this.#path = away.home;
    this.#away = undefined;
    away.copy.remove();
  }

  transaction<T>(work: () => T): T {
    this.#unmoved += 1;
    return this.#database.transaction(work);
  }

  /** Transactions since the log was last moved into the database file. */
  get unmoved(): number {
    return this.#unmoved;
  }

  /** One step of cleaning up what is older than `beforeMs`; gives whether more remains. */
  purge(beforeMs: number): boolean {
    return this.transaction(() => {
      const failures = this.failures.purge(beforeMs, PURGE_STEP);
      const bans = this.bans.purge(beforeMs, PURGE_STEP);
      const letters = this.outbox.purge(beforeMs, PURGE_STEP);
      return [failures, bans, letters].includes(PURGE_STEP);
    });
  }

  /** One step of cleaning up after a flood; gives whether more remains. */
  purgeBeyond(): boolean {
    return this.transaction(() => this.failures.purgeBeyond(FLOOD_STEP) === FLOOD_STEP);
  }

  /** One step of giving room back to the disk; gives whether more remains. */
  shrink(): boolean {
    return this.#database.shrink(SHRINK_STEP, KEPT_PAGES);
  }

  /** Moves what was written from the log into the database file; waits for the disk, so for a quiet moment. */
  checkpoint(): void {
    this.#unmoved = 0;
    this.#database.checkpoint();
  }

  /**
   * The same while it is busy: on another thread, and here the little that was written meanwhile, without which the log
   * would never begin anew. Rejects where it cannot be done.
   */
  checkpointAside(): Promise<void> {
    this.#moving ??= this.#moveAside().finally(() => {
      this.#moving = undefined;
    });
    return this.#moving;
  }

  close(): void {
    this.#isClosed = true;
    this.#database.close();
    this.#away?.copy.remove();
  }

  async #moveAside(): Promise<void> {
    if (this.#path !== IN_MEMORY) await moveAside(this.#path);
    if (!this.#isClosed) this.checkpoint();
  }
}

/** Resolves when the thread has ended. */
function moveAside(path: string): Promise<void> {
  const worker = new Worker(MOVER, { workerData: path });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}
