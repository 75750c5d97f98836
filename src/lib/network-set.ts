/**
 * A set of networks with longest-prefix lookup: one hash set per prefix length in use.
 * Takes canonical addresses; a lookup reads the address once and costs one probe per length. Does not resolve names.
 */
import { type Network, familyOf, ipv4Word, networkOf, numberOf, widthOf } from './address.js';

/** The networks of one length, narrower ones before wider ones; an IPv4 base is a number, an IPv6 base a bigint. */
interface Length {
  readonly prefix: number;
  readonly bases: Set<number | bigint>;
}

export class NetworkSet {
  readonly #lengths: Record<4 | 6, Length[]> = { 4: [], 6: [] };

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
    const value = numberOf(address);
    return lengths.find(({ prefix, bases }) => {
      const hostBits = BigInt(widthOf(family) - prefix);
      return bases.has((value >> hostBits) << hostBits);
    })?.prefix;
  }
}

function ipv4Base(value: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(value / size) * size;
}
