/**
 * When a line of a file was written, as a jail would read it: for finding where to begin in a log that was never seen.
 * Takes the filter's options; gives a probe. Compiles nothing before it is asked.
 */
import { DateDetector } from '../filter/dates/date-detector.js';
import type { FilterOptions } from '../filter/match.js';
import type { DateProbe } from '../source/file-start.js';

/** Of a filter that can be compiled; undefined for a line without a stamp. */
export function dateProbe({ datepattern, logTimezoneSeconds }: FilterOptions, now: () => number): DateProbe {
  let detector: DateDetector | undefined;
  return (text) => {
    const nowMs = now();
    detector ??= new DateDetector(datepattern, new Date(nowMs).getFullYear());
    return detector.detect(text, { nowMs, zoneSeconds: logTimezoneSeconds }).timeMs;
  };
}
