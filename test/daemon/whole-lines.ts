/** A file that another process is writing. */
import { existsSync, readFileSync } from 'node:fs';

/** Its lines that are whole, without the newline; none where there is no file yet. */
export function wholeLines(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}
