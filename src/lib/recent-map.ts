/**
 * A map in the order in which its entries were put last, for entries that come and go by the line.
 * A Map that loses entries is written anew every so often, and V8 links the old table to the new one: once an old one is
 * among the old objects, all that came after it outlives the young ones' collections. Here nothing is taken out of
 * the Map; it is made anew when most of it is gone.
 */
/** What a map knows of a key; for others only to be read. */
export interface RecentEntry<V> {
  readonly key: string;
  /** undefined: it is gone, and kept for the case that it comes again. */
  value: V | undefined;
  before: RecentEntry<V> | undefined;
  behind: RecentEntry<V> | undefined;
}

/** So many entries that are gone are carried along. */
const MOST_GONE = 256;

export class RecentMap<V> {
  #entries = new Map<string, RecentEntry<V>>();
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
    const entry = this.#entries.get(key);
    return entry?.value === undefined ? undefined : entry;
  }

  /** Puts an entry behind all others, in place of one with its key. */
  put(key: string, value: V): void {
    const known = this.#entries.get(key);
    if (known !== undefined) this.take(known);
    const entry = known ?? { key, value, before: undefined, behind: undefined };
    entry.value = value;
    entry.before = this.#last;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.#size += 1;
    if (known !== undefined) return;
    this.#entries.set(key, entry);
    if (this.#entries.size > 2 * this.#size + MOST_GONE) this.#makeAnew();
  }

  /** Leaves an entry with its key where it is, as a Map does. */
  set(key: string, value: V): void {
    const entry = this.find(key);
    if (entry === undefined) this.put(key, value);
    else entry.value = value;
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    const entry = this.find(key);
    if (entry !== undefined) this.take(entry);
    return entry !== undefined;
  }

  /** Takes an entry out, if it is not gone yet. */
  take(entry: RecentEntry<V>): void {
    if (entry.value === undefined) return;
    const { before, behind } = entry;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    // An old object that is gone must hold on to no young one.
    entry.value = undefined;
    entry.before = undefined;
    entry.behind = undefined;
    this.#size -= 1;
  }

  clear(): void {
    this.#entries = new Map();
    this.#first = undefined;
    this.#last = undefined;
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<readonly [key: string, value: V]> {
    for (const entry of this.#present()) if (entry.value !== undefined) yield [entry.key, entry.value];
  }

  *#present(): Generator<RecentEntry<V>> {
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) yield entry;
  }

  #makeAnew(): void {
    this.#entries = new Map(Array.from(this.#present(), (entry) => [entry.key, entry]));
  }
}
