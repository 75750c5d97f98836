/**
 * What is counted against whom, for so many ids at most. Where there is no more room, of those quiet longest one whose network
 * has more than its share goes first, then one that failed but once. So a flood from one network washes out nobody else, and
 * one of addresses that fail once nobody who comes back.
 * Takes ids and what is kept of each; gives it back. Does not count.
 */
export interface Weighed {
  /** Failures that are kept. */
  readonly size: number;
}

/** How many of those quiet longest may be passed over for one that goes. */
const MOST_SPARED = 8;

export class CountedIds<Kept extends Weighed> {
  /** In the order of their last failure, but for those that were spared. */
  readonly #byId = new Map<string, Kept>();
  /** How many ids of each network there are. */
  readonly #byNetwork = new Map<string, number>();
  #forgotten = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** How many had to go. */
  get forgotten(): number {
    return this.#forgotten;
  }

  [Symbol.iterator](): Iterator<[string, Kept]> {
    return this.#byId.entries();
  }

  get(id: string): Kept | undefined {
    return this.#byId.get(id);
  }

  /** Puts an id behind all others, at its place or anew; makes room where there are more than `most`. */
  put(id: string, kept: Kept, most: number): void {
    if (!this.#byId.delete(id)) this.#weigh(id, 1);
    this.#byId.set(id, kept);
    while (this.#byId.size > most) this.#makeRoom(id);
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#weigh(id, -1);
  }

  #makeRoom(newest: string): void {
    const gone = this.#chosen(newest);
    // Who was passed over comes behind the others, so that the next look finds somebody else.
    for (const [id, kept] of this.#byId) {
      if (id === gone) break;
      this.#byId.delete(id);
      this.#byId.set(id, kept);
    }
    this.delete(gone);
    this.#forgotten += 1;
  }

  /** Of the first few: of a network with more than its share, else one that failed but once, else the first. */
  #chosen(newest: string): string {
    const share = this.#byId.size / this.#byNetwork.size;
    let first: string | undefined;
    let once: string | undefined;
    let looks = 0;
    for (const [id, kept] of this.#byId) {
      if (id === newest || looks > MOST_SPARED) break;
      if ((this.#byNetwork.get(networkOf(id)) ?? 0) > share) return id;
      first ??= id;
      if (kept.size <= 1) once ??= id;
      looks += 1;
    }
    return once ?? first ?? newest;
  }

  #weigh(id: string, by: 1 | -1): void {
    const network = networkOf(id);
    const count = (this.#byNetwork.get(network) ?? 0) + by;
    if (count === 0) this.#byNetwork.delete(network);
    else this.#byNetwork.set(network, count);
  }
}

/** As it is written, which is near enough: a /24, a /48 (or what a shortened address begins with), all other ids together. */
function networkOf(id: string): string {
  if (!id.includes(':')) return id.slice(0, id.lastIndexOf('.') + 1);
  let end = -1;
  for (let colons = 0; colons < 3; colons += 1) end = id.indexOf(':', end + 1);
  return id.slice(0, end + 1);
}
