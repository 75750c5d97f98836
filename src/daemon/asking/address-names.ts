/**
 * The name of an address by DNS, for the commands that name `<ip-host>`.
 * Takes canonical addresses; gives a name, or undefined after a few seconds at most. Remembers the newest answers for five
 * minutes. Whoever owns the address writes the name.
 */
import { Resolver } from 'node:dns/promises';

const REMEMBERED_MS = 300_000;
const MOST_REMEMBERED = 1000;
const LIMITS = { timeout: 2000, tries: 2 };

interface Known {
  readonly name: Promise<string | undefined>;
  readonly untilMs: number;
}

export class AddressNames {
  readonly #resolver = new Resolver(LIMITS);
  readonly #known = new Map<string, Known>();

  nameOf(address: string): Promise<string | undefined> {
    const nowMs = performance.now();
    const known = this.#known.get(address);
    if (known !== undefined && known.untilMs > nowMs) return known.name;
    // Most addresses have no name: that is an answer as well.
    const name = this.#resolver.reverse(address).then(
      ([first]) => first,
      () => undefined,
    );
    this.#known.delete(address);
    this.#known.set(address, { name, untilMs: nowMs + REMEMBERED_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return name;
  }

  /** Waits for no answer any more. */
  close(): void {
    this.#resolver.cancel();
  }
}
