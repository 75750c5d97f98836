/**
 * A map in the order in which its entries were put last, for entries that come and go by the line.
 * A Map that loses entries is written anew every so often, and V8 links the old table to the new one: once an old one is
 * among the old objects, all that came after it outlives the young ones' collections. It also reads all of a key for its
 * hash; here the end is enough, where the keys of connections differ. Keys are compared whole.
 */
/** What a map knows of a key; for others only to be read. */
export interface RecentEntry<V> {
  readonly key: string;
  /** undefined: it is gone. */
  value: V | undefined;
  before: RecentEntry<V> | undefined;
  behind: RecentEntry<V> | undefined;
  readonly hash: number;
  /** Another one of the same slot. */
  next: RecentEntry<V> | undefined;
}

const FIRST_SLOTS = 256;
/** So many characters at the end of a key tell it from most others. */
const TELLING = 8;
const FACTOR = 31;

export class RecentMap<V> {
  /** A power of two of them. */
  #slots: (RecentEntry<V> | undefined)[] = emptySlots(FIRST_SLOTS);
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
    return this.find(key)?.value;
  }

  /** With its entry, who takes it out need not look for it again. */
  find(key: string): RecentEntry<V> | undefined {
    return this.#findBy(hashOf(key), key);
  }

  /** Puts an entry behind all others, in place of one with its key. */
  put(key: string, value: V): RecentEntry<V> {
    const hash = hashOf(key);
    const known = this.#findBy(hash, key);
    if (known !== undefined) this.take(known);
    if (this.#size >= 2 * this.#slots.length) this.#grow();
    const entry: RecentEntry<V> = {
      key,
      value,
      before: this.#last,
      behind: undefined,
      hash,
      next: undefined,
    };
    this.#slot(entry);
    if (this.#last === undefined) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.#size += 1;
    return entry;
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
    this.#unslot(entry);
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
    this.#slots = emptySlots(FIRST_SLOTS);
    this.#first = undefined;
    this.#last = undefined;
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<readonly [key: string, value: V]> {
    for (let entry = this.#first; entry !== undefined; entry = entry.behind)
      if (entry.value !== undefined) yield [entry.key, entry.value];
  }

  #findBy(hash: number, key: string): RecentEntry<V> | undefined {
    let entry = this.#slots[hash & (this.#slots.length - 1)];
    while (entry !== undefined && (entry.hash !== hash || entry.key !== key)) entry = entry.next;
    return entry;
  }

  #slot(entry: RecentEntry<V>): void {
    const at = entry.hash & (this.#slots.length - 1);
    entry.next = this.#slots[at];
    this.#slots[at] = entry;
  }

  #unslot(entry: RecentEntry<V>): void {
    const at = entry.hash & (this.#slots.length - 1);
    let other = this.#slots[at];
    if (other === entry) this.#slots[at] = entry.next;
    else {
      while (other !== undefined && other.next !== entry) other = other.next;
      if (other !== undefined) other.next = entry.next;
    }
    entry.next = undefined;
  }

  #grow(): void {
    this.#slots = emptySlots(4 * this.#slots.length);
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) this.#slot(entry);
  }
}

function emptySlots<V>(count: number): (RecentEntry<V> | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}

function hashOf(key: string): number {
  let hash = key.length;
  for (let at = Math.max(0, key.length - TELLING); at < key.length; at += 1)
    hash = (Math.imul(hash, FACTOR) + key.charCodeAt(at)) | 0;
  return hash;
}
