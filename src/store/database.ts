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

export class Database {
  readonly #binding: Binding;
  readonly #statements = new Map<string, Statement>();

  /** @throws BailiffError `store.no-binding`, `store.unreadable`, `store.full` or `store.newer`. */
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
    this.#binding.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // Moving the log into the database waits for the disk: it is done when it is quiet, or on another thread. If neither
    // can be, it is done by the write that finds 256 MiB.
    this.#binding.exec('PRAGMA wal_autocheckpoint = 65536');
    this.#migrate(path);
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

  /** Moves what was written from the log into the database file, as far as nobody reads what it would replace. */
  checkpoint(): void {
    this.sql('PRAGMA wal_checkpoint(PASSIVE)').all();
  }

  close(): void {
    this.#statements.clear();
    this.#binding.close();
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
    if (path !== ':memory:') chmodSync(path, 0o600);
    return binding;
  } catch (error) {
    throw openError(path, error);
  }
}

/** A full disk is told apart: it may be over at the next try, what else is wrong is not. */
function openError(path: string, error: unknown): BailiffError {
  const isFull = /\bfull\b/.test(messageOf(error));
  return new BailiffError(
    isFull ? 'store.full' : 'store.unreadable',
    `${path} cannot be opened: ${messageOf(error)}.`,
    {
      remedy: isFull
        ? 'Make space on its disk, or choose another folder with --state.'
        : 'Check the owner of its folder; move a file that is no database away to start anew.',
      cause: error,
    },
  );
}
