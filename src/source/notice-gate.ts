/**
 * Keeps an attacker who can cause notices from flooding the log: the same thing is told the 1st, 10th, 100th … time.
 * Takes what happened and how often; gives the notices that are due to the sink, with the count so far.
 */
import type { SourceId, SourceNotice } from './lines.js';

const MAX_KEYS = 1024;

export class NoticeGate {
  readonly #counts = new Map<string, number>();
  readonly #tell: (notice: SourceNotice) => void;

  constructor(tell: (notice: SourceNotice) => void) {
    this.#tell = tell;
  }

  /** Counts `times` more of this event of this source; tells it where the count reaches a power of ten. */
  count(source: SourceId, level: SourceNotice['level'], event: string, text: string, times = 1): void {
    if (times <= 0) return;
    const key = `${event} ${source}`;
    const before = this.#counts.get(key) ?? 0;
    const now = before + times;
    if (this.#counts.size >= MAX_KEYS && before === 0) this.#counts.clear();
    this.#counts.set(key, now);
    if (decades(now) === decades(before)) return;
    this.#tell({ source, level, event, text: now === 1 ? text : `${text} (${now} times so far)` });
  }
}

function decades(count: number): number {
  return count === 0 ? 0 : String(Math.floor(count)).length;
}
