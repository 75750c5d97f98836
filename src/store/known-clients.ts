/**
 * Addresses that have signed in well, and when last: a ban never covers one of them by its width.
 * Takes good logins; answers from memory, which is read from disk at the start.
 * Runs its writes inside the caller's transaction.
 */
import { covers, networkOf, parseNetwork, widthOf, familyOf } from '../lib/address.js';
import type { Database } from './database.js';

export class KnownClients {
  readonly #database: Database;
  readonly #lastMs = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
    for (const row of database
      .sql('SELECT address, max(last_ms) AS last_ms FROM known_client GROUP BY address')
      .all())
      this.#lastMs.set(String(row['address']), Number(row['last_ms']));
  }

  get size(): number {
    return this.#lastMs.size;
  }

  /** When an address signed in well last, milliseconds since the epoch. */
  lastMs(address: string): number | undefined {
    return this.#lastMs.get(address);
  }

  add(address: string, jail: string, timeMs: number): void {
    this.#lastMs.set(address, Math.max(timeMs, this.#lastMs.get(address) ?? 0));
    this.#database
      .sql(
        `INSERT INTO known_client (address, jail, last_ms, logins) VALUES (?, ?, ?, 1)
         ON CONFLICT (address, jail) DO UPDATE SET last_ms = max(last_ms, excluded.last_ms), logins = logins + 1`,
      )
      .run(address, jail, timeMs);
  }

  /** A known client inside `network` other than `except`, that signed in since `sinceMs`. */
  within(network: string, except: string, sinceMs: number): string | undefined {
    const outer = parseNetwork(network);
    if (outer === undefined || outer.prefix === widthOf(outer.family)) return undefined;
    for (const [address, lastMs] of this.#lastMs) {
      if (lastMs < sinceMs || address === except || familyOf(address) !== outer.family) continue;
      if (covers(outer, networkOf(address, widthOf(outer.family)))) return address;
    }
    return undefined;
  }

  /** Forgets clients that have not signed in since `beforeMs`. */
  purge(beforeMs: number): void {
    for (const [address, lastMs] of this.#lastMs) if (lastMs < beforeMs) this.#lastMs.delete(address);
    this.#database.sql('DELETE FROM known_client WHERE last_ms < ?').run(beforeMs);
  }
}
