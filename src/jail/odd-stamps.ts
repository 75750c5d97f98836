/**
 * Tells of jails whose log has stamps that are off by more than a minute: a clock or a zone is wrong there.
 * Takes the ears after each chunk; posts one notice a day for each, since such a log has them in every line.
 */
import type { SourceId, SourceNotice } from '../source/lines.js';
import type { Ear } from './ear.js';

const DAY_MS = 86_400_000;

export class OddStamps {
  readonly #post: (notice: SourceNotice) => void;
  readonly #toldMs = new Map<Ear, number>();

  constructor(post: (notice: SourceNotice) => void) {
    this.#post = post;
  }

  tell(source: SourceId, ears: readonly Ear[], nowMs: number): void {
    for (const ear of ears) {
      const oddMs = ear.takeOddMs();
      if (oddMs === undefined || nowMs - (this.#toldMs.get(ear) ?? -Infinity) < DAY_MS) continue;
      this.#toldMs.set(ear, nowMs);
      const off = `${Math.round(Math.abs(oddMs) / 1000)} s ${oddMs < 0 ? 'before' : 'after'} now`;
      for (const { jail } of ear.listeners) {
        const text = `${jail}: stamps of new lines are ${off} and count as now. Look at the zone of the log (logtimezone).`;
        this.#post({ source, level: 'warning', event: 'odd-stamps', text });
      }
    }
  }
}
