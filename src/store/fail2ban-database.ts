/**
 * Reads Fail2Ban's database: who is banned by it, and who was. Opened for reading only, whether it is in use or not.
 * Takes the path; gives bans in pages, so that its size does not matter and Fail2Ban can write in between. Source of the schema: Fail2Ban 1.0 and 1.1,
 * version 4 (tables fail2banDb, jails, bans, bips).
 */
import { existsSync, statSync } from 'node:fs';
import { BailiffError, messageOf } from '../lib/errors.js';
import { type Binding, loadBinding, type Row } from './binding.js';

export interface Fail2BanBan {
  readonly jail: string;
  /** As Fail2Ban wrote it: an address, a network, or the text of an `<F-ID>`. */
  readonly id: string;
  readonly bannedAtMs: number;
  /** -1 = for ever. */
  readonly bantimeSeconds: number;
  readonly failures: number;
  /** The how-manyeth ban of its id in its jail. */
  readonly banCount: number;
  readonly user: string | undefined;
  /** The lines kept of it. */
  readonly matches: readonly string[];
}

const VERSION = 4;
const PAGE = 1000;
const MOST_EXAMINED = 200 << 20;
/** A line of evidence is no longer; Bailiff's own are cut so too. */
const MOST_LINE = 8192;
const MOST_MATCHES = 100;

export class Fail2BanDatabase {
  readonly path: string;
  readonly #binding: Binding;

  /** @throws BailiffError `import.database` or `import.database-version`. */
  constructor(path: string) {
    this.path = path;
    if (!existsSync(path)) throw databaseError(path, 'there is no such file');
    const DatabaseSync = loadBinding();
    this.#binding = reading(path, () => new DatabaseSync(path, { readOnly: true }));
    try {
      reading(path, () => this.#check());
    } catch (error) {
      this.#binding.close();
      throw error;
    }
  }

  close(): void {
    this.#binding.close();
  }

  /** What Fail2Ban would restore at its next start; bans that are over are among it. */
  current(): Generator<readonly Fail2BanBan[]> {
    return this.#pages('bips');
  }

  /** What it remembers of bans, those in force too. */
  history(): Generator<readonly Fail2BanBan[]> {
    return this.#pages('bans');
  }

  *#pages(table: 'bips' | 'bans'): Generator<readonly Fail2BanBan[]> {
    const select = this.#binding.prepare(
      `SELECT rowid AS number, jail, ip, timeofban, bantime, bancount, data FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`,
    );
    for (let last = Number.MIN_SAFE_INTEGER; ;) {
      const rows = reading(this.path, () => select.all(last));
      if (rows.length === 0) return;
      yield rows.map(banOf);
      last = Number(rows.at(-1)?.['number']);
    }
  }

  #check(): void {
    // Fail2Ban holds it for moments only.
    this.#binding.exec('PRAGMA busy_timeout = 10000');
    const tables = this.#binding.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    const names = new Set(tables.map((row) => String(row['name'])));
    if (!names.has('fail2banDb')) throw databaseError(this.path, 'it is not a database of Fail2Ban');
    const version = Number(
      this.#binding.prepare('SELECT version FROM fail2banDb LIMIT 1').get()?.['version'],
    );
    if (version === VERSION && names.has('bips') && names.has('bans')) return this.#examine();
    throw new BailiffError(
      'import.database-version',
      `${this.path} has version ${version} of Fail2Ban's schema, not ${VERSION}.`,
      {
        where: { file: this.path },
        remedy:
          version < VERSION
            ? 'Start Fail2Ban 0.11 or newer once, which brings it up to date, or leave the database out with --db none.'
            : 'Leave the database out with --db none.',
      },
    );
  }

  /** Whether all of it can be read; a large one is not held up that long, Fail2Ban may be waiting to write. */
  #examine(): void {
    if (statSync(this.path).size > MOST_EXAMINED) return;
    const found = this.#binding.prepare('PRAGMA quick_check(1)').all();
    const [text] = found.flatMap((row) => Object.values(row));
    if (text !== 'ok') throw databaseError(this.path, String(text));
  }
}

function banOf(row: Row): Fail2BanBan {
  const data = dataOf(row['data']);
  const { failures, user, matches } = data;
  return {
    jail: String(row['jail']),
    id: String(row['ip']),
    bannedAtMs: Number(row['timeofban']) * 1000,
    bantimeSeconds: Number(row['bantime']),
    banCount: Math.max(1, Math.trunc(Number(row['bancount'])) || 1),
    failures: typeof failures === 'number' && Number.isSafeInteger(failures) ? failures : 0,
    user: typeof user === 'string' && user !== '' ? user : undefined,
    matches: Array.isArray(matches) ? matches.slice(-MOST_MATCHES).map(lineOf) : [],
  };
}

function dataOf(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
    const read: unknown = JSON.parse(text);
    // A parse boundary: each field is looked at before it is used.
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    // The ban itself stands in columns of its own.
    return {};
  }
}

/** A line, or its three parts: before the stamp, the stamp, behind it. */
function lineOf(match: unknown): string {
  const text = Array.isArray(match) ? match.map(String).join('') : String(match);
  return text.slice(0, MOST_LINE);
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BailiffError) throw error;
    throw databaseError(path, messageOf(error));
  }
}

function databaseError(path: string, what: string): BailiffError {
  return new BailiffError('import.database', `${path} cannot be read: ${what}.`, {
    where: { file: path },
    remedy: 'Name another with --db FILE, or leave the bans out with --db none.',
  });
}
