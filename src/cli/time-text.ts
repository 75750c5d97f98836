/**
 * Times as people write and read them on the command line.
 * Takes milliseconds or seconds and gives local text, or the reverse for `--since` and `--until`.
 */
import { usageError } from './exit.js';

/** `2026-11-22 12:00:00`, local; what no calendar holds is `?`. */
export function timeText(timeMs: number): string {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) return '?';
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `until 2026-…`, or `for ever`. */
export function untilText(untilMs: number | null): string {
  return untilMs === null ? 'for ever' : `until ${timeText(untilMs)}`;
}

/**
 * Milliseconds of `2026-11-22`, `2026-11-22 12:00:00` (local), ISO 8601, or `@SECONDS` since the epoch.
 * @throws BailiffError `cli.usage`.
 */
export function parseTime(text: string): number {
  const epoch = /^@(\d{1,11}(?:\.\d{1,6})?)$/.exec(text)?.[1];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const dated =
    dateOnly || /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?$/.test(text);
  const timeMs = dated ? Date.parse(dateOnly ? `${text}T00:00:00` : text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(timeMs))
    throw usageError(
      `\`${text}\` is no time.`,
      'Write 2026-11-22, "2026-11-22 12:00:00", ISO 8601 or @SECONDS.',
    );
  return timeMs;
}
