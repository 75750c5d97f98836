/**
 * When expressions may be written for bytes: the lines of a flood make all those of a filter due at once, and each takes some
 * milliseconds, so a thread rests in between. Takes what writes one; gives what it gives.
 */

/** Of a thread's time one part in so many is for writing. */
const RESTS = 20;

let restsUntilMs = 0;

/** Whether the thread has rested enough. */
export function mayWrite(): boolean {
  return performance.now() >= restsUntilMs;
}

export function writtenInTurn<Code>(write: () => Code): Code {
  const startMs = performance.now();
  const code = write();
  const endMs = performance.now();
  restsUntilMs = endMs + RESTS * (endMs - startMs);
  return code;
}
