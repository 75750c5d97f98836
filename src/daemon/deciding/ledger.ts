/**
 * Writes down what was decided: counts, bans, known clients and the place they were read up to, in one transaction.
 * Takes outcomes in order; a store that cannot be written is told, its share kept in memory and written when it can be.
 * Never holds a ban back. Does not decide.
 */
import type { Batch } from '../../jail/batch.js';
import type { Outcome } from '../../jail/jail.js';
import { messageOf } from '../../lib/errors.js';
import type { Store } from '../../store/store.js';
import type { Outgoing } from '../sending/outgoing.js';

/**
 * Outcomes and notes that wait for a store that can be written again. Beyond it the oldest failures that led to nothing are
 * lost, then whatever is oldest; both are counted.
 */
const MAX_WAITING = 50_000;
/** How often a store that could not be written is tried again, and how much of what waits goes into one transaction. */
const RETRY_MS = 1000;
const RETRY_ENTRIES = 500;
/** What SQLite says where an entry, not the disk, is at fault. */
const REFUSED = /constraint failed|datatype mismatch/;

type Reading = Pick<Batch, 'source' | 'place' | 'connections'>;
type Entry = () => void;

/** What is to be written: how much it is, and what is left of it where there is no room for all of it. */
interface Waiting {
  readonly write: Entry;
  readonly weight: number;
  readonly lessened?: (() => Waiting) | undefined;
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
  readonly #outgoing: Pick<Outgoing, 'banned' | 'lifted'> | undefined;
  #waiting: Waiting[] = [];
  #weight = 0;
  /** So many of the oldest have been lessened. */
  #lessened = 0;
  #suspended: string | undefined;
  #lost = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    store: Store,
    tell: (text: string, level: 'alarm' | 'info') => void,
    outgoing?: Pick<Outgoing, 'banned' | 'lifted'>,
  ) {
    this.#store = store;
    this.#outgoing = outgoing;
    this.#tell = tell;
    const why = store.awayBecause;
    if (why === undefined) return;
    this.#tell(
      `The store cannot be written (${why}) Bans go on from a copy in memory, a crash now would lose them.`,
      'alarm',
    );
    this.#retryLater();
  }

  state(): LedgerState {
    return {
      suspended: this.#suspended ?? this.#store.awayBecause,
      waiting: this.#weight,
      lost: this.#lost,
    };
  }

  /** Writes outcomes and, where they come from a batch, the place after it. */
  commit(outcomes: readonly Outcome[], nowMs: number, reading?: Reading): void {
    // Named one by one: what waits must not hold on to the batch with all its matches.
    const { source, place, connections = [] } = reading ?? {};
    const waitingOf = (some: readonly Outcome[]): Waiting => ({
      weight: some.length + 1,
      write: () => {
        for (const outcome of some) this.#writeOutcome(outcome);
        for (const [ear, changes] of connections) this.#store.places.keepConnections(ear, changes);
        if (source !== undefined && place !== undefined) this.#store.places.keep(source, place, nowMs);
      },
      lessened: () => waitingOf(some.filter(({ kind }) => kind !== 'counted')),
    });
    this.#write(waitingOf(outcomes));
  }

  /** Writes anything else in its turn, in a transaction of its own. */
  note(write: Entry): void {
    this.#write({ write, weight: 1 });
  }

  #write(entry: Waiting): void {
    if (this.#suspended !== undefined) return this.#keepWaiting(entry);
    try {
      this.#store.transaction(entry.write);
    } catch (error) {
      this.#suspend(messageOf(error));
      this.#keepWaiting(entry);
    }
  }

  /** Tries once more to write what waits. */
  close(): void {
    if (this.state().suspended !== undefined) this.#writeWaiting();
    clearTimeout(this.#retry);
  }

  #suspend(why: string): void {
    this.#suspended = why;
    this.#tell(
      `The store cannot be written (${why}): bans go on from memory, a crash now would lose them.`,
      'alarm',
    );
    this.#retryLater();
  }

  #keepWaiting(entry: Waiting): void {
    this.#waiting.push(entry);
    this.#weight += entry.weight;
    while (this.#weight > MAX_WAITING) this.#makeRoom();
  }

  #makeRoom(): void {
    const whole = this.#waiting[this.#lessened];
    const [oldest] = this.#waiting;
    if (whole !== undefined) {
      const less = whole.lessened?.() ?? whole;
      this.#waiting[this.#lessened] = less;
      this.#lessened += 1;
      this.#lose(whole.weight - less.weight);
    } else if (oldest !== undefined) {
      this.#forget(1);
      this.#lost += oldest.weight;
    }
  }

  /** So much less waits, since it is lost. */
  #lose(weight: number): void {
    this.#weight -= weight;
    this.#lost += weight;
  }

  /** The oldest do not wait any more. */
  #forget(count: number): void {
    for (const { weight } of this.#waiting.slice(0, count)) this.#weight -= weight;
    this.#waiting = this.#waiting.slice(count);
    this.#lessened = Math.max(0, this.#lessened - count);
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#writeWaiting(), RETRY_MS);
  }

  #writeWaiting(): void {
    try {
      while (this.#waiting.length > 0) this.#writeSome(RETRY_ENTRIES);
      this.#suspended = undefined;
      this.#store.comeHome();
    } catch (error) {
      if (this.#waiting.length > 0) this.#suspended = messageOf(error);
      return this.#retryLater();
    }
    const missing = this.#lost === 0 ? 'nothing is missing from it' : `${this.#lost} entries are missing`;
    this.#tell(`The store can be written again; ${missing}.`, 'info');
  }

  /** The oldest of what waits in one transaction; one that no store would take is lost, and the others are not. */
  #writeSome(count: number): void {
    const entries = this.#waiting.slice(0, count);
    try {
      this.#store.transaction(() => {
        for (const { write } of entries) write();
      });
    } catch (error) {
      if (!REFUSED.test(messageOf(error))) throw error;
      if (entries.length > 1) return this.#writeSome(entries.length >> 1);
      this.#lost += 1;
    }
    this.#forget(entries.length);
  }

  #writeOutcome(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'counted':
        return this.#store.failures.add(outcome.failure);
      case 'login':
        return this.#store.knownClients.add(outcome.address, outcome.jail, outcome.timeMs);
      case 'decided':
        if (outcome.decision.kind === 'ban') {
          const number = this.#store.bans.add(outcome.decision);
          if (number !== undefined) this.#outgoing?.banned(outcome.decision, number);
          return undefined;
        }
        this.#outgoing?.lifted(outcome.decision);
        // Who is let off by hand starts anew.
        if (outcome.decision.why === 'hand')
          this.#store.failures.forget(outcome.decision.jail, outcome.decision.target);
        return this.#store.bans.end(outcome.decision);
      case 'waiting':
      case 'asking':
        return this.#store.waiting.add({ key: outcome.key, heard: JSON.stringify(outcome.heard) });
      case 'resolved':
      case 'answered':
        return this.#store.waiting.remove(outcome.key);
      case 'over':
      case 'spared':
        // Counting begins anew, after a restart too.
        return this.#store.failures.useUp(outcome.ticket.jail, outcome.ticket.id);
      case 'ignored':
      case 'banned-already':
      case 'held':
        return undefined;
    }
  }
}
