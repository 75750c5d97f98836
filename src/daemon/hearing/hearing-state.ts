/**
 * What is known on the main thread of the worker's hearing: per ear what it heard, per source how far it is.
 * Takes batches as they come; gives what `status` shows. Does not talk to the worker.
 */
import type { SourceReport } from '../../control/reports.js';
import { earName, type Batch, type EarState, type Way } from '../../jail/batch.js';
import type { JailOptions } from '../../jail/options.js';
import { isLookBack } from '../../jail/look-back.js';
import type { NoticeBoard } from '../telling/notice-board.js';

interface SourceCount {
  lines: number;
  lastLineMs: number;
}

/** Jails that heard a way for the first time in this boot. */
export interface FirstHeard {
  /** On the way they are configured for. */
  readonly own: readonly string[];
  /** On the other way, while they are deaf on their own. */
  readonly other: readonly string[];
}

export class HearingState {
  readonly #ears = new Map<string, EarState>();
  /** What the workers before this one had heard. */
  readonly #earlier = new Map<string, EarState>();
  readonly #sources = new Map<string, SourceCount>();
  readonly #heard: Set<string>;
  readonly #deaf = new Set<string>();
  #restarts = 0;
  #passedOver = 0;

  /** `heardBefore`: jails that had heard their configured way earlier in this boot. */
  constructor(heardBefore: ReadonlySet<string>) {
    this.#heard = new Set(heardBefore);
  }

  /** The jails that have heard their configured way in this boot. */
  get heard(): ReadonlySet<string> {
    return this.#heard;
  }

  /** Takes what a batch tells. */
  take(batch: Batch, jails: readonly JailOptions[]): FirstHeard {
    const own: string[] = [];
    const other: string[] = [];
    for (const ear of batch.ears) {
      this.#ears.set(earName(ear.jail, ear.way), ear);
      if (ear.recognised === 0 || this.#heard.has(ear.jail)) continue;
      const isOwn = jails.some((jail) => jail.name === ear.jail && jail.watch.backend === ear.way);
      if (isOwn) own.push(ear.jail);
      else if (!this.#deaf.has(ear.jail)) other.push(ear.jail);
      (isOwn ? this.#heard : this.#deaf).add(ear.jail);
    }
    if (isLookBack(batch.source)) return { own, other };
    const source = this.#sources.get(batch.source) ?? { lines: 0, lastLineMs: 0 };
    source.lines += batch.lines;
    if (batch.lastLineMs > source.lastLineMs) source.lastLineMs = batch.lastLineMs;
    this.#sources.set(batch.source, source);
    return { own, other };
  }

  /** Lines were passed over in a jail, because an expression did not end on them. */
  passedOver(lines: number): void {
    this.#passedOver += lines;
  }

  /** The worker of some jails was started anew, and begins to count anew. */
  restarted(why: 'died' | 'changed', jails: readonly JailOptions[]): void {
    if (why === 'died') this.#restarts += 1;
    const names = new Set(jails.map(({ name }) => name));
    for (const [name, { jail, way }] of this.#ears) {
      const sum = names.has(jail) ? this.ear(jail, way) : undefined;
      if (sum === undefined) continue;
      this.#earlier.set(name, sum);
      this.#ears.delete(name);
    }
  }

  /** What a jail has heard over one way since the start of the daemon. */
  ear(jail: string, way: Way): EarState | undefined {
    const name = earName(jail, way);
    const [now, earlier] = [this.#ears.get(name), this.#earlier.get(name)];
    if (now === undefined || earlier === undefined) return now ?? earlier;
    return {
      jail,
      way,
      lines: now.lines + earlier.lines,
      recognised: now.recognised + earlier.recognised,
      skipped: now.skipped + earlier.skipped,
      lastHeardMs: Math.max(now.lastHeardMs, earlier.lastHeardMs),
    };
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
    for (const ears of [this.#ears, this.#earlier]) for (const ear of ears.values()) skipped += ear.skipped;
    return {
      skippedOldLines: skipped,
      passedOverLines: this.#passedOver,
      workerRestarts: this.#restarts,
    };
  }
}
