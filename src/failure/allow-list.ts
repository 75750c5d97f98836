/**
 * Who is never charged: what `ignoreip` names, this host's own addresses, and addresses that are nobody's alone.
 * Takes canonical addresses; gives the reason, or undefined when the address may be charged.
 * Names in ignoreip are resolved by whoever hands in `namedAddresses`; nothing is looked up here.
 */
import { type Network, covers, embeddedAddress, formatNetwork, parseNetwork } from '../lib/address.js';
import { NetworkSet } from '../lib/network-set.js';
import type { FailureOptions } from './options.js';

/** What the stage asks of its surroundings. */
export interface Surroundings {
  /** Canonical addresses of this host's interfaces. */
  ownAddresses(): ReadonlySet<string>;
  /** Canonical addresses that the names of ignoreip stand for now. */
  namedAddresses(name: string): ReadonlySet<string>;
  /** Whether a file of ignoreip (`file:/path`) lists an address. */
  isListed?(path: string, address: string): boolean;
}

const FILE = 'file:';

/** Loopback, link-local, multicast, unspecified: no remote peer is alone behind these. */
const NOBODY = new NetworkSet(
  [
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '224.0.0.0/4',
    '255.255.255.255',
    '::/127',
    'fe80::/10',
    'ff00::/8',
  ].flatMap((text) => parseNetwork(text) ?? []),
);

export class AllowList {
  readonly #networks = new NetworkSet();
  readonly #listed: readonly Network[];
  readonly #names: readonly string[];
  readonly #files: readonly string[];
  readonly #ignoreself: boolean;
  readonly #surroundings: Surroundings;

  constructor(options: Pick<FailureOptions, 'ignoreip' | 'ignoreself'>, surroundings: Surroundings) {
    const names: string[] = [];
    for (const text of options.ignoreip) {
      const network = parseNetwork(text);
      if (network === undefined) names.push(text);
      else this.#networks.add(network);
    }
    this.#listed = options.ignoreip.flatMap((text) => parseNetwork(text) ?? []);
    this.#names = names.filter((name) => !name.startsWith(FILE));
    this.#files = names.filter((name) => name.startsWith(FILE)).map((name) => name.slice(FILE.length));
    this.#ignoreself = options.ignoreself;
    this.#surroundings = surroundings;
  }

  /** Why `address` is not charged: `never`, `self`, `ip` or `dns`; undefined = it may be. */
  reasonFor(address: string): 'never' | 'self' | 'ip' | 'dns' | undefined {
    const embedded = embeddedAddress(address);
    return this.#reasonFor(address) ?? (embedded === undefined ? undefined : this.#reasonFor(embedded));
  }

  #reasonFor(address: string): 'never' | 'self' | 'ip' | 'dns' | undefined {
    if (NOBODY.has(address)) return 'never';
    if (this.#ignoreself && this.#surroundings.ownAddresses().has(address)) return 'self';
    if (this.#networks.has(address)) return 'ip';
    if (this.#files.some((path) => this.#surroundings.isListed?.(path, address) === true)) return 'ip';
    if (this.#names.some((name) => this.#surroundings.namedAddresses(name).has(address))) return 'dns';
    return undefined;
  }

  /** Something that is never charged and that a network covers, or lies in; files are not searched. */
  within(network: Network): string | undefined {
    const named = this.#names.flatMap((name) => [...this.#surroundings.namedAddresses(name)]);
    const all = [...this.#listed, ...named.flatMap((address) => parseNetwork(address) ?? [])];
    const met = all.find((each) => covers(network, each) || covers(each, network));
    return met && formatNetwork(met);
  }
}
