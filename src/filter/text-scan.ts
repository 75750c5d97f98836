/**
 * Which of many fixed texts stand in a stretch of bytes, all looked for at once. Two ways, one answer: sixteen bytes at
 * a time where the host can do that (vector-scan.ts), skipping where it cannot (skipping-scan.ts).
 */

/** So many places of texts are told of one line. */
export const MOST_FOUND = 256;

/**
 * Made of texts of at least three characters, of which one beyond Latin-1 is compared by its low byte, and of the room in
 * which the lines lie.
 */
export interface TextScan {
  /** Writes the numbers of the texts in `[start, end)` of the room to `found`, one more than once maybe; gives how many. */
  scan(start: number, end: number): number;
  /** `MOST_FOUND` numbers; to be asked for after each scan. */
  readonly found: Int32Array;
}
