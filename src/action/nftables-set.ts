/**
 * One set of the kernel as it shall be: the banned networks of a jail, a family and a width, and what has yet to be written.
 * Takes additions and removals; gives the changes that bring the kernel there. Never asks the kernel.
 * Times are milliseconds of a clock that, like the kernel's, does not jump (`performance.now()`).
 */
import type { Family } from '../lib/address.js';
import type { ElementChange } from './element-change.js';
import { setNameOf } from './nft-identifier.js';

/** As the kernel's set is written by name, so this one keeps the books for it. */
export interface Change extends ElementChange {
  readonly set: NftablesSet;
}

/** An element that the kernel has dropped by then, or is about to, needs no write when its ban ends. */
const ABOUT_TO_EXPIRE_MS = 2000;

export class NftablesSet {
  readonly name: string;
  readonly jail: string;
  readonly family: Family;
  readonly prefix: number;
  /** Whether the kernel has the set and its rules. */
  made = false;
  readonly #elements = new Map<string, number>();
  /** Elements that differ from the kernel's, each with whether the kernel may hold it. */
  #changed = new Map<string, boolean>();
  /** Elements that the kernel need not have: a wider set holds what covers them, for as long. */
  readonly #covered = new Map<string, number>();

  constructor(jail: string, family: Family, prefix: number) {
    this.name = setNameOf(jail, family, prefix);
    this.jail = jail;
    this.family = family;
    this.prefix = prefix;
  }

  /** How many elements there shall be. */
  get size(): number {
    return this.#elements.size;
  }

  /** How many elements have yet to be written. */
  get pending(): number {
    return this.#changed.size;
  }

  /** Elements that there shall be, with when they go. */
  get elements(): ReadonlyMap<string, number> {
    return this.#elements;
  }

  get covered(): ReadonlyMap<string, number> {
    return this.#covered;
  }

  /** When an element goes that there shall be. */
  expiresMs(element: string): number | undefined {
    return this.#elements.get(element);
  }

  put(element: string, expiresMs: number): void {
    this.#covered.delete(element);
    if (!this.#changed.has(element)) this.#changed.set(element, this.#elements.has(element));
    this.#elements.set(element, expiresMs);
  }

  /** `expired`: its time is over, so the kernel is trusted to have dropped it if it agrees about the time. */
  remove(element: string, expired: boolean, nowMs: number): void {
    if (this.#covered.delete(element)) return;
    const expiresMs = this.#elements.get(element);
    if (expiresMs === undefined) return;
    this.#elements.delete(element);
    if (this.#changed.has(element)) return;
    if (!expired || expiresMs > nowMs + ABOUT_TO_EXPIRE_MS) this.#changed.set(element, true);
  }

  /** It is kept in mind only: what covers it is in the kernel. */
  cover(element: string, expiresMs: number, nowMs: number): void {
    this.remove(element, false, nowMs);
    this.#covered.set(element, expiresMs);
  }

  /** The kernel refused it: it is not there, unless it was decided upon anew meanwhile. */
  giveUp(element: string): void {
    if (!this.#changed.has(element)) this.#elements.delete(element);
  }

  /** Takes out at most `limit` changes to be written next. */
  takeChanges(limit: number): Change[] {
    const changes: Change[] = [];
    for (const [element, known] of this.#changed) {
      if (changes.length >= limit) break;
      this.#changed.delete(element);
      const expiresMs = this.#elements.get(element);
      if (expiresMs !== undefined || known) changes.push({ set: this, element, expiresMs, known });
    }
    return changes;
  }

  /**
   * Everything anew, for a kernel that holds nothing; forgets what was pending. Given as it is asked for: what is put or goes
   * meanwhile is pending as well, and may be given here too.
   */
  takeAll(): Iterable<Change> {
    this.#changed = new Map();
    return this.#all();
  }

  *#all(): Iterable<Change> {
    for (const [element, expiresMs] of this.#elements) yield { set: this, element, expiresMs, known: false };
  }
}
