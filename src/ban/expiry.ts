/**
 * When bans end: a binary heap of (time, target), earliest first.
 * Takes targets with their end; gives those that are due. An entry outlives a lifted ban; the list checks.
 */
interface End {
  readonly target: string;
  readonly atMs: number;
}

export class Expiry {
  readonly #heap: End[] = [];

  add(target: string, atMs: number): void {
    const heap = this.#heap;
    let index = heap.push({ target, atMs }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= this.#at(index)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** The earliest end, milliseconds since the epoch. */
  nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Removes and gives every target whose end is at or before `nowMs`, earliest first. */
  *due(nowMs: number): Iterable<string> {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= nowMs; first = this.#heap[0]) {
      this.#removeFirst();
      yield first.target;
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const least = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(least) >= this.#at(index)) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(left: number, right: number): void {
    const one = this.#heap[left];
    const other = this.#heap[right];
    if (one === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = one;
  }
}
