/** Where a host and a daemon leave what has to be undone: a test has it, and so has a program that is none. */
export interface Afterwards {
  after(undo: () => unknown): void;
}

/** Collects what has to be undone; `undo` does it, the last first. */
export class Undone implements Afterwards {
  readonly #all: (() => unknown)[] = [];

  after(undo: () => unknown): void {
    this.#all.push(undo);
  }

  async undo(): Promise<void> {
    for (const each of this.#all.splice(0).reverse()) await each();
  }
}
