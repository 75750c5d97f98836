/**
 * Brings the kernel to where a list says it shall be, one transaction after another.
 * Takes a list of sets and wakes when told; gives what is in flight, what was refused and what stands in the way.
 * A refused batch is halved until the culprit stands alone; a table that is gone is written anew; where nft fails
 * altogether it tries again later. Does not decide what shall be in the kernel.
 */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { NftOutcome, NftTransport } from './nft-transport.js';
import type { NftablesList } from './nftables-list.js';
import { changeElements, freshTable, makeSet, probeTable } from './nftables-script.js';
import type { Change, NftablesSet } from './nftables-set.js';
import type { EffectNotice } from './notice.js';

/** Elements that go into one transaction with the table that is to hold them. */
const WITH_TABLE = 50_000;
/** Changes that may wait; beyond this they are forgotten and the whole list is written instead. */
const MOST_PENDING = 1_000_000;
/** Culprits in one batch after which the batch, not an element, is at fault. */
const MOST_CULPRITS = 32;
/** A destroyed table may be our own doing, told late, for so long after it was written anew. */
const ECHO_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

type Refused = Extract<NftOutcome, { text: string }>;
type Tell = (level: EffectNotice['level'], event: string, text: string) => void;

export class NftablesWriter {
  /** Elements that nft refused. */
  refused = 0;
  /** Elements of the transaction that is being written. */
  inFlight = 0;
  /** Why nothing can be written now. */
  trouble: string | undefined;
  readonly #transport: NftTransport;
  readonly #tell: Tell;
  #list: NftablesList | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #stale = false;
  #closed = false;
  /** When the whole table was written last; Infinity while it is. */
  #rewrittenMs = -Infinity;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;

  constructor(transport: NftTransport, tell: Tell) {
    this.#transport = transport;
    this.#tell = tell;
  }

