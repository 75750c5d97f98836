/**
 * Turns at one thing: work under one name runs one after the other, work under different names side by side.
 * Takes work in order; gives its outcome. Fair: first come, first served. Knows nothing of what is done.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    // What went wrong before is its own caller's.
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    const forget = (): void => {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    };
    mine.then(forget, forget);
    return mine;
  }
}
