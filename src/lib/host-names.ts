/**
 * Looks up what addresses a host name stands for, without anybody waiting: few at a time, remembered for five minutes,
 * answered with nothing after ten seconds.
 * Takes names that strangers may have written; calls back once for each. Uses the system's resolver (hosts, DNS).
 */
import { lookup } from 'node:dns/promises';
import { parseAddress } from './address.js';

/** Each may hold one of libuv's four threads for as long as the system's resolver tries. */
const MOST_AT_ONCE = 2;
const MOST_QUEUED = 1000;
const MOST_REMEMBERED = 1000;
const REMEMBERED_MS = 5 * 60_000;
const PATIENCE_MS = 10_000;

/** Canonical addresses; none where the name does not resolve, or not in time. */
export type Answered = (addresses: readonly string[]) => void;
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

export class HostNames {
  readonly #lookup: Lookup;
  readonly #now: () => number;
  readonly #remembered = new Map<
    string,
    { readonly addresses: readonly string[]; readonly untilMs: number }
  >();
  readonly #asked = new Map<string, Answered[]>();
  readonly #queue: string[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #running = 0;

  constructor(find: Lookup = (name) => lookup(name, { all: true }), now: () => number = Date.now) {
    this.#lookup = find;
    this.#now = now;
  }

  /** Calls back with what the name stands for: at once where it is remembered, or where too many wait already. */
  ask(name: string, answered: Answered): void {
    const known = this.#remembered.get(name);
    if (known !== undefined && known.untilMs > this.#now()) return answered(known.addresses);
    const others = this.#asked.get(name);
    if (others !== undefined) return void others.push(answered);
    if (this.#asked.size >= MOST_QUEUED || !isHostName(name)) return answered([]);
    this.#asked.set(name, [answered]);
    this.#queue.push(name);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#answer(name, []);
    }, PATIENCE_MS);
    timer.unref();
    this.#timers.add(timer);
    this.#next();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#asked.clear();
    this.#queue.length = 0;
  }

  #next(): void {
    while (this.#running < MOST_AT_ONCE) {
      const name = this.#queue.shift();
      if (name === undefined) return;
      // Its patience is over: nobody waits any more.
      if (!this.#asked.has(name)) continue;
      this.#running += 1;
      this.#lookup(name).then(
        (found) =>
          this.#found(
            name,
            found.flatMap(({ address }) => parseAddress(address) ?? []),
          ),
        // A name that does not resolve is remembered as such, since an attacker asks for it again and again.
        () => this.#found(name, []),
      );
    }
  }

  #found(name: string, addresses: readonly string[]): void {
    this.#running -= 1;
    if (this.#remembered.size >= MOST_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.delete(name);
    this.#remembered.set(name, {
      addresses: [...new Set(addresses)],
      untilMs: this.#now() + REMEMBERED_MS,
    });
    this.#answer(name, [...new Set(addresses)]);
    this.#next();
  }

  #answer(name: string, addresses: readonly string[]): void {
    const waiting = this.#asked.get(name) ?? [];
    this.#asked.delete(name);
    for (const answered of waiting) answered(addresses);
  }
}

/** What could be a name in DNS or hosts(5): no blanks, no control signs, at most 253 signs. */
function isHostName(text: string): boolean {
  return text.length <= 253 && /^[\w.-]+$/.test(text);
}
