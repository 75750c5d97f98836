/**
 * A set of networks with longest-prefix lookup: one hash set per prefix length in use.
 * Takes canonical addresses; a lookup reads the address once and costs one probe per length. Does not resolve names.
 */
import { type Network, familyOf, networkOf, widthOf } from './address.js';
import { ipv4Word } from './ipv4-word.js';
import { bigintOfGroups, groupsOf, wordOf } from './ipv6-groups.js';

/** So many bits of an IPv6 address tell of most that no member covers them. */
const WORD_BITS = 32;
const WORDS = 2 ** WORD_BITS;

/** The networks of one length, narrower ones before wider ones; an IPv4 base is a number, an IPv6 base a bigint. */
interface Length {
  readonly prefix: number;
  readonly bases: Set<number | bigint>;
}

export class NetworkSet {
  readonly #lengths: Record<4 | 6, Length[]> = { 4: [], 6: [] };
  /** The first words of the IPv6 members; of those wider than a word, the first one and how many there are. */
  readonly #words = new Set<number>();
  readonly #wide: (readonly [word: number, count: number])[] = [];

  constructor(networks: Iterable<Network> = []) {
    for (const network of networks) this.add(network);
  }

  add({ family, prefix, base }: Network): void {
    const lengths = this.#lengths[family];
    const key = family === 4 ? Number(base) : base;
    const known = lengths.find((length) => length.prefix === prefix);
    if (known === undefined) lengths.push({ prefix, bases: new Set([key]) });
    else known.bases.add(key);
    lengths.sort((left, right) => right.prefix - left.prefix);
    if (family === 4) return;
    const word = Number(base >> BigInt(widthOf(6) - WORD_BITS));
    if (prefix < WORD_BITS) this.#wide.push([word, WORDS / 2 ** prefix]);
    else this.#words.add(word);
  }

  /** The narrowest member that covers a canonical address, if any. */
  find(address: string): Network | undefined {
    const prefix = this.#prefixFor(address);
    return prefix === undefined ? undefined : networkOf(address, prefix);
  }

  has(address: string): boolean {
    return this.#prefixFor(address) !== undefined;
  }

  #prefixFor(address: string): number | undefined {
    const family = familyOf(address);
    const lengths = this.#lengths[family];
    if (lengths.length === 0) return undefined;
    if (family === 4) {
      const value = ipv4Word(address);
      return lengths.find(({ prefix, bases }) => bases.has(ipv4Base(value, prefix)))?.prefix;
    }
    const groups = groupsOf(address);
    if (!this.#mayCover(wordOf(groups, 0))) return undefined;
    const value = bigintOfGroups(groups);
    return lengths.find(({ prefix, bases }) => {
      const hostBits = BigInt(widthOf(family) - prefix);
      return bases.has((value >> hostBits) << hostBits);
    })?.prefix;
  }

  #mayCover(word: number): boolean {
    if (this.#words.has(word)) return true;
    for (const [first, count] of this.#wide) if (word >= first && word < first + count) return true;
    return false;
  }
}

function ipv4Base(value: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(value / size) * size;
}
