/**
 * Matches that wait for an answer from outside, with their own time: a host name that is being looked up.
 * Takes and gives them as JSON by key; knows nothing of what they wait for.
 */
import type { Database } from './database.js';

/** Beyond it the oldest is let go. */
const MOST = 1000;

export interface Waiting {
  readonly key: string;
  /** What the jail heard, as JSON. */
  readonly heard: string;
}

export class WaitingStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(waiting: Waiting): void {
    this.#database
      .sql('INSERT OR REPLACE INTO waiting (key, heard) VALUES (?, ?)')
      .run(waiting.key, waiting.heard);
    this.#database.sql(`DELETE FROM waiting WHERE id <= (SELECT max(id) FROM waiting) - ${MOST}`).run();
  }

  remove(key: string): void {
    this.#database.sql('DELETE FROM waiting WHERE key = ?').run(key);
  }

  all(): readonly Waiting[] {
    return this.#database
      .sql('SELECT key, heard FROM waiting ORDER BY id')
      .all()
      .map((row) => ({ key: String(row['key']), heard: String(row['heard']) }));
  }
}
