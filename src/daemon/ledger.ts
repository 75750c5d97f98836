/**
 * Writes down what was decided: counts, bans, known clients and the place they were read up to, in one transaction.
 * Takes outcomes in order; a store that cannot be written is told, its share kept in memory and written when it can be.
 * Never holds a ban back. Does not decide.
 */
import type { Batch } from '../jail/batch.js';
import type { Outcome } from '../jail/jail.js';
import { messageOf } from '../lib/errors.js';
import type { Store } from '../store/store.js';

/** What waits for a store that can be written again; beyond it the oldest is lost, and counted. */
const MAX_WAITING = 50_000;

type Reading = Pick<Batch, 'source' | 'place' | 'states'>;

interface Entry {
  readonly outcomes: readonly Outcome[];
  readonly reading: Reading | undefined;
  readonly nowMs: number;
}

export interface LedgerState {
  /** Undefined while the store can be written; else why not. */
  readonly suspended: string | undefined;
  readonly waiting: number;
  readonly lost: number;
}

export class Ledger {
  readonly #store: Store;
  readonly #tell: (text: string, level: 'alarm' | 'info') => void;
  #waiting: Entry[] = [];
  #suspended: string | undefined;
  #lost = 0;

  constructor(store: Store, tell: (text: string, level: 'alarm' | 'info') => void) {
    this.#store = store;
    this.#tell = tell;
  }

  state(): LedgerState {
    return { suspended: this.#suspended, waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Writes outcomes and, where they come from a batch, the place after it. */
  commit(outcomes: readonly Outcome[], nowMs: number, reading?: Reading): void {
    const entries = [...this.#waiting, { outcomes, reading, nowMs }];
    try {
      this.#store.transaction(() => {
        for (const entry of entries) this.#write(entry);
      });
      this.#waiting = [];
      if (this.#suspended !== undefined)
        this.#tell('The store can be written again; nothing is missing from it.', 'info');
      this.#suspended = undefined;
    } catch (error) {
      this.#keepWaiting(entries, messageOf(error));
    }
  }

  #keepWaiting(entries: Entry[], why: string): void {
    if (this.#suspended === undefined)
      this.#tell(
        `The store cannot be written (${why}): bans go on from memory, a crash now would lose them.`,
        'alarm',
      );
    this.#suspended = why;
    this.#lost += Math.max(0, entries.length - MAX_WAITING);
    this.#waiting = entries.slice(-MAX_WAITING);
  }

  #write({ outcomes, reading, nowMs }: Entry): void {
    for (const outcome of outcomes) this.#writeOutcome(outcome);
    if (reading === undefined) return;
    for (const [ear, state] of reading.states) this.#store.places.keepMultiLineState(ear, state);
    this.#store.places.keep(reading.source, reading.place, nowMs);
  }

  #writeOutcome(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'counted':
        return this.#store.failures.add(outcome.failure);
      case 'login':
        return this.#store.knownClients.add(outcome.address, outcome.jail, outcome.timeMs);
      case 'decided':
        if (outcome.decision.kind === 'ban') return this.#store.bans.add(outcome.decision);
        // Who is let off by hand starts anew.
        if (outcome.decision.why === 'hand')
          this.#store.failures.forget(outcome.decision.jail, outcome.decision.target);
        return this.#store.bans.end(outcome.decision);
      case 'ignored':
      case 'banned-already':
      case 'over':
        return undefined;
    }
  }
}
