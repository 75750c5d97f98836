/**
 * A set of networks with longest-prefix lookup: one Map per prefix length in use.
 * Takes canonical addresses; a lookup costs one hash probe per length. Does not resolve names.
 */
import { type Network, familyOf, networkOf, widthOf } from './address.js';

export class NetworkSet {
  readonly #byPrefix: Record<4 | 6, Map<number, Set<bigint>>> = { 4: new Map(), 6: new Map() };

  constructor(networks: Iterable<Network> = []) {
    for (const network of networks) this.add(network);
  }

  add(network: Network): void {
    const family = this.#byPrefix[network.family];
    const bases = family.get(network.prefix) ?? new Set();
    family.set(network.prefix, bases.add(network.base));
  }

  /** The narrowest member that covers a canonical address, if any. */
  find(address: string): Network | undefined {
    const family = familyOf(address);
    for (let prefix = widthOf(family); prefix >= 0; prefix -= 1) {
      const bases = this.#byPrefix[family].get(prefix);
      if (bases === undefined) continue;
      const network = networkOf(address, prefix);
      if (bases.has(network.base)) return network;
    }
    return undefined;
  }

  has(address: string): boolean {
    return this.find(address) !== undefined;
  }
}
