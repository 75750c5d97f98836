/**
 * Addresses and networks that stand in a file, one or several a line, with `#` and `;` before comments: `ignoreip = file:…`.
 * Takes a path; answers whether an address is among them. Reads when first asked, and again when the file has changed.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseNetwork } from './address.js';
import { messageOf } from './errors.js';
import { NetworkSet } from './network-set.js';

/** Between two looks at whether the file has changed. */
const LOOK_MS = 1000;
const MOST_BYTES = 16 << 20;

export class AddressFile {
  readonly #path: string;
  readonly #now: () => number;
  #networks = new NetworkSet();
  #stamp = '';
  #nextLookMs = -Infinity;
  /** What is wrong with the file; undefined = nothing. */
  problem: string | undefined;

  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
  }

  has(address: string): boolean {
    this.#look();
    return this.#networks.has(address);
  }

  /** A file that cannot be read keeps what it said last: losing an exception locks a friend out. */
  #look(): void {
    const nowMs = this.#now();
    if (nowMs < this.#nextLookMs) return;
    this.#nextLookMs = nowMs + LOOK_MS;
    try {
      const { mtimeMs, size, ino } = statSync(this.#path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp === this.#stamp) return;
      if (size > MOST_BYTES) throw new Error('it is larger than 16 MiB');
      this.#read(readFileSync(this.#path, 'utf8'));
      this.#stamp = stamp;
    } catch (error) {
      this.problem = `${this.#path}: ${messageOf(error)}`;
    }
  }

  #read(text: string): void {
    const networks = new NetworkSet();
    const strange: string[] = [];
    for (const word of text.replace(/[#;].*/g, '').split(/[\s,]+/)) {
      if (word === '') continue;
      const network = parseNetwork(word);
      if (network === undefined) strange.push(word);
      else networks.add(network);
    }
    this.#networks = networks;
    this.problem =
      strange.length === 0
        ? undefined
        : `${this.#path}: no address or network: ${strange.slice(0, 3).join(', ')}`;
  }
}
