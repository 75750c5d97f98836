/**
 * By which judgement each jail ran last, and since when: a change of it is noticed over a restart.
 * Takes and gives digests; knows nothing of what they are of. Runs inside the caller's transaction.
 */
import type { Database } from './database.js';

export interface Judgement {
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

export class JudgementStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): ReadonlyMap<string, Judgement> {
    const rows = this.#database.sql('SELECT jail, digest, since_ms FROM judgement').all();
    return new Map(
      rows.map((row) => [
        String(row['jail']),
        { digest: String(row['digest']), sinceMs: Number(row['since_ms']) },
      ]),
    );
  }

  keep(jail: string, { digest, sinceMs }: Judgement): void {
    this.#database
      .sql('INSERT OR REPLACE INTO judgement (jail, digest, since_ms) VALUES (?, ?, ?)')
      .run(jail, digest, sinceMs);
  }
}
