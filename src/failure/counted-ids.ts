/**
 * What is counted against whom, for so many ids at most. Where there is no more room, of those quiet longest one whose network
 * has more than its share goes first, then one that failed but once. So a flood from one network washes out nobody else, and
 * one of addresses that fail once nobody who comes back.
 * Takes ids and what is kept of each; gives it back. Does not count.
 */
import { ForgottenIds } from './forgotten-ids.js';

export interface Weighed {
  /** Failures that are kept. */
  readonly size: number;
}

/** How many of those quiet longest may be passed over for one that goes. */
const MOST_SPARED = 8;
const MOST_SETTLED = 10_000;

export class CountedIds<Kept extends Weighed> {
  /** In the order of their last failure, but for those that were spared. */
  readonly #byId = new Map<string, Kept>();
  /**
   * Goes through them from the front, and stays where it is: one that begins anew walks over all that was deleted before
   * it comes to the first. Only while somebody has to go: V8 keeps for it every table that the Map had since it moved.
   */
  #walk: IterableIterator<string> | undefined;
  #putSinceWalk = 0;
  /** The first ones, where `#walk` has come past them. */
  readonly #front: string[] = [];
  /** How many ids of each network there are. */
  readonly #byNetwork = new Map<string, number>();
  readonly #gone = new ForgottenIds();
  /** Of those who went, and came back, whom nothing is held against any more. */
  readonly #settled = new Set<string>();
  #forgotten = 0;
  readonly #walkKept: number;

  /** `walkKept`: ids that are put before the walk ends, if nobody has to go meanwhile. */
  constructor(walkKept = 1000) {
    this.#walkKept = walkKept;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** How many had to go. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Whether an id may have had to go lately, and is not here again. */
  mayHaveGone(id: string): boolean {
    return this.#forgotten > 0 && !this.#byId.has(id) && !this.#settled.has(id) && this.#gone.has(id);
  }

  [Symbol.iterator](): Iterator<[string, Kept]> {
    return this.#byId.entries();
  }

  get(id: string): Kept | undefined {
    return this.#byId.get(id);
  }

  /** Puts an id behind all others, at its place or anew; makes room where there are more than `most`. */
  put(id: string, kept: Kept, most: number): void {
    if (!this.#remove(id)) this.#weigh(id, 1);
    this.#byId.set(id, kept);
    this.#putSinceWalk += 1;
    if (this.#putSinceWalk === this.#walkKept) this.#endWalk();
    while (this.#byId.size > most) this.#makeRoom(id);
  }

  /** Nothing is held against an id any more. */
  delete(id: string): void {
    this.#drop(id);
    if (this.#forgotten === 0 || !this.#gone.has(id)) return;
    if (this.#settled.size >= MOST_SETTLED) this.#settled.clear();
    this.#settled.add(id);
  }

  #drop(id: string): void {
    if (this.#remove(id)) this.#weigh(id, -1);
  }

  #makeRoom(newest: string): void {
    this.#putSinceWalk = 0;
    const gone = this.#chosen(newest);
    // Who was passed over comes behind the others, so that the next look finds somebody else.
    for (let id = this.#at(0); id !== undefined && id !== gone; id = this.#at(0)) {
      const kept = this.#byId.get(id);
      this.#remove(id);
      if (kept !== undefined) this.#byId.set(id, kept);
    }
    this.#drop(gone);
    this.#gone.add(gone);
    this.#settled.delete(gone);
    this.#forgotten += 1;
  }

  #remove(id: string): boolean {
    const place = this.#front.indexOf(id);
    if (place >= 0) this.#front.splice(place, 1);
    return this.#byId.delete(id);
  }

  #endWalk(): void {
    this.#walk = undefined;
    this.#front.length = 0;
  }

  /** The id at a place counted from the front; undefined behind the last. */
  #at(place: number): string | undefined {
    while (this.#front.length <= place) {
      this.#walk ??= this.#byId.keys();
      let next = this.#walk.next();
      if (next.done === true) {
        this.#walk = this.#byId.keys();
        for (const _ of this.#front) this.#walk.next();
        next = this.#walk.next();
      }
      if (next.done === true) return undefined;
      this.#front.push(next.value);
    }
    return this.#front[place];
  }

  /** Of the first few: of a network with more than its share, else one that failed but once, else the first. */
  #chosen(newest: string): string {
    const share = this.#byId.size / this.#byNetwork.size;
    let first: string | undefined;
    let once: string | undefined;
    for (let looks = 0; looks <= MOST_SPARED; looks += 1) {
      const id = this.#at(looks);
      if (id === undefined || id === newest) break;
      if ((this.#byNetwork.get(networkOf(id)) ?? 0) > share) return id;
      first ??= id;
      if ((this.#byId.get(id)?.size ?? 0) <= 1) once ??= id;
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
