/**
 * Which of two places in one source comes first, where two readers follow it.
 * Takes kept places; says only what is certain.
 */
import { parseFilePlace } from './file-mark.js';
import { entriesBetween, parseJournalPlace } from './journal-place.js';
import { isJournalId } from './journal-where.js';
import type { Place, SourceId } from './lines.js';

/** Whether who stands at `later` has read all that lies before `earlier`; false also where that cannot be told. */
export function isUpTo(source: SourceId, earlier: Place, later: Place): boolean {
  if (earlier === later) return true;
  return isJournalId(source) ? isUpToEntry(earlier, later) : isUpToOffset(earlier, later);
}

function isUpToEntry(earlier: Place, later: Place): boolean {
  const [before, after] = [parseJournalPlace(earlier), parseJournalPlace(later)];
  if (before === undefined || after === undefined) return false;
  return (entriesBetween(before.cursor, after.cursor) ?? Number.NaN) >= -1;
}

/** Within one file; in the middle of a rotation nothing is certain. */
function isUpToOffset(earlier: Place, later: Place): boolean {
  const [before, ...older] = parseFilePlace(earlier);
  const [after, ...others] = parseFilePlace(later);
  if (before === undefined || after === undefined || older.length + others.length > 0) return false;
  return before.inode === after.inode && before.offset <= after.offset;
}
