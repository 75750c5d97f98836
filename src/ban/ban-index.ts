/**
 * The current bans of a jail, found by target, by what is inside a network and by what is around an id.
 * Takes bans; gives them back. Of the widths that bans have or had it probes only those. Judges nothing.
 */
import { type Network, baseAddressOf, covers, parseNetwork, widen } from '../lib/address.js';
import type { Ban } from './ban.js';

const MOST_AROUND = 1024;
const NONE: readonly Ban[] = [];

export class BanIndex {
  readonly #byTarget = new Map<string, Ban>();
  readonly #widthsInUse = { 4: new Set<number>(), 6: new Set<number>() };
  /** The networks of those widths around the ids asked for last: to work one out costs more than all else per line. */
  readonly #around = new Map<string, readonly string[]>();

  get size(): number {
    return this.#byTarget.size;
  }

  values(): Iterable<Ban> {
    return this.#byTarget.values();
  }

  get(target: string): Ban | undefined {
    return this.#byTarget.get(target);
  }

  set(ban: Ban): void {
    this.#byTarget.set(ban.target, ban);
    const network = parseNetwork(ban.target);
    if (network === undefined || this.#widthsInUse[network.family].has(network.prefix)) return;
    this.#widthsInUse[network.family].add(network.prefix);
    this.#around.clear();
  }

  delete(target: string): void {
    this.#byTarget.delete(target);
  }

  /** The bans that are wider than an id and cover it; none where it is no address. */
  around(id: string): readonly Ban[] {
    const networks = this.#networksAround(id);
    return networks.length === 0 ? NONE : networks.flatMap((network) => this.#byTarget.get(network) ?? []);
  }

  /** The bans that are narrower than a network and inside it: every one has to be looked at. */
  inside(network: Network): readonly Ban[] {
    return [...this.#byTarget.values()].filter(({ target }) => {
      const other = parseNetwork(target);
      return other !== undefined && other.prefix > network.prefix && covers(network, other);
    });
  }

  #networksAround(id: string): readonly string[] {
    const known = this.#around.get(id);
    if (known !== undefined) return known;
    const own = parseNetwork(id);
    const wider =
      own === undefined ? [] : [...this.#widthsInUse[own.family]].filter((prefix) => prefix < own.prefix);
    const networks = wider.map((prefix) => widen(baseAddressOf(id), prefix));
    if (this.#around.size >= MOST_AROUND) this.#around.clear();
    this.#around.set(id, networks);
    return networks;
  }
}
