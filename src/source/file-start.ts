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
    const timeMs = timeAt(descriptor, middle, probe);
    // A stretch without dates says nothing: begin before it, unless that is too far back.
    if (timeMs === undefined) return lineStart(descriptor, Math.max(low, floor), size);
    if (timeMs < sinceMs) low = middle;
    else high = middle;
  }
  return lineStart(descriptor, low, size);
}

function timeAt(descriptor: number, offset: number, probe: DateProbe): number | undefined {
  const lines = textAt(descriptor, offset).split('\n').slice(1, -1);
  for (const line of lines.slice(0, PROBED_LINES)) {
    const timeMs = probe(line);
    if (timeMs !== undefined) return timeMs;
  }
  return undefined;
}

function lineStart(descriptor: number, offset: number, size: number): number {
  if (offset === 0) return 0;
  for (let at = offset - 1; at < size; at += PROBE_BYTES) {
    const newline = textAt(descriptor, at).indexOf('\n');
    if (newline >= 0) return at + newline + 1;
  }
  return size;
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