  /** Writes all of `list` in place of what is there, and follows it from then on. */
  async start(list: NftablesList): Promise<NftOutcome> {
    this.#list = undefined; // Nothing is written from now on until the new list is in.
    await this.#running;
    const outcome = await this.#writeAll(list);
    this.inFlight = 0;
    if (outcome.kind !== 'applied') return outcome;
    clearTimeout(this.#retry);
    this.trouble = undefined;
    this.#list = list;
    this.wake();
    return outcome;
  }

  /** Something in the list has changed: it is written after this tick, or after the transaction in flight. */
  wake(): void {
    const list = this.#list;
    if (list === undefined || this.#busy || this.#closed || this.trouble !== undefined) return;
    if (!this.#stale && list.pending === 0) return;
    this.#busy = true;
    this.#running = this.#run(list).finally(() => {
      this.#busy = false;
      this.wake();
    });
  }

  /** The table was destroyed (`seen`), or perhaps it was, perhaps by us: if it was not we, it is written anew. */
  async suspect(seen: boolean): Promise<void> {
    // While all of it is written, whoever takes it away makes that fail.
    if (this.#list === undefined) return;
    if (!seen || performance.now() - this.#rewrittenMs < ECHO_MS) {
      await this.#running;
      const { kind } = await this.#transport.run(probeTable);
      if (kind !== 'gone') return;
    }
    if (this.#closed || this.#stale) return;
    this.#tellGone();
    this.wake();
  }

  settled(): Promise<void> {
    return this.#running;
  }

  /** Ends after what is pending is written, or at once where nothing can be written. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#running;
  }

  async #run(list: NftablesList): Promise<void> {
    await Promise.resolve(); // All decisions of a tick go together.
    while (this.#list === list && this.trouble === undefined && (this.#stale || list.pending > 0)) {
      if (list.pending > MOST_PENDING) this.#stale = true;
      const outcome = this.#stale
        ? await this.#writeAll(list)
        : await this.#halve(list, list.takeChanges(this.#transport.mostElements), { culprits: 0 });
      this.inFlight = 0;
      if (outcome.kind === 'applied') {
        this.#recover();
        if (list.pending > 0) await othersTurn();
      } else if (outcome.kind === 'gone' && !this.#stale) {
        this.#tellGone();
      } else this.#pause(outcome.text);
    }
  }

  async #writeAll(list: NftablesList): Promise<NftOutcome> {
    this.#rewrittenMs = Infinity;
    const outcome = await this.#writeTable(list);
    this.#rewrittenMs = performance.now();
    return outcome;
  }

  async #writeTable(list: NftablesList): Promise<NftOutcome> {
    const sets = [...list.sets];
    for (const set of sets) set.made = false;
    const all = list.takeAll();
    this.inFlight = list.size;
    const structure = freshTable + structureOf(list, sets);
    const first = next(all, WITH_TABLE);
    let unwritten: readonly Change[] = [];
    let outcome = await this.#transport.run(structure + changeElements(first, performance.now()));
    if (outcome.kind === 'refused' && first.length > 0) {
      unwritten = first; // Perhaps it is an element: the table by itself, and then they, in halves.
      outcome = await this.#transport.run(structure);
    }
    if (outcome.kind !== 'applied') return outcome;
    for (const set of sets) set.made = true;
    this.#stale = false;
    const hunt = { culprits: 0 };
    const step = this.#transport.mostElements;
    while (outcome.kind === 'applied') {
      const some = unwritten.length > 0 ? unwritten.slice(0, step) : next(all, step);
      if (some.length === 0) break;
      unwritten = unwritten.slice(step);
      await othersTurn();
      outcome = await this.#halve(list, some, hunt);
    }
    return outcome;
  }

  /** Writes changes in one transaction; if it is refused, in two, so that one bad element does not cost the rest. */
  async #halve(
    list: NftablesList,
    changes: readonly Change[],
    hunt: { culprits: number },
  ): Promise<NftOutcome> {
    const [only] = changes;
    if (only === undefined) return { kind: 'applied' };
    this.inFlight = Math.max(this.inFlight, changes.length);
    const nowMs = performance.now();
    const unmade = [...new Set(changes.map(({ set }) => set))].filter(({ made }) => !made);
    const outcome =
      unmade.length === 0
        ? await this.#transport.change(changes, nowMs)
        : await this.#transport.run(structureOf(list, unmade) + changeElements(changes, nowMs));
    if (outcome.kind === 'applied') for (const set of unmade) set.made = true;
    if (outcome.kind !== 'refused') return outcome;
    if (changes.length === 1) return this.#refuse(list, only, outcome, hunt);
    await othersTurn();
    const middle = changes.length >> 1;
    const left = await this.#halve(list, changes.slice(0, middle), hunt);
    return left.kind === 'applied' ? this.#halve(list, changes.slice(middle), hunt) : left;
  }

  #refuse(list: NftablesList, change: Change, outcome: Refused, hunt: { culprits: number }): NftOutcome {
    const { set, element } = change;
    this.refused += 1;
    hunt.culprits += 1;
    list.giveUp(change);
    this.#tell('alarm', 'refused', `nft refused ${element} in ${set.name}: ${outcome.text}`);
    return hunt.culprits < MOST_CULPRITS ? { kind: 'applied' } : outcome;
  }

  #tellGone(): void {
    this.#stale = true;
    this.#tell('warning', 'gone', 'The table inet bailiff was gone; it is written anew with every ban.');
  }

  #pause(text: string): void {
    if (this.#retryMs === FIRST_RETRY_MS)
      this.#tell('alarm', 'failing', `The firewall cannot be written, bans wait: ${text}`);
    this.trouble = `the firewall cannot be written: ${text}`;
    this.#stale = true;
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.trouble = undefined;
      this.wake();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #recover(): void {
    if (this.#retryMs === FIRST_RETRY_MS) return;
    this.#retryMs = FIRST_RETRY_MS;
    this.#tell('info', 'working', 'The firewall is written again, with every ban.');
  }
}

function structureOf(list: NftablesList, sets: readonly NftablesSet[]): string {
  return sets.map((set) => makeSet(set, list.guardsOf(set.jail))).join('');
}

/** The next changes, at most `limit`. */
function next(changes: Iterator<Change>, limit: number): readonly Change[] {
  const some: Change[] = [];
  while (some.length < limit) {
    const { value, done } = changes.next();
    if (done === true) break;
    some.push(value);
  }
  return some;
}
