/**
 * Bans on disk: the current ones, and what became of the others.
 * Takes decisions; gives bans back after a restart and an address's history. Runs inside the caller's transaction.
 */
import type { Ban, Unban } from '../ban/ban.js';
import type { Row, Value } from './binding.js';
import type { Database } from './database.js';

export interface BanRecord extends Ban {
  /** Milliseconds since the epoch; undefined = still on. */
  readonly endedAtMs: number | undefined;
  readonly endedWhy: string | undefined;
}

const ORIGINS = ['jail', 'hand', 'restored', 'imported'] as const;

/** SQLite writes fifteen digits of a number that is not whole. */
const exact = (column: string): string =>
  `iif(typeof(${column}) = 'real', printf('%!.17g', ${column}), ${column})`;
/** A page as one text: as rows a million bans take four times as long, and three kilobytes of garbage each. */
const CURRENT = `SELECT json_group_array(json_array(id, jail, target, address, ${exact('banned_at_ms')},
    ${exact('until_ms')}, failures, origin, ban_count)) AS page
  FROM (SELECT * FROM ban WHERE ended_at_ms IS NULL AND id > ? ORDER BY id LIMIT ?)`;
const PAGE = 500;

type CurrentRow = readonly [
  id: number,
  jail: string,
  target: string,
  address: string | null,
  bannedAtMs: number | string,
  untilMs: number | string | null,
  failures: number,
  origin: string,
  banCount: number,
];

const INSERT = `INSERT INTO ban (jail, target, address, banned_at_ms, until_ms, failures, origin, ban_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const PROLONG = `UPDATE ban SET until_ms = ? WHERE jail = ? AND target = ? AND ended_at_ms IS NULL`;
// SQLite takes the other columns from the row that has the maximum.
const LAST = `SELECT jail, ban_count, ended_why, max(banned_at_ms) FROM ban WHERE target = ? GROUP BY jail`;
const END = `UPDATE ban SET ended_at_ms = ?, ended_why = ? WHERE jail = ? AND target = ? AND ended_at_ms IS NULL`;
const TIE = `UPDATE failure SET ban = ? WHERE jail = ? AND ban IS NULL AND target = ?`;
const EVIDENCE = `SELECT text FROM failure WHERE ban = ? ORDER BY time_ms, id`;

export class BanStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Writes a ban and ties to it the failures that it rests on; of one that prolongs, the new end.
   * Gives the number of a ban that is new.
   */
  add(ban: Ban): number | undefined {
    if (ban.prolongs === true) {
      const { changes } = this.#database.sql(PROLONG).run(ban.untilMs ?? null, ban.jail, ban.target);
      if (Number(changes) > 0) return undefined;
    }
    const { lastInsertRowid } = this.#database
      .sql(INSERT)
      .run(
        ban.jail,
        ban.target,
        ban.address ?? null,
        ban.bannedAtMs,
        ban.untilMs ?? null,
        ban.failures,
        ban.origin,
        ban.banCount ?? 1,
      );
    const id = Number(lastInsertRowid);
    // What a hand bans rests on nothing: failures go on counting.
    if (ban.origin !== 'hand') this.#database.sql(TIE).run(id, ban.jail, ban.countedAs ?? ban.target);
    return id;
  }

  end(unban: Unban): void {
    this.#database.sql(END).run(unban.atMs, unban.why, unban.jail, unban.target);
  }

  /** Every ban that was not ended, over or not, in the order in which they were written, a page at a time. */
  *current(): Iterable<readonly Ban[]> {
    const page = this.#database.sql(CURRENT);
    for (let after = 0; ;) {
      // A parse boundary: the statement says what the text holds.
      const rows = JSON.parse(String(page.get(after, PAGE)?.['page'] ?? '[]')) as readonly CurrentRow[];
      if (rows.length > 0) yield rows.map(readCurrent);
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.[0] ?? after;
    }
  }

  /** The bans of any of `targets`, newest first, with their evidence. */
  history(targets: readonly string[], limit: number): readonly BanRecord[] {
    const marks = targets.map(() => '?').join(', ');
    return this.#database
      .sql(
        `SELECT * FROM ban WHERE id IN
         (SELECT id FROM ban WHERE target IN (${marks}) UNION SELECT id FROM ban WHERE address IN (${marks}))
         ORDER BY banned_at_ms DESC, id DESC LIMIT ?`,
      )
      .all(...targets, ...targets, limit)
      .map((row) => this.#read(row, this.#evidenceOf(row)));
  }

  /** The last ban of `target` by each jail; none where a hand lifted it. */
  lastBans(target: string): readonly { readonly jail: string; readonly banCount: number }[] {
    return this.#database
      .sql(LAST)
      .all(target)
      .filter((row) => row['ended_why'] !== 'hand')
      .map((row) => ({ jail: String(row['jail']), banCount: Number(row['ban_count']) }));
  }

  /** Removes up to `limit` bans that ended before `beforeMs`. */
  purge(beforeMs: number, limit: number): number {
    const { changes } = this.#database
      .sql('DELETE FROM ban WHERE id IN (SELECT id FROM ban WHERE ended_at_ms < ? LIMIT ?)')
      .run(beforeMs, limit);
    return Number(changes);
  }

  #evidenceOf(row: Row): readonly string[] {
    return this.#database
      .sql(EVIDENCE)
      .all(row['id'] ?? null)
      .map((each) => String(each['text']));
  }

  #read(row: Row, evidence: readonly string[]): BanRecord {
    const optional = (name: string): number | undefined =>
      row[name] === null ? undefined : Number(row[name]);
    return {
      kind: 'ban',
      jail: String(row['jail']),
      target: String(row['target']),
      address: row['address'] === null ? undefined : String(row['address']),
      bannedAtMs: Number(row['banned_at_ms']),
      untilMs: optional('until_ms'),
      failures: Number(row['failures']),
      origin: originOf(row['origin']),
      evidence,
      banCount: Number(row['ban_count']),
      endedAtMs: optional('ended_at_ms'),
      endedWhy: row['ended_why'] === null ? undefined : String(row['ended_why']),
    };
  }
}

function readCurrent(row: CurrentRow): Ban {
  const [, jail, target, address, bannedAtMs, untilMs, failures, origin, banCount] = row;
  return {
    kind: 'ban',
    jail,
    target,
    address: address ?? undefined,
    bannedAtMs: Number(bannedAtMs),
    untilMs: untilMs === null ? undefined : Number(untilMs),
    failures,
    origin: originOf(origin),
    evidence: undefined,
    banCount,
  };
}

function originOf(text: Value | undefined): Ban['origin'] {
  return ORIGINS.find((origin) => origin === text) ?? 'jail';
}
