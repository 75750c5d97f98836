/**
 * Keeps back, for a moment, what came to nothing: most lines are of no consequence, and to tell the main thread of each costs
 * more than hearing it. Takes batches in order; gives them in order, several of one source as one. Hands nothing over by itself.
 */
import { type Batch, earName, type EarState } from './batch.js';

/** So many lines are told of at once: whoever goes on after this thread has to hear them again. */
const MOST_LINES = 1000;

export class HeldBatch {
  #held: Batch | undefined;

  /** Gives what is to be handed over now. */
  add(batch: Batch): readonly Batch[] {
    const held = this.#held;
    const isSame = held?.source === batch.source;
    const whole = held !== undefined && isSame ? joined(held, batch) : batch;
    // What was heard of another source stays before it: an ear may have heard both.
    const before = held === undefined || isSame ? [] : [held];
    const isKept = whole.heard.length === 0 && whole.lines < MOST_LINES;
    this.#held = isKept ? whole : undefined;
    return isKept ? before : [...before, whole];
  }

  /** Gives what was kept back. */
  take(): readonly Batch[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : [held];
  }

  get isEmpty(): boolean {
    return this.#held === undefined;
  }
}

function joined(first: Batch, second: Batch): Batch {
  const ears = new Map<string, EarState>();
  for (const ear of [...first.ears, ...second.ears]) ears.set(earName(ear.jail, ear.way), ear);
  return {
    source: second.source,
    place: second.place,
    lines: first.lines + second.lines,
    lastLineMs: Number.isNaN(second.lastLineMs) ? first.lastLineMs : second.lastLineMs,
    heard: [...first.heard, ...second.heard],
    connections: [...first.connections, ...second.connections],
    ears: [...ears.values()],
  };
}
