/**
 * All that shall be in the kernel: the sets of every guarded jail.
 * Takes decisions; gives what has to be written. This list, not the kernel, is the truth; it is never read back.
 */
import { isIPv4 } from 'node:net';
import type { Ban, Decision } from '../ban/ban.js';
import {
  type Family,
  baseAddressOf,
  familyOf,
  formatNetwork,
  parseNetwork,
  prefixOf,
} from '../lib/address.js';
import type { Clock } from '../lib/clock.js';
import { putCovering, uncover } from './nftables-cover.js';
import type { NftablesJail } from './nftables-options.js';
import { type Change, NftablesSet } from './nftables-set.js';

export class NftablesList {
  readonly #guards = new Map<string, NftablesJail[]>();
  readonly #sets = new Map<string, NftablesSet>();
  /** The sets of one jail and family, the widest first. */
  readonly #widths = new Map<string, readonly NftablesSet[]>();
  readonly #clock: Clock;

  constructor(jails: readonly NftablesJail[], clock: Clock) {
    this.#clock = clock;
    for (const guard of jails) {
      this.#guards.set(guard.jail, [...(this.#guards.get(guard.jail) ?? []), guard]);
      this.#setOf(guard.jail, '0.0.0.0');
      this.#setOf(guard.jail, guard.ipv6prefix === 128 ? '::' : `::/${guard.ipv6prefix}`);
    }
  }

  get sets(): Iterable<NftablesSet> {
    return this.#sets.values();
  }

  /** How many elements have yet to be written. */
  get pending(): number {
    let sum = 0;
    for (const set of this.#sets.values()) sum += set.pending;
    return sum;
  }

  /** How many elements there shall be. */
  get size(): number {
    let sum = 0;
    for (const set of this.#sets.values()) sum += set.size;
    return sum;
  }

  guardsOf(jail: string): readonly NftablesJail[] {
    return this.#guards.get(jail) ?? [];
  }

  /** `other`: a jail that is not guarded here; `no-address`: nothing that a firewall knows. */
  apply(decision: Decision): 'applied' | 'other' | 'no-address' {
    if (!this.#guards.has(decision.jail)) return 'other';
    const target = canonical(decision.target);
    if (target === undefined) return 'no-address';
    const set = this.#setOf(decision.jail, target);
    const element = baseAddressOf(target);
    const nowMs = performance.now();
    const widths = this.#widths.get(keyOf(decision.jail, set.family)) ?? [];
    if (decision.kind === 'unban') {
      set.remove(element, decision.why === 'expired', nowMs);
      uncover(widths, set, element, nowMs);
    } else if (decision.untilMs === undefined) putCovering(widths, set, element, Infinity, nowMs);
    else {
      const leftMs = decision.untilMs - this.#clock.now();
      if (leftMs > 0) putCovering(widths, set, element, nowMs + leftMs, nowMs);
      else set.remove(element, true, nowMs);
    }
    return 'applied';
  }

  /** The kernel refused an element: what it would have covered is written itself. */
  giveUp({ set, element }: Change): void {
    set.giveUp(element);
    const widths = this.#widths.get(keyOf(set.jail, set.family)) ?? [];
    if (set.expiresMs(element) === undefined) uncover(widths, set, element, performance.now());
  }

  /** Whether there shall be an element for a ban, or one that covers it. */
  has({ jail, target }: Ban): boolean {
    const network = parseNetwork(target);
    if (network === undefined) return false;
    const sets = this.#widths.get(keyOf(jail, network.family)) ?? [];
    const element = baseAddressOf(formatNetwork(network));
    const set = sets.find(({ prefix }) => prefix === network.prefix);
    return set?.expiresMs(element) !== undefined || set?.covered.has(element) === true;
  }

  takeChanges(limit: number): Change[] {
    const changes: Change[] = [];
    for (const set of this.#sets.values())
      if (set.pending > 0) changes.push(...set.takeChanges(limit - changes.length));
    return changes;
  }

  /** All that shall be there, for a kernel that holds nothing, as it is asked for; forgets what was pending. */
  takeAll(): Iterator<Change> {
    return flat([...this.#sets.values()].map((set) => set.takeAll()));
  }

  #setOf(jail: string, target: string): NftablesSet {
    const family = familyOf(target);
    const prefix = prefixOf(target);
    const key = `${jail}/${family}/${prefix}`;
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = new NftablesSet(jail, family, prefix);
      this.#sets.set(key, set);
      const widths = [...(this.#widths.get(keyOf(jail, family)) ?? []), set];
      this.#widths.set(
        keyOf(jail, family),
        widths.sort((one, other) => one.prefix - other.prefix),
      );
    }
    return set;
  }
}

/** The text of an address or network as it is spelled here; the very same text where it is spelled so, not a second one of it. */
function canonical(target: string): string | undefined {
  if (isIPv4(target)) return target;
  const network = parseNetwork(target);
  if (network === undefined) return undefined;
  const spelled = formatNetwork(network);
  return spelled === target ? target : spelled;
}

function keyOf(jail: string, family: Family): string {
  return `${jail}/${family}`;
}

function* flat(all: readonly Iterable<Change>[]): Generator<Change> {
  for (const some of all) yield* some;
}
