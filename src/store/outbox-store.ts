/**
 * What is to leave the host, on disk: one row for each ban and courier, from waiting to its end.
 * Takes entries in the transaction of their ban; gives what is due, in doubt or over. Knows no courier, sends nothing.
 * A row `sending` was handed to the network and has no answer yet; its time of doubt says since when.
 */
import type { Database } from './database.js';
import { surplusOf } from './fair-room.js';
import {
  type NewOutboxEntry,
  type OutboxEntry,
  type OutboxState,
  readEntry,
  stateOf,
} from './outbox-entry.js';

const INSERT = `INSERT INTO outbox (courier, subject, jail, ban, weight, state, written_at_ms, due_at_ms, expires_at_ms, payload)
  VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)`;
// The indices are named: by its own choice SQLite goes through all that waits.
/** Nobody was asked about it lately: the receiver would refuse another one of this subject. */
const FREE = `NOT EXISTS (SELECT 1 FROM outbox AS other INDEXED BY outbox_subject WHERE other.courier = outbox.courier
  AND other.subject = outbox.subject AND other.asked_at_ms > ? AND other.state <> 'waiting')`;

/** Of one subject at a time: written together, they hold up everything else. */
const MOST_OF_ONE = 250;

export class OutboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(entry: NewOutboxEntry): void {
    const { courier, subject, jail, ban, weight, writtenAtMs, dueAtMs, expiresAtMs, payload } = entry;
    this.#database
      .sql(INSERT)
      .run(courier, subject, jail, ban ?? null, weight, writtenAtMs, dueAtMs, expiresAtMs, payload);
  }

  /** What is due, by jail. */
  due(courier: string, nowMs: number): ReadonlyMap<string, number> {
    const rows = this.#database
      .sql(
        `SELECT jail, count(*) AS entries FROM outbox INDEXED BY outbox_waiting
         WHERE courier = ? AND state = 'waiting' AND due_at_ms <= ?
         GROUP BY jail`,
      )
      .all(courier, nowMs);
    return new Map(rows.map((row) => [String(row['jail']), Number(row['entries'])]));
  }

  /** The subjects of a jail's due entries that nobody was asked about since `askedSinceMs`, the heaviest first. */
  heaviest(
    courier: string,
    jail: string,
    nowMs: number,
    askedSinceMs: number,
    limit: number,
  ): readonly string[] {
    // Nobody was asked in the future: without a distance to keep there is nothing to look for.
    const isSpaced = askedSinceMs < nowMs;
    return this.#database
      .sql(
        `SELECT subject FROM outbox INDEXED BY outbox_waiting
         WHERE courier = ? AND state = 'waiting' AND jail = ? AND due_at_ms <= ?
         ${isSpaced ? `AND ${FREE}` : ''} ORDER BY weight DESC, id LIMIT ?`,
      )
      .all(courier, jail, nowMs, ...(isSpaced ? [askedSinceMs] : []), limit)
      .map((row) => String(row['subject']));
  }

  /** The due entries of one subject, the oldest first: as many as a transaction may hold. */
  dueOf(courier: string, subject: string, nowMs: number): readonly OutboxEntry[] {
    return this.#read(
      `SELECT * FROM outbox INDEXED BY outbox_subject_waiting
       WHERE courier = ? AND subject = ? AND state = 'waiting' AND due_at_ms <= ? ORDER BY id
       LIMIT ${MOST_OF_ONE}`,
      [courier, subject, nowMs],
    );
  }

  /** What was handed to the network and has no answer, longest in doubt first. */
  inDoubt(courier: string): readonly OutboxEntry[] {
    return this.#read(
      `SELECT * FROM outbox WHERE courier = ? AND state = 'sending' ORDER BY doubt_since_ms, id`,
      [courier],
    );
  }

  /** When the next entry becomes due after `nowMs`; undefined = none waits. */
  nextDueMs(courier: string, nowMs: number): number | undefined {
    const row = this.#database
      .sql(
        `SELECT min(due_at_ms) AS next FROM outbox WHERE courier = ? AND state = 'waiting' AND due_at_ms > ?`,
      )
      .get(courier, nowMs);
    const next = row?.['next'];
    return next === undefined || next === null ? undefined : Number(next);
  }

  /** How many entries of a jail have not ended. */
  openOf(courier: string, jail: string): number {
    const row = this.#database
      .sql(
        `SELECT count(*) AS entries FROM outbox WHERE courier = ? AND state IN ('waiting', 'sending') AND jail = ?`,
      )
      .get(courier, jail);
    return Number(row?.['entries'] ?? 0);
  }

  /** How many of a courier's entries are in each state. */
  counts(courier: string): ReadonlyMap<OutboxState, number> {
    const rows = this.#database
      .sql('SELECT state, count(*) AS entries FROM outbox WHERE courier = ? GROUP BY state')
      .all(courier);
    return new Map(rows.map((row) => [stateOf(row), Number(row['entries'])]));
  }

  /** How many subjects were asked about since `sinceMs`, by jail. */
  askedSince(courier: string, sinceMs: number): ReadonlyMap<string, number> {
    const rows = this.#database
      .sql(
        `SELECT jail, count(DISTINCT subject) AS subjects FROM outbox WHERE courier = ? AND asked_at_ms >= ? GROUP BY jail`,
      )
      .all(courier, sinceMs);
    return new Map(rows.map((row) => [String(row['jail']), Number(row['subjects'])]));
  }

  /** Entries are handed to the network now: written before a byte leaves. Gives false, and writes nothing, where one has ended. */
  begin(ids: readonly number[], letter: string, nowMs: number): boolean {
    const open = this.#database.sql(`SELECT 1 FROM outbox WHERE id = ? AND state IN ('waiting', 'sending')`);
    if (ids.some((id) => open.get(id) === undefined)) return false;
    const statement = this.#database.sql(
      `UPDATE outbox SET state = 'sending', letter = ?, asked_at_ms = ?, doubt_since_ms = coalesce(doubt_since_ms, ?)
       WHERE id = ?`,
    );
    for (const id of ids) statement.run(letter, nowMs, nowMs, id);
    return true;
  }

  /** The receiver has certainly not taken them: they wait again. */
  putBack(ids: readonly number[]): void {
    const statement = this.#database.sql(
      `UPDATE outbox SET state = 'waiting', doubt_since_ms = NULL WHERE id = ?`,
    );
    for (const id of ids) statement.run(id);
  }

  end(ids: readonly number[], state: OutboxState, answer: string, nowMs: number): void {
    const statement = this.#database.sql(
      `UPDATE outbox SET state = ?, answer = ?, ended_at_ms = ? WHERE id = ?`,
    );
    for (const id of ids) statement.run(state, answer, nowMs, id);
  }

  /** Ends what waits and has become too old; gives how many. */
  giveUpOld(courier: string, answer: string, nowMs: number): number {
    const { changes } = this.#database
      .sql(
        `UPDATE outbox SET state = 'given-up', answer = ?, ended_at_ms = ?
         WHERE courier = ? AND state = 'waiting' AND expires_at_ms <= ?`,
      )
      .run(answer, nowMs, courier, nowMs);
    return Number(changes);
  }

  /** Ends what waits until at most `most` are left, of the jails that have most of it, the lightest first; gives how many. */
  giveUpLightest(courier: string, most: number, answer: string, nowMs: number): number {
    let given = 0;
    for (const [jail, surplus] of surplusOf(this.due(courier, Number.MAX_SAFE_INTEGER), most)) {
      // Backwards through the index: nothing is sorted.
      const { changes } = this.#database
        .sql(
          `UPDATE outbox SET state = 'given-up', answer = ?, ended_at_ms = ? WHERE id IN
           (SELECT id FROM outbox INDEXED BY outbox_waiting WHERE courier = ? AND state = 'waiting' AND jail = ?
            ORDER BY weight, id DESC LIMIT ?)`,
        )
        .run(answer, nowMs, courier, jail, surplus);
      given += Number(changes);
    }
    return given;
  }

  /** A ban was lifted: what waits because of it is not sent. */
  cancel(jail: string, target: string, answer: string, nowMs: number): void {
    this.#database
      .sql(
        `UPDATE outbox SET state = 'cancelled', answer = ?, ended_at_ms = ? WHERE state = 'waiting' AND ban IN
         (SELECT id FROM ban WHERE jail = ? AND target = ?)`,
      )
      .run(answer, nowMs, jail, target);
  }

  /** What waits about a subject is not sent; gives how many. */
  cancelSubject(courier: string, subject: string, answer: string, nowMs: number): number {
    const { changes } = this.#database
      .sql(
        `UPDATE outbox SET state = 'cancelled', answer = ?, ended_at_ms = ?
         WHERE courier = ? AND subject = ? AND state = 'waiting'`,
      )
      .run(answer, nowMs, courier, subject);
    return Number(changes);
  }

  /** All that waits is due now; gives how many were not. */
  hasten(courier: string, nowMs: number): number {
    const { changes } = this.#database
      .sql(`UPDATE outbox SET due_at_ms = ? WHERE courier = ? AND state = 'waiting' AND due_at_ms > ?`)
      .run(nowMs, courier, nowMs);
    return Number(changes);
  }

  /** The newest entries, newest first. */
  newest(courier: string, limit: number): readonly OutboxEntry[] {
    return this.#read('SELECT * FROM outbox WHERE courier = ? ORDER BY id DESC LIMIT ?', [courier, limit]);
  }

  /** The newest entries of all couriers, newest first. */
  newestOfAll(limit: number): readonly OutboxEntry[] {
    return this.#read('SELECT * FROM outbox ORDER BY id DESC LIMIT ?', [limit]);
  }

  /** Couriers that have entries which have not ended. */
  openCouriers(): readonly string[] {
    const rows = this.#database
      .sql(`SELECT DISTINCT courier FROM outbox WHERE state IN ('waiting', 'sending')`)
      .all();
    return rows.map((row) => String(row['courier']));
  }

  /** What waits for a courier that is no more is not sent, and what was in doubt is unknown. */
  closeCourier(courier: string, answer: string, nowMs: number): void {
    this.#database
      .sql(
        `UPDATE outbox SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'declined' END, answer = ?,
         ended_at_ms = ? WHERE courier = ? AND state IN ('waiting', 'sending')`,
      )
      .run(answer, nowMs, courier);
  }

  /** What waits because of any ban of an address is not sent; gives how many. */
  cancelAbout(address: string, answer: string, nowMs: number): number {
    const { changes } = this.#database
      .sql(
        `UPDATE outbox SET state = 'cancelled', answer = ?, ended_at_ms = ? WHERE state = 'waiting' AND ban IN
         (SELECT id FROM ban WHERE address = ? OR target = ?)`,
      )
      .run(answer, nowMs, address, address);
    return Number(changes);
  }

  /** What has not ended, in the order in which it is due. */
  open(courier: string, limit: number): readonly OutboxEntry[] {
    return this.#read(
      `SELECT * FROM outbox WHERE courier = ? AND state IN ('waiting', 'sending') ORDER BY due_at_ms, id LIMIT ?`,
      [courier, limit],
    );
  }

  /** Everything about any of `subjects`, or because of their bans, oldest first. */
  about(subjects: readonly string[], limit: number): readonly OutboxEntry[] {
    const marks = subjects.map(() => '?').join(', ');
    const sql = `SELECT * FROM outbox WHERE subject IN (${marks}) OR ban IN
      (SELECT id FROM ban WHERE target IN (${marks}) OR address IN (${marks})) ORDER BY id DESC LIMIT ?`;
    return this.#read(sql, [...subjects, ...subjects, ...subjects, limit]).toReversed();
  }

  /** What a courier wanted to remember; undefined = nothing yet. */
  memory(kind: string): string | undefined {
    const row = this.#database.sql('SELECT memory FROM courier WHERE kind = ?').get(kind);
    return row === undefined ? undefined : String(row['memory']);
  }

  remember(kind: string, memory: string): void {
    this.#database.sql('INSERT OR REPLACE INTO courier (kind, memory) VALUES (?, ?)').run(kind, memory);
  }

  /** Removes up to `limit` entries that ended before `beforeMs`. */
  purge(beforeMs: number, limit: number): number {
    const { changes } = this.#database
      .sql('DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE ended_at_ms < ? LIMIT ?)')
      .run(beforeMs, limit);
    return Number(changes);
  }

  #read(sql: string, values: readonly (string | number)[]): readonly OutboxEntry[] {
    return this.#database
      .sql(sql)
      .all(...values)
      .map(readEntry);
  }
}
