/**
 * Counted failures on disk: what the windows are rebuilt from after a restart, and the evidence that `explain` shows.
 * Takes failures; gives those not yet used up by a ban. Runs inside the caller's transaction.
 */
import { isIP } from 'node:net';
import type { Failure } from '../failure/ticket.js';
import { widen, widthOf } from '../lib/address.js';
import type { Row } from './binding.js';
import type { Database } from './database.js';

export interface FailureRecord extends Failure {
  /** Whether a ban rests on it, or it was enough for one that could not be. */
  readonly usedUp: boolean;
}

export interface TopEntry {
  readonly name: string;
  readonly failures: number;
  readonly bans: number;
}

export interface Top {
  readonly sinceMs: number;
  readonly addresses: readonly TopEntry[];
  readonly users: readonly TopEntry[];
  readonly jails: readonly TopEntry[];
}

/** So many of the newest rows are looked through for what is open. */
const MOST_OPEN = 300_000;
const PAGE = 1000;
/** Rows that are kept at most; a row takes about 400 bytes. */
const MOST_ROWS = 1_000_000;

const INSERT = `INSERT INTO failure (jail, target, address, user, time_ms, attempts, span_seconds, line_kind, connection, text, data)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export class FailureStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(failure: Failure): void {
    this.#database
      .sql(INSERT)
      .run(
        failure.jail,
        failure.id,
        failure.address ?? null,
        failure.user ?? null,
        failure.timeMs,
        failure.attempts,
        failure.spanSeconds,
        failure.lineKind,
        failure.connection ?? null,
        failure.text,
        failure.data === undefined ? null : JSON.stringify(failure.data),
      );
  }

  /** Forgets what is open against any of `targets` (an admin lifted the ban). */
  forget(jail: string, target: string): void {
    this.#database.sql('DELETE FROM failure WHERE jail = ? AND target = ? AND ban IS NULL').run(jail, target);
  }

  /** What is open against `target` was enough, but no ban followed: it is kept as evidence and counts no more. */
  useUp(jail: string, target: string): void {
    this.#database
      .sql('UPDATE failure SET ban = 0 WHERE jail = ? AND target = ? AND ban IS NULL')
      .run(jail, target);
  }

  /**
   * The failures of a jail since `sinceMs` that no ban rests on, in the order they were counted, a page at a time. What lies
   * behind the newest 300,000 of all jails is left out: a start after a flood must not take minutes.
   */
  *open(jail: string, sinceMs: number): Iterable<Failure> {
    const { least } = this.#database.sql('SELECT max(id) - ? AS least FROM failure').get(MOST_OPEN) ?? {};
    const page = this.#database.sql(
      'SELECT * FROM failure WHERE id > ? AND jail = ? AND ban IS NULL AND time_ms >= ? ORDER BY id LIMIT ?',
    );
    for (let after = Number(least ?? 0); ;) {
      const rows = page.all(after, jail, sinceMs, PAGE);
      yield* rows.map(read);
      if (rows.length < PAGE) return;
      after = Number(rows.at(-1)?.['id']);
    }
  }

  /** The newest failures of a target since `sinceMs` that no ban rests on, oldest first. */
  openOf(jail: string, target: string, sinceMs: number, limit: number): readonly Failure[] {
    return this.#database
      .sql(
        `SELECT * FROM failure WHERE jail = ? AND target = ? AND ban IS NULL AND time_ms >= ?
         ORDER BY id DESC LIMIT ?`,
      )
      .all(jail, target, sinceMs, limit)
      .map(read)
      .reverse();
  }

  /**
   * The newest failures counted against any of `targets` (addresses, networks, `<F-ID>`s), or of any address among them under
   * whatever it was counted, newest first.
   */
  history(targets: readonly string[], limit: number): readonly FailureRecord[] {
    const around = [...new Set(targets.flatMap(networksAround))];
    return this.#database
      .sql(
        // The plus keeps SQLite from walking the index of times until it has met enough rows.
        `SELECT * FROM failure WHERE id IN
         (SELECT id FROM failure WHERE target IN (${marksFor(targets)})
          UNION SELECT id FROM failure WHERE target IN (${marksFor(around)}) AND +address IN (${marksFor(targets)})
          UNION SELECT id FROM failure WHERE address IN (${marksFor(targets)}) AND target IS NOT address AND instr(target, '/') = 0)
         ORDER BY +time_ms DESC, id DESC LIMIT ?`,
      )
      .all(...targets, ...around, ...targets, ...targets, limit)
      .map(read);
  }

  /** The failures that the newest ban of a target rests on, oldest first. */
  ofNewestBan(jail: string, target: string): readonly Failure[] {
    return this.#database
      .sql(
        `SELECT * FROM failure WHERE ban = (SELECT id FROM ban WHERE target = ? AND jail = ?
         ORDER BY banned_at_ms DESC, id DESC LIMIT 1) ORDER BY time_ms, id`,
      )
      .all(target, jail)
      .map(read);
  }

  /** The failures that a ban rests on, by its number, oldest first. */
  ofBan(ban: number): readonly Failure[] {
    return this.#database.sql('SELECT * FROM failure WHERE ban = ? ORDER BY time_ms, id').all(ban).map(read);
  }

  /** Who failed most since `sinceMs`: at most `limit` a list. */
  top(sinceMs: number, limit: number): Top {
    const rank = (column: 'target' | 'user' | 'jail'): readonly TopEntry[] =>
      this.#database
        .sql(
          `SELECT ${column} AS name, sum(attempts) AS failures, count(DISTINCT nullif(ban, 0)) AS bans FROM failure
           WHERE time_ms >= ? AND ${column} IS NOT NULL GROUP BY ${column} ORDER BY failures DESC, name LIMIT ?`,
        )
        .all(sinceMs, limit)
        .map((row) => ({
          name: String(row['name']),
          failures: Number(row['failures']),
          bans: Number(row['bans']),
        }));
    return { sinceMs, addresses: rank('target'), users: rank('user'), jails: rank('jail') };
  }

  /** Removes up to `limit` failures beyond the million newest, unless a current ban rests on them. */
  purgeBeyond(limit: number): number {
    const { changes } = this.#database
      .sql(
        `DELETE FROM failure WHERE id IN (SELECT failure.id FROM failure LEFT JOIN ban ON ban.id = failure.ban
         WHERE failure.id <= (SELECT max(id) - ? FROM failure) AND (ban.id IS NULL OR ban.ended_at_ms IS NOT NULL)
         ORDER BY failure.id LIMIT ?)`,
      )
      .run(MOST_ROWS, limit);
    return Number(changes);
  }

  /** Removes up to `limit` failures older than `beforeMs` that no current ban rests on. */
  purge(beforeMs: number, limit: number): number {
    const { changes } = this.#database
      .sql(
        `DELETE FROM failure WHERE id IN (SELECT failure.id FROM failure LEFT JOIN ban ON ban.id = failure.ban
         WHERE time_ms < ? AND (ban.id IS NULL OR ban.ended_at_ms IS NOT NULL) LIMIT ?)`,
      )
      .run(beforeMs, limit);
    return Number(changes);
  }
}

function marksFor(values: readonly string[]): string {
  return values.map(() => '?').join(', ');
}

/** All that an IPv6 address may have been counted under: a jail's width is not what it was before a reload. */
function networksAround(target: string): readonly string[] {
  if (isIP(target) !== 6) return [];
  return Array.from({ length: widthOf(6) - 1 }, (_, index) => widen(target, index + 1));
}

function read(row: Row): FailureRecord {
  const optional = (name: string): string | undefined => (row[name] === null ? undefined : String(row[name]));
  const data = readData(optional('data'));
  return {
    jail: String(row['jail']),
    id: String(row['target']),
    address: optional('address'),
    user: optional('user'),
    timeMs: Number(row['time_ms']),
    attempts: Number(row['attempts']),
    spanSeconds: Number(row['span_seconds']),
    lineKind: String(row['line_kind']),
    connection: optional('connection'),
    text: String(row['text']),
    usedUp: row['ban'] !== null,
    ...(data !== undefined && { data }),
  };
}

/** Written by `add` alone; what an older or a broken row holds is no data. */
function readData(json: string | undefined): Readonly<Record<string, string>> | undefined {
  if (json === undefined) return undefined;
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const texts = Object.entries(parsed).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(texts);
}
