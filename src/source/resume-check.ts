/**
 * Whether a reader that was put at a kept entry really stands there: the entry may be gone (vacuum), and then both
 * gaps and repetitions are possible. Takes the kept place, then the places of the entries read; says which are new.
 */
import { type JournalPlace, entriesBetween } from './journal-place.js';

export class ResumeCheck {
  /** `pending` until the first entry; `exact` where it was the kept one; `lost` where that is gone. */
  state: 'pending' | 'exact' | 'lost' = 'pending';
  /** How many entries are missing before the first new one, where that is known. */
  missing: number | undefined;
  readonly #after: JournalPlace;
  #isDone = false;

  constructor(after: JournalPlace) {
    this.#after = after;
  }

  /** Whether the entry at `place` has not been read before the restart. To be asked in reading order. */
  isNew(place: JournalPlace): boolean {
    if (this.#isDone) return true;
    const between = entriesBetween(this.#after.cursor, place.cursor);
    if (this.state === 'pending') {
      const isSame = between === undefined ? place.cursor === this.#after.cursor : between === -1;
      this.state = isSame ? 'exact' : 'lost';
      this.#isDone = isSame;
      if (isSame) return false;
    }
    const isOld = between === undefined ? place.realtimeUs <= this.#after.realtimeUs : between < 0;
    if (isOld) return false;
    this.#isDone = true;
    this.missing = between;
    return true;
  }
}
