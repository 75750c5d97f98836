/**
 * The one store: bans, failures, places and known clients in one database file, written in one transaction per batch.
 * Takes a path; gives the parts. A write that fails is told to the caller, who goes on from memory.
 */
import { BanStore } from './ban-store.js';
import { Database } from './database.js';
import { FailureStore } from './failure-store.js';
import { KnownClients } from './known-clients.js';
import { PlaceStore } from './place-store.js';
import { WaitingStore } from './waiting-store.js';

/** Rows that one clean-up step removes at most, so that no step holds up a ban. */
const PURGE_STEP = 500;

export class Store {
  readonly bans: BanStore;
  readonly failures: FailureStore;
  readonly knownClients: KnownClients;
  readonly places: PlaceStore;
  readonly waiting: WaitingStore;
  readonly #database: Database;

  /** @throws BailiffError as `Database`. */
  constructor(path: string) {
    this.#database = new Database(path);
    this.bans = new BanStore(this.#database);
    this.failures = new FailureStore(this.#database);
    this.knownClients = new KnownClients(this.#database);
    this.places = new PlaceStore(this.#database);
    this.waiting = new WaitingStore(this.#database);
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  /** One step of cleaning up what is older than `beforeMs`; gives whether more remains. */
  purge(beforeMs: number): boolean {
    return this.transaction(() => {
      const failures = this.failures.purge(beforeMs, PURGE_STEP);
      const bans = this.bans.purge(beforeMs, PURGE_STEP);
      return failures === PURGE_STEP || bans === PURGE_STEP;
    });
  }

  /** Moves what was written from the log into the database file; waits for the disk, so for a quiet moment. */
  checkpoint(): void {
    this.#database.sql('PRAGMA wal_checkpoint(PASSIVE)').all();
  }

  close(): void {
    this.#database.close();
  }
}
