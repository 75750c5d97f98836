/**
 * How far each source was read, which jails have been seen, and the multi-line state of each ear.
 * Written in the transaction that counts the lines up to the place, so that no line counts twice or never.
 */
import type { Place, SourceId } from '../source/lines.js';
import type { Database } from './database.js';

const END_CONNECTIONS = `DELETE FROM connection WHERE ear = ? AND name IN (SELECT value FROM json_each(?))`;
const KEEP_CONNECTIONS = `INSERT INTO connection (ear, name, state)
  SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) WHERE true
  ON CONFLICT (ear, name) DO UPDATE SET state = excluded.state`;

export class PlaceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every kept place by source. */
  places(): ReadonlyMap<SourceId, Place> {
    const rows = this.#database.sql('SELECT source, place FROM place').all();
    return new Map(rows.map((row) => [String(row['source']), String(row['place'])]));
  }

  keep(source: SourceId, place: Place, nowMs: number): void {
    this.#database
      .sql(
        `INSERT INTO place (source, place, kept_at_ms) VALUES (?, ?, ?)
         ON CONFLICT (source) DO UPDATE SET place = excluded.place, kept_at_ms = excluded.kept_at_ms`,
      )
      .run(source, place, nowMs);
  }

  /** Forgets the places of sources that are done with. */
  forget(isDone: (source: SourceId) => boolean): void {
    for (const source of this.places().keys())
      if (isDone(source)) this.#database.sql('DELETE FROM place WHERE source = ?').run(source);
  }

  /** Whether a jail has been met before. */
  hasMet(jail: string): boolean {
    return this.#database.sql('SELECT name FROM jail WHERE name = ?').get(jail) !== undefined;
  }

  /** Notes a jail as met. */
  meet(jail: string, nowMs: number): void {
    this.#database.sql('INSERT OR IGNORE INTO jail (name, first_seen_ms) VALUES (?, ?)').run(jail, nowMs);
  }

  /** A jail has to look back as one that has not been met. */
  unmeet(jail: string): void {
    this.#database.sql('DELETE FROM jail WHERE name = ?').run(jail);
  }

  /** Notes that a jail has heard its configured way in this boot. */
  noteHeard(jail: string, boot: string): void {
    this.#database
      .sql(
        'INSERT INTO heard (jail, boot) VALUES (?, ?) ON CONFLICT (jail) DO UPDATE SET boot = excluded.boot',
      )
      .run(jail, boot);
  }

  /** The jails that heard their configured way in this boot. */
  heardIn(boot: string): ReadonlySet<string> {
    const rows = this.#database.sql('SELECT jail FROM heard WHERE boot = ?').all(boot);
    return new Set(rows.map((row) => String(row['jail'])));
  }

  /** The connections that each ear (`JAIL/journal`, `JAIL/file`) knew, in the order in which they began. */
  connections(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const byEar = new Map<string, Map<string, string>>();
    for (const row of this.#database.sql('SELECT ear, name, state FROM connection ORDER BY id').all()) {
      const ear = String(row['ear']);
      const known = byEar.get(ear) ?? new Map<string, string>();
      byEar.set(ear, known.set(String(row['name']), String(row['state'])));
    }
    return byEar;
  }

  /** `state` undefined: the connection has ended. As one text each: a flood brings hundreds with a chunk. */
  keepConnections(
    ear: string,
    changes: readonly (readonly [name: string, state: string | undefined])[],
  ): void {
    const ended = changes.flatMap(([name, state]) => (state === undefined ? [name] : []));
    const kept = changes.filter(([, state]) => state !== undefined);
    if (ended.length > 0) this.#database.sql(END_CONNECTIONS).run(ear, JSON.stringify(ended));
    if (kept.length > 0) this.#database.sql(KEEP_CONNECTIONS).run(ear, JSON.stringify(kept));
  }
}
