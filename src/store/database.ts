/**
 * Opens the embedded SQLite database that Bailiff keeps its state in.
 * Takes a path (`:memory:` for none on disk); gives a handle with statements kept prepared and transactions.
 * Does not know any table but the version of the schema.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BailiffError, messageOf } from '../lib/errors.js';
import { type Binding, loadBinding, type Statement } from './binding.js';
import { MIGRATIONS } from './schema.js';

const REMEDIES = {
  'store.full': 'Make space on its disk, or choose another folder with --state.',
  'store.unwritable': 'Let its owner write the file and its folder, or choose another folder with --state.',
  'store.unreadable': 'Check the owner of its folder; move a file that is no database away to start anew.',
} as const;

const LOG_BYTES = 16 << 20;

export class Database {
  #binding: Binding;
  readonly #statements = new Map<string, Statement>();

  /** @throws BailiffError `store.no-binding`, `store.unreadable`, `store.full`, `store.unwritable` or `store.newer`. */
  constructor(path: string) {
    this.#binding = open(path);
    try {
      this.#prepare(path);
    } catch (error) {
      this.close();
      throw error instanceof BailiffError ? error : openError(path, error);
    }
  }

  #prepare(path: string): void {
    // First how long to wait: another process, or thread, may be closing the file just now.
    // What is deleted can be given back to the disk step by step, where that is said before the first table is made.
    this.#binding.exec('PRAGMA busy_timeout = 2000; PRAGMA auto_vacuum = INCREMENTAL');
    this.#binding.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // Moving the log into the database waits for the disk: it is done when it is quiet, or on another thread. If neither
    // can be, it is done by the write that finds 256 MiB.
    this.#binding.exec('PRAGMA wal_autocheckpoint = 65536');
    // When it begins anew after such a time it is cut down to what an ordinary day needs.
    this.#binding.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    this.#migrate(path);
    // From now on bans wait for every write: who holds a lock for longer is told of, and what is to be written waits in memory.
    this.#binding.exec('PRAGMA busy_timeout = 100');
  }

  /** A statement, prepared once. */
  sql(text: string): Statement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#binding.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** Runs `work` as one transaction: all of it is written, or none and the error goes on. */
  transaction<T>(work: () => T): T {
    this.sql('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      this.sql('COMMIT').run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** Gives up to `most` free pages back to the disk where more than `kept` are free; gives whether more remains. */
  shrink(most: number, kept: number): boolean {
    const surplus = this.#freePages() - kept;
    if (surplus <= 0) return false;
    this.#binding.exec(`PRAGMA incremental_vacuum(${Math.min(most, surplus)})`);
    const left = this.#freePages() - kept;
    // A file that an older version began gives nothing back.
    return left > 0 && left < surplus;
  }

  #freePages(): number {
    return Number(this.sql('PRAGMA freelist_count').get()?.['freelist_count'] ?? 0);
  }

  /** Moves what was written from the log into the database file, as far as nobody reads what it would replace. */
  checkpoint(): void {
    this.sql('PRAGMA wal_checkpoint(PASSIVE)').all();
  }

  /**
   * Goes on in another file: everything that is here replaces what is there, in one transaction.
   * @throws BailiffError as the constructor; nothing has changed then.
   */
  moveTo(path: string, from: string): void {
    const there = new Database(path);
    try {
      there.#replaceBy(from);
    } catch (error) {
      there.close();
      throw openError(path, error);
    }
    this.close();
    this.#binding = there.#binding;
  }

  close(): void {
    this.#statements.clear();
    this.#binding.close();
  }

  #replaceBy(path: string): void {
    this.sql('ATTACH ? AS other').run(path);
    this.transaction(() => {
      for (const row of this.sql(`SELECT name FROM other.sqlite_schema WHERE type = 'table'`).all()) {
        const table = `"${String(row['name'])}"`;
        this.#binding.exec(
          `DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM other.${table}`,
        );
      }
    });
    this.#binding.exec('DETACH other');
  }

  #rollBack(): void {
    try {
      this.sql('ROLLBACK').run();
    } catch {
      // SQLite has rolled back by itself, as it does where a disk is full; the first error is the one to tell.
    }
  }

  #migrate(path: string): void {
    const version = Number(this.sql('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) {
      throw new BailiffError('store.newer', `${path} was written by a newer Bailiff (schema ${version})`, {
        remedy: 'Install that version again, or move the file away to start anew.',
      });
    }
    MIGRATIONS.slice(version).forEach((migration, index) => {
      this.transaction(() => {
        this.#binding.exec(migration);
        this.#binding.exec(`PRAGMA user_version = ${version + index + 1}`);
      });
    });
  }
}

function open(path: string): Binding {
  const DatabaseSync = loadBinding();
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    const binding = new DatabaseSync(path);
    try {
      if (path !== ':memory:') chmodSync(path, 0o600);
    } catch (error) {
      binding.close();
      throw error;
    }
    return binding;
  } catch (error) {
    throw openError(path, error);
  }
}

/** What may be over at the next try is told apart from what is not. */
function openError(path: string, error: unknown): BailiffError {
  const why = messageOf(error);
  const code = /\bfull\b|ENOSPC|EDQUOT/.test(why)
    ? 'store.full'
    : /readonly|unable to open|disk I\/O|EROFS/.test(why)
      ? 'store.unwritable'
      : 'store.unreadable';
  return new BailiffError(code, `${path} cannot be opened: ${why}.`, {
    remedy: REMEDIES[code],
    cause: error,
  });
}
