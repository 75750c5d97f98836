/**
 * What is known on the main thread of the worker's hearing: per ear what it heard, per source how far it is.
 * Takes batches as they come; gives what `status` shows. Does not talk to the worker.
 */
import type { SourceReport } from '../control/reports.js';
import { earName, type Batch, type EarState, type Way } from '../jail/batch.js';
import type { JailOptions } from '../jail/options.js';
import type { NoticeBoard } from './notice-board.js';

interface SourceCount {
  lines: number;
  lastLineMs: number;
}

export class HearingState {
  readonly #ears = new Map<string, EarState>();
  readonly #sources = new Map<string, SourceCount>();
  readonly #heardBefore: ReadonlySet<string>;
  #restarts = 0;

  /** `heardBefore`: ears that had heard something earlier in this boot. */
  constructor(heardBefore: ReadonlySet<string>) {
    this.#heardBefore = heardBefore;
  }

  /** Takes what a batch tells; gives the jails that heard their configured way for the first time. */
  take(batch: Batch, jails: readonly JailOptions[]): readonly string[] {
    const first: string[] = [];
    for (const ear of batch.ears) {
      const name = earName(ear.jail, ear.way);
      const isFirst = ear.recognised > 0 && (this.#ears.get(name)?.recognised ?? 0) === 0;
      if (isFirst && jails.some((jail) => jail.name === ear.jail && jail.watch.backend === ear.way))
        first.push(ear.jail);
      this.#ears.set(name, ear);
    }
    const source = this.#sources.get(batch.source) ?? { lines: 0, lastLineMs: 0 };
    source.lines += batch.lines;
    if (batch.lastLineMs > source.lastLineMs) source.lastLineMs = batch.lastLineMs;
    this.#sources.set(batch.source, source);
    return first;
  }

  /** The worker was started anew. */
  restarted(): void {
    this.#restarts += 1;
  }

  ear(jail: string, way: Way): EarState | undefined {
    return this.#ears.get(earName(jail, way));
  }

  heardBefore(jail: string): boolean {
    return this.#heardBefore.has(jail);
  }

  sources(notices: NoticeBoard): readonly SourceReport[] {
    return [...this.#sources].map(([id, { lines, lastLineMs }]) => ({
      id,
      state: 'following',
      placeTimeMs: lastLineMs > 0 ? lastLineMs : null,
      linesRead: lines,
      notices: notices.about(id),
    }));
  }

  counters(): Readonly<Record<string, number>> {
    let skipped = 0;
    for (const ear of this.#ears.values()) skipped += ear.skipped;
    return { skippedOldLines: skipped, workerRestarts: this.#restarts };
  }
}
