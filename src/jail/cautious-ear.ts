/**
 * The ear of a jail whose expressions have run away: a line that is not through in time is passed over in it.
 * Takes lines as an ear does; what it gives up is told to the caution.
 */
import type { Candidates } from '../filter/candidates.js';
import { OutOfTime } from '../lib/time-limit.js';
import type { Surroundings } from '../filter/surroundings.js';
import type { Line } from '../source/lines.js';
import type { Heard } from './batch.js';
import type { Caution } from './caution.js';
import { Ear, type EarOptions } from './ear.js';

export class CautiousEar extends Ear {
  readonly #caution: Caution;

  constructor(options: EarOptions, caution: Caution) {
    super(options);
    this.#caution = caution;
  }

  override hear(
    line: Line,
    heard: Heard[],
    candidates: Candidates,
    around: Surroundings | undefined,
    liveMs?: number,
  ): void {
    try {
      super.hear(line, heard, candidates, around, liveMs);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      for (const { jail } of this.listeners) this.#caution.gaveUp(jail);
    }
  }
}
