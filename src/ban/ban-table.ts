/**
 * The bans of one jail in columns: some eighty bytes each in place of three hundred, for there may be a million.
 * Takes bans; gives each back by its target or its row, without its evidence and the groups of its line: those are in the
 * store. A row keeps its number until its ban is deleted; then another ban may have it.
 */
import type { Ban } from './ban.js';

const ORIGINS = ['jail', 'hand', 'restored', 'imported'] as const satisfies readonly Ban['origin'][];
/** Beside the origin in its column. */
const GROWN = 4;
const FIRST_ROWS = 16;
/** Of each row: when it began, when it ends; its failures, the how-manyeth it is, and its origin. */
const TIMES = 2;
const COUNTS = 3;

export class BanTable {
  readonly #jail: string;
  /** In the order of the bans. */
  readonly #rowOf = new Map<string, number>();
  readonly #targets: (string | undefined)[] = [];
  /** The offending addresses that are not the target itself. */
  readonly #addresses = new Map<number, string | undefined>();
  readonly #free: number[] = [];
  #times = new Float64Array(FIRST_ROWS * TIMES);
  #counts = new Uint32Array(FIRST_ROWS * COUNTS);

  constructor(jail: string) {
    this.#jail = jail;
  }

  get size(): number {
    return this.#rowOf.size;
  }

  /** In the order in which they were banned. */
  get targets(): Iterable<string> {
    return this.#rowOf.keys();
  }

  /** In the order in which they were banned. */
  *bans(): Iterable<Ban> {
    for (const [target, row] of this.#rowOf) yield this.#read(target, row);
  }

  get(target: string): Ban | undefined {
    const row = this.#rowOf.get(target);
    return row === undefined ? undefined : this.#read(target, row);
  }

  /** When the ban of a target ends, Infinity where it never does; undefined = there is none. */
  endMs(target: string): number | undefined {
    const row = this.#rowOf.get(target);
    return row === undefined ? undefined : this.#times[row * TIMES + 1];
  }

  /** The target of a row; undefined = it is free. */
  targetAt(row: number): string | undefined {
    return this.#targets[row];
  }

  /** The rows with the end of their ban, Infinity where it never ends. */
  *ends(): Iterable<readonly [row: number, endMs: number]> {
    for (const row of this.#rowOf.values()) yield [row, this.#times[row * TIMES + 1] ?? Infinity];
  }

  /** Puts a ban in, or in place of the one of its target; gives its row. */
  set(ban: Ban): number {
    const row = this.#rowOf.get(ban.target) ?? this.#newRow(ban.target);
    this.#times[row * TIMES] = ban.bannedAtMs;
    this.#times[row * TIMES + 1] = ban.untilMs ?? Infinity;
    this.#counts[row * COUNTS] = ban.failures;
    this.#counts[row * COUNTS + 1] = ban.banCount ?? 1;
    this.#counts[row * COUNTS + 2] = ORIGINS.indexOf(ban.origin) + (ban.isGrown === true ? GROWN : 0);
    if (ban.address === ban.target) this.#addresses.delete(row);
    else this.#addresses.set(row, ban.address);
    return row;
  }

  delete(target: string): void {
    const row = this.#rowOf.get(target);
    if (row === undefined) return;
    this.#rowOf.delete(target);
    this.#targets[row] = undefined;
    this.#addresses.delete(row);
    this.#free.push(row);
  }

  #newRow(target: string): number {
    const row = this.#free.pop() ?? this.#targets.length;
    this.#targets[row] = target;
    this.#rowOf.set(target, row);
    if (row * TIMES >= this.#times.length) this.#grow(Math.ceil(row * 1.5));
    return row;
  }

  #grow(rows: number): void {
    const times = new Float64Array(rows * TIMES);
    const counts = new Uint32Array(rows * COUNTS);
    times.set(this.#times);
    counts.set(this.#counts);
    this.#times = times;
    this.#counts = counts;
  }

  #read(target: string, row: number): Ban {
    const untilMs = this.#times[row * TIMES + 1];
    const mark = this.#counts[row * COUNTS + 2] ?? 0;
    return {
      kind: 'ban',
      jail: this.#jail,
      target,
      address: this.#addresses.has(row) ? this.#addresses.get(row) : target,
      bannedAtMs: this.#times[row * TIMES] ?? 0,
      untilMs: untilMs === Infinity ? undefined : untilMs,
      failures: this.#counts[row * COUNTS] ?? 0,
      origin: ORIGINS[mark % GROWN] ?? 'jail',
      evidence: undefined,
      banCount: this.#counts[row * COUNTS + 1] ?? 1,
      isGrown: mark >= GROWN,
    };
  }
}
