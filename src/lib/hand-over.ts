/**
 * Hands values from one that pushes to one that pulls, one at a time: pushing resolves when the value was taken.
 * Takes values, then an end or an error; gives an async iterable for one reader.
 */
export class HandOver<T> {
  readonly #values: { readonly value: T; readonly taken: () => void }[] = [];
  #wake: () => void = () => undefined;
  #end: { readonly error: unknown } | 'open' | 'ended' = 'open';

  /** Resolves when the reader has asked for the next one. */
  push(value: T): Promise<void> {
    return new Promise((taken) => {
      this.#values.push({ value, taken });
      this.#wake();
    });
  }

  end(): void {
    this.#end = 'ended';
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end = { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const next = this.#values.shift();
      if (next !== undefined) {
        yield next.value;
        next.taken();
      } else if (this.#end === 'ended') return;
      else if (this.#end !== 'open') throw this.#end.error;
      else
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
    }
  }
}
