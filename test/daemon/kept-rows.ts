/** Reads rows from a daemon's database, as the code under test keeps them. */
import { join } from 'node:path';
import type { Row } from '../../src/store/binding.js';
import { Database } from '../../src/store/database.js';

export function rowsOf(stateDirectory: string, sql: string): readonly Row[] {
  const database = new Database(join(stateDirectory, 'bailiff.sqlite'));
  try {
    return database.sql(sql).all();
  } finally {
    database.close();
  }
}
