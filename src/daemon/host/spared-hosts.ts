/**
 * Whom no jail bans, lest the host be cut off: who is signed in by SSH, gateways, resolvers, its own networks.
 * Takes an address and which of these count; gives the reason. Networks are read anew each minute by whoever refreshes;
 * sessions when they are asked for, but not more often than every second.
 */
import type { SparedKind } from '../../ban/options.js';
import { type Network, covers, parseNetwork } from '../../lib/address.js';
import { readGateways, readOwnNetworks, readResolvers } from './host-network.js';
import { sessionPeers } from './session-peers.js';

const FRESH_MS = 1000;

export interface Spared {
  /** Address or network. */
  readonly target: string;
  readonly because: string;
  readonly kind: SparedKind;
}

interface Known extends Spared {
  readonly network: Network;
}

/** Where it is read from. */
export interface SparedReaders {
  readonly sessions: () => ReadonlyMap<string, string>;
  readonly gateways: () => ReadonlySet<string>;
  readonly resolvers: () => ReadonlySet<string>;
  readonly networks: () => ReadonlySet<string>;
}

const READERS: SparedReaders = {
  sessions: sessionPeers,
  gateways: readGateways,
  resolvers: readResolvers,
  networks: readOwnNetworks,
};

export class SparedHosts {
  readonly #readers: SparedReaders;
  #lasting: readonly Known[] = [];
  #sessions: readonly Known[] = [];
  #readMs = Number.NEGATIVE_INFINITY;

  constructor(readers: SparedReaders = READERS) {
    this.#readers = readers;
    this.refresh();
  }

  /** Reads gateways, resolvers and networks anew. */
  refresh(): void {
    const { gateways, resolvers, networks } = this.#readers;
    this.#lasting = [
      ...[...gateways()].map((target) => ({ target, because: 'it is a gateway', kind: 'gateways' as const })),
      ...[...resolvers()].map((target) => ({
        target,
        because: 'it is a resolver',
        kind: 'resolvers' as const,
      })),
      ...[...networks()].map((target) => ({
        target,
        because: 'it is in a network of this host',
        kind: 'networks' as const,
      })),
    ].flatMap(known);
  }

  /** All of them now. */
  all(): readonly Spared[] {
    return this.#all();
  }

  /** Why a canonical address is spared; undefined = it is not. */
  reasonFor(address: string, kinds: readonly SparedKind[]): string | undefined {
    const network = parseNetwork(address);
    return network && this.#find(kinds, (each) => covers(each.network, network))?.because;
  }

  /** Something spared that a canonical network covers or lies in, other than `except`. */
  within(network: Network, except: string, kinds: readonly SparedKind[]): string | undefined {
    const meets = (each: Known): boolean =>
      each.target !== except && (covers(network, each.network) || covers(each.network, network));
    return this.#find(kinds, meets)?.target;
  }

  #find(kinds: readonly SparedKind[], is: (each: Known) => boolean): Known | undefined {
    if (kinds.length === 0) return undefined;
    return this.#all().find((each) => kinds.includes(each.kind) && is(each));
  }

  #all(): readonly Known[] {
    const nowMs = performance.now();
    if (nowMs - this.#readMs >= FRESH_MS) {
      this.#readMs = nowMs;
      this.#sessions = [...this.#readers.sessions()]
        .map(([target, user]) => ({
          target,
          because: `${user === '' ? 'somebody' : user} is signed in from there by SSH`,
          kind: 'sessions' as const,
        }))
        .flatMap(known);
    }
    return [...this.#sessions, ...this.#lasting];
  }
}

function known(spared: Spared): readonly Known[] {
  const network = parseNetwork(spared.target);
  return network === undefined ? [] : [{ ...spared, network }];
}
