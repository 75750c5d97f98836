/**
 * The SQLite binding: Node's own where it has one, else the same API from a package.
 * Gives a class that opens database files, as node:sqlite documents it. Knows no table.
 */
import { createRequire } from 'node:module';
import { BailiffError, messageOf } from '../lib/errors.js';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export interface Statement {
  run(...values: readonly Value[]): {
    readonly lastInsertRowid: number | bigint;
    readonly changes: number | bigint;
  };
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): readonly Row[];
}

export interface Binding {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** Opens a database file; the options are node:sqlite's. */
export type OpenDatabase = new (path: string, options?: { readonly readOnly?: boolean }) => Binding;

/** @throws BailiffError `store.no-binding`. */
export function loadBinding(): OpenDatabase {
  const require = createRequire(import.meta.url);
  const tried: string[] = [];
  for (const name of ['node:sqlite', '@photostructure/sqlite']) {
    try {
      // A parse boundary: both modules have node:sqlite's documented shape.
      return (require(name) as { DatabaseSync: OpenDatabase }).DatabaseSync;
    } catch (error) {
      tried.push(`${name}: ${messageOf(error).split('\n')[0] ?? ''}`);
    }
  }
  throw new BailiffError('store.no-binding', `no SQLite binding loads (${tried.join('; ')})`, {
    remedy: 'Run `npm install` in the package folder, or use Node 22.13 or newer.',
  });
}
