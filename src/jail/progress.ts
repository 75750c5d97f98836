/**
 * Where the hearing worker stands, in memory that the main thread can read while the worker is stuck in an expression.
 * The worker writes before and after each line of each ear; the main thread reads, and counts the batches that it took.
 * Does not kill.
 */

const FIELDS = 9;
const [INSIDE, STEPS, POSTED, SOURCE, LINE, JAIL, EXPRESSION, TAKEN, WAITS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;

export interface Standing {
  /** Whether an ear is hearing a line right now. */
  readonly inside: boolean;
  /** Grows with every line of every ear (wraps). */
  readonly steps: number;
  /** Batches handed over so far. */
  readonly posted: number;
  /** How many of them were taken. */
  readonly taken: number;
  /** Number of the source, in the order in which the worker named them. */
  readonly source: number;
  /** Which line of the chunk, that is: since the source's last batch. */
  readonly line: number;
  /** Index into the jails. */
  readonly jail: number;
  /** Index of the expression that is being tried, as the filter counts them; below zero: none is. */
  readonly expression: number;
}

export function newProgress(): SharedArrayBuffer {
  return new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT);
}

/** A worker that hears lines says so as often as this, so that nobody need look at one that hears none. */
export const STIR_EVERY_MS = 1000;

/** The worker's side. */
export class ProgressWriter {
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
  }

  /** The slot that a filter writes the index of the expression to, before it runs it. */
  get expressionSlot(): Int32Array {
    return this.#cells.subarray(EXPRESSION, EXPRESSION + 1);
  }

  enter(source: number, line: number, jail: number): void {
    const cells = this.#cells;
    cells[SOURCE] = source;
    cells[JAIL] = jail;
    cells[LINE] = line;
    cells[STEPS] = ((cells[STEPS] ?? 0) + 1) | 0;
    cells[INSIDE] = 1;
  }

  leave(): void {
    this.#cells[INSIDE] = 0;
  }

  /** A batch was handed over. */
  posted(): void {
    this.#cells[POSTED] = ((this.#cells[POSTED] ?? 0) + 1) | 0;
  }

  /** Batches handed over that the main thread has not taken. */
  get untaken(): number {
    return ((this.#cells[POSTED] ?? 0) - Atomics.load(this.#cells, TAKEN)) | 0;
  }

  /** Whether it has to be told of each batch that is taken. */
  waits(isSo: boolean): void {
    Atomics.store(this.#cells, WAITS, isSo ? 1 : 0);
  }
}

/** The main thread's side: a batch was taken. Gives whether the worker has to be told. */
export function countTaken(memory: SharedArrayBuffer): boolean {
  const cells = new Int32Array(memory);
  Atomics.add(cells, TAKEN, 1);
  return Atomics.load(cells, WAITS) === 1;
}

export function readProgress(memory: SharedArrayBuffer): Standing {
  const cells = new Int32Array(memory);
  const at = (index: number): number => Atomics.load(cells, index);
  return {
    inside: at(INSIDE) === 1,
    steps: at(STEPS),
    posted: at(POSTED),
    taken: at(TAKEN),
    source: at(SOURCE),
    line: at(LINE),
    jail: at(JAIL),
    expression: at(EXPRESSION),
  };
}
