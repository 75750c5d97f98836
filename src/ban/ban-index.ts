/**
 * The current bans of a jail, found by target, by their end, by what is inside a network and by what is around an id.
 * Takes bans; gives them back without their evidence. Of the widths that bans have or had it probes only those. Judges nothing.
 */
import { isIP } from 'node:net';
import {
  type Network,
  baseAddressOf,
  covers,
  familyOf,
  formatNetwork,
  parseNetwork,
  prefixOf,
  widen,
} from '../lib/address.js';
import type { Ban } from './ban.js';
import { BanTable } from './ban-table.js';
import { Expiry } from './expiry.js';

const MOST_AROUND = 1024;
const NONE: readonly Ban[] = [];
/** So many entries of bans that were lifted are not worth a look. */
const FEW_ENTRIES = 1024;

export class BanIndex {
  readonly #table: BanTable;
  readonly #expiry = new Expiry();
  /** The narrowest first, whichever came first: after a restart the bans come back in another order. */
  readonly #widthsInUse: Readonly<Record<4 | 6, number[]>> = { 4: [], 6: [] };
  /** The networks of those widths around the ids asked for last: to work one out costs more than all else per line. */
  readonly #around = new Map<string, readonly string[]>();

  constructor(jail: string) {
    this.#table = new BanTable(jail);
  }

  get size(): number {
    return this.#table.size;
  }

  /** In the order in which they were banned. */
  get targets(): Iterable<string> {
    return this.#table.targets;
  }

  /** In the order in which they were banned. */
  get bans(): Iterable<Ban> {
    return this.#table.bans();
  }

  get(target: string): Ban | undefined {
    return this.#table.get(target);
  }

  /** When the ban of a target ends, Infinity where it never does; undefined = there is none. */
  endMs(target: string): number | undefined {
    return this.#table.endMs(target);
  }

  set(ban: Ban): void {
    const row = this.#table.set(ban);
    if (ban.untilMs !== undefined) this.#endAt(row, ban.untilMs);
    const network = parseNetwork(ban.target);
    if (network === undefined) return;
    const widths = this.#widthsInUse[network.family];
    if (widths.includes(network.prefix)) return;
    widths.push(network.prefix);
    widths.sort((left, right) => right - left);
    this.#around.clear();
  }

  delete(target: string): void {
    this.#table.delete(target);
  }

  /** When the next ban ends, milliseconds since the epoch; undefined = none does. */
  nextEndMs(): number | undefined {
    return this.#expiry.nextMs();
  }

  /** The targets of the bans whose time is up, the earliest first; each is to be deleted before the next is asked for. */
  *over(nowMs: number): Iterable<string> {
    for (const row of this.#expiry.due(nowMs)) {
      const target = this.#table.targetAt(row);
      if (target !== undefined && (this.endMs(target) ?? Infinity) <= nowMs) yield target;
    }
  }

  /** The bans that are wider than an id and cover it; none where it is no address. */
  around(id: string): readonly Ban[] {
    const networks = this.#networksAround(id);
    return networks.length === 0 ? NONE : networks.flatMap((network) => this.#table.get(network) ?? []);
  }

  /** The targets that are narrower than a network and inside it: every one has to be looked at. */
  inside(network: Network): readonly string[] {
    return [...this.#table.targets].filter((target) => {
      const other = parseNetwork(target);
      return other !== undefined && other.prefix > network.prefix && covers(network, other);
    });
  }

  #endAt(row: number, atMs: number): void {
    this.#expiry.add(row, atMs);
    if (this.#expiry.size <= 2 * this.#table.size + FEW_ENTRIES) return;
    this.#expiry.clear();
    for (const [each, endMs] of this.#table.ends()) if (endMs < Infinity) this.#expiry.add(each, endMs);
  }

  #networksAround(id: string): readonly string[] {
    const known = this.#around.get(id);
    if (known !== undefined) return known;
    const networks: string[] = [];
    const own = addressIn(id);
    if (own !== undefined)
      for (const prefix of this.#widthsInUse[familyOf(own.address)])
        if (prefix < own.prefix) networks.push(widen(own.address, prefix));
    if (this.#around.size >= MOST_AROUND) this.#around.clear();
    this.#around.set(id, networks);
    return networks;
  }
}

/** The address that an id is, or the lowest one of the network that it is, and its width. */
function addressIn(id: string): { readonly address: string; readonly prefix: number } | undefined {
  if (isIP(id) !== 0) return { address: id, prefix: prefixOf(id) };
  const network = id.includes('/') ? parseNetwork(id) : undefined;
  return network && { address: baseAddressOf(formatNetwork(network)), prefix: network.prefix };
}
