/**
 * When bans end: a binary heap of (time, row), earliest first, in two columns.
 * Takes rows with their end; gives those that are due. An entry outlives a lifted ban; the list checks, and has it made anew
 * when most entries are such.
 */
const FIRST_ENTRIES = 16;

export class Expiry {
  #size = 0;
  #atMs = new Float64Array(FIRST_ENTRIES);
  #rows = new Uint32Array(FIRST_ENTRIES);

  get size(): number {
    return this.#size;
  }

  add(row: number, atMs: number): void {
    if (this.#size === this.#rows.length) this.#grow();
    let index = this.#size;
    this.#size += 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= atMs) break;
      this.#copy(parent, index);
      index = parent;
    }
    this.#put(index, row, atMs);
  }

  /** The earliest end, milliseconds since the epoch. */
  nextMs(): number | undefined {
    return this.#size === 0 ? undefined : this.#at(0);
  }

  /** Removes and gives every row whose end is at or before `nowMs`, earliest first. */
  *due(nowMs: number): Iterable<number> {
    while (this.#size > 0 && this.#at(0) <= nowMs) {
      const row = this.#row(0);
      this.#removeFirst();
      yield row;
    }
  }

  clear(): void {
    this.#size = 0;
  }

  #removeFirst(): void {
    this.#size -= 1;
    const row = this.#row(this.#size);
    const atMs = this.#atMs[this.#size] ?? Infinity;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const least = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(least) >= atMs) return this.#put(index, row, atMs);
      this.#copy(least, index);
      index = least;
    }
  }

  /** Infinity where there is no entry. */
  #at(index: number): number {
    return index < this.#size ? (this.#atMs[index] ?? Infinity) : Infinity;
  }

  #row(index: number): number {
    return this.#rows[index] ?? 0;
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#row(from), this.#at(from));
  }

  #put(index: number, row: number, atMs: number): void {
    this.#rows[index] = row;
    this.#atMs[index] = atMs;
  }

  #grow(): void {
    const length = Math.ceil(this.#size * 1.5);
    const atMs = new Float64Array(length);
    const rows = new Uint32Array(length);
    atMs.set(this.#atMs);
    rows.set(this.#rows);
    this.#atMs = atMs;
    this.#rows = rows;
  }
}
