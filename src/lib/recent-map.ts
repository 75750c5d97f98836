/**
 * A map in the order in which its entries were put last, for entries that come and go by the line.
 * A Map that loses entries is written anew every so often, and V8 links the old table to the new one: once an old one is
 * among the old objects, all that came after it outlives the young ones' collections. Here nothing is taken out of
 * the Map; it is made anew when most of it is gone.
 */
/** Of a map, until it is gone from there. */
export interface RecentEntry<V> {
  readonly key: string;
  readonly value: V;
  /** The map's own. */
  before: RecentEntry<V> | undefined;
  behind: RecentEntry<V> | undefined;
}

/** So many entries that are gone are carried along. */
const MOST_GONE = 256;

export class RecentMap<V> {
  /** undefined: gone. */
  #entries = new Map<string, RecentEntry<V> | undefined>();
  #first: RecentEntry<V> | undefined;
  #last: RecentEntry<V> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The key put longest ago. */
  get oldest(): string | undefined {
    return this.#first?.key;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** With its entry, who takes it out need not look for it again. */
  find(key: string): RecentEntry<V> | undefined {
    return this.#entries.get(key);
  }

  /** Puts an entry behind all others, in place of one with its key. */
  put(key: string, value: V): void {
    this.delete(key);
    const entry: RecentEntry<V> = { key, value, before: this.#last, behind: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.#size += 1;
    this.#entries.set(key, entry);
    if (this.#entries.size > 2 * this.#size + MOST_GONE) this.#makeAnew();
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.take(entry);
    return true;
  }

  /** Takes an entry out that is in. */
  take(entry: RecentEntry<V>): void {
    // Its own key: V8 compares a text with itself in no time, with an equal one by a call into its runtime.
    this.#entries.set(entry.key, undefined);
    this.#size -= 1;
    const { before, behind } = entry;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    // An old object that is gone must hold on to no young one.
    entry.before = undefined;
    entry.behind = undefined;
  }

  clear(): void {
    this.#entries = new Map();
    this.#first = undefined;
    this.#last = undefined;
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<readonly [key: string, value: V]> {
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) yield [entry.key, entry.value];
  }

  #makeAnew(): void {
    const entries = new Map<string, RecentEntry<V> | undefined>();
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) entries.set(entry.key, entry);
    this.#entries = entries;
  }
}
