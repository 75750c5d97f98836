/**
 * Writes bans of another program into the store: those in force, and those that are over, with their evidence.
 * Takes bans; passes over what is there already, so that an import may be repeated. Runs inside the caller's transaction.
 */
import type { Database } from './database.js';

export interface ImportedBan {
  readonly jail: string;
  /** Canonical address or network, or the text of an id. */
  readonly target: string;
  readonly address: string | undefined;
  readonly bannedAtMs: number;
  /** undefined = for ever. */
  readonly untilMs: number | undefined;
  readonly failures: number;
  /** The how-manyeth ban of its target it was. */
  readonly banCount: number;
  readonly user: string | undefined;
  readonly evidence: readonly string[];
  /** undefined = in force. */
  readonly ended: { readonly atMs: number; readonly why: 'expired' | 'hand' | 'jail-gone' } | undefined;
}

const KNOWN = `SELECT 1 FROM ban WHERE jail = ? AND target = ? AND banned_at_ms = ?`;
const IN_FORCE = `SELECT 1 FROM ban WHERE jail = ? AND target = ? AND ended_at_ms IS NULL`;
const INSERT = `INSERT INTO ban (jail, target, address, banned_at_ms, until_ms, failures, origin, ended_at_ms, ended_why, ban_count)
  VALUES (?, ?, ?, ?, ?, ?, 'imported', ?, ?, ?)`;
const EVIDENCE = `INSERT INTO failure (jail, target, address, user, time_ms, attempts, span_seconds, line_kind, connection, text, ban)
  VALUES (?, ?, ?, ?, ?, 1, 0, 'imported', NULL, ?, ?)`;

export class BanImport {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes a ban; `known` where it is there, `covered` where another ban of its target is in force. */
  add(ban: ImportedBan): 'added' | 'known' | 'covered' {
    const { jail, target, address, bannedAtMs, untilMs, ended } = ban;
    if (this.#database.sql(KNOWN).get(jail, target, bannedAtMs) !== undefined) return 'known';
    if (ended === undefined && this.#database.sql(IN_FORCE).get(jail, target) !== undefined) return 'covered';
    const { lastInsertRowid } = this.#database
      .sql(INSERT)
      .run(
        jail,
        target,
        address ?? null,
        bannedAtMs,
        untilMs ?? null,
        ban.failures,
        ended?.atMs ?? null,
        ended?.why ?? null,
        ban.banCount,
      );
    for (const text of ban.evidence)
      this.#database
        .sql(EVIDENCE)
        .run(jail, target, address ?? null, ban.user ?? null, bannedAtMs, text, Number(lastInsertRowid));
    return 'added';
  }
}
