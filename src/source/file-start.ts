/**
 * Where to begin in a log file that was never seen: as far back as its lines are young enough to matter.
 * Takes an open file and, if there is one, a probe that finds the time of a line; gives an offset at which a line starts.
 * Without a probe at most 16 MiB are read; older lines are dropped later, by their time.
 */
import { readSync } from 'node:fs';

const LOOK_BACK_BYTES = 16 << 20;
const PROBE_BYTES = 64 << 10;
const PROBED_LINES = 20;
/** Searching ends when this little is left to read. */
const NEAR_BYTES = 256 << 10;

/** Milliseconds since the epoch of a line's text, or undefined where it has no date. */
export type DateProbe = (text: string) => number | undefined;

/** The offset of a line such that (nearly) all lines at or after `sinceMs` follow it. */
export function startOffset(
  descriptor: number,
  size: number,
  sinceMs: number,
  probe: DateProbe | undefined,
): number {
  if (size <= NEAR_BYTES) return 0;
  const floor = Math.max(0, size - LOOK_BACK_BYTES);
  if (probe === undefined) return floor === 0 ? 0 : lineStart(descriptor, floor, size);
  let low = 0;
  let high = size;
  while (high - low > NEAR_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = lineStart(descriptor, middle, Math.min(high, middle + LOOK_BACK_BYTES));
    if (line >= high) {
      // One line reaches from before the middle to the end of the stretch.
      high = middle;
      continue;
    }
    const timeMs = timeAt(descriptor, line, probe);
    // A stretch without dates says nothing: begin before it, unless that is too far back.
    if (timeMs === undefined) return lineStart(descriptor, Math.max(low, floor), size);
    if (timeMs < sinceMs) low = middle;
    else high = middle;
  }
  return lineStart(descriptor, low, size);
}

/** The time of the first line with a date, of those that begin at `offset`; of a long line its beginning is looked at. */
function timeAt(descriptor: number, offset: number, probe: DateProbe): number | undefined {
  const [first = '', ...others] = textAt(descriptor, offset).split('\n');
  for (const line of [first, ...others.slice(0, -1)].slice(0, PROBED_LINES)) {
    const timeMs = probe(line);
    if (timeMs !== undefined) return timeMs;
  }
  return undefined;
}

/** Where the first line begins at or after `offset`, or `end`. */
function lineStart(descriptor: number, offset: number, end: number): number {
  if (offset === 0) return 0;
  for (let at = offset - 1; at < end; at += PROBE_BYTES) {
    const newline = textAt(descriptor, at).indexOf('\n');
    if (newline >= 0) return Math.min(at + newline + 1, end);
  }
  return end;
}

function textAt(descriptor: number, offset: number): string {
  const bytes = Buffer.alloc(PROBE_BYTES);
  return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, PROBE_BYTES, offset));
}

/** The offset of the last line, whole or half: only what comes is of interest, but no line is begun in its middle. */
export function endOffset(descriptor: number, size: number): number {
  const from = Math.max(0, size - PROBE_BYTES);
  const newline = textAt(descriptor, from)
    .slice(0, size - from)
    .lastIndexOf('\n');
  if (newline >= 0) return from + newline + 1;
  return from === 0 ? 0 : size;
}
