/**
 * What the stages need to know of this host: its own addresses, its gateways, what names in ignoreip stand for.
 * Answers at once from what was read last; reads again once a minute. Resolving never holds up a line.
 */
import { lookup } from 'node:dns/promises';
import type { BanHistory } from '../../ban/history.js';
import type { SparedKind } from '../../ban/options.js';
import type { Failure } from '../../failure/ticket.js';
import type { JailSurroundings, Protection } from '../../jail/jail.js';
import type { JailOptions } from '../../jail/options.js';
import { AddressFile } from '../../lib/address-file.js';
import { covers, parseAddress, parseNetwork } from '../../lib/address.js';
import type { FailureStore } from '../../store/failure-store.js';
import type { KnownClients } from '../../store/known-clients.js';
import type { Store } from '../../store/store.js';
import { readGateways, readOwnAddresses } from '../host/host-network.js';
import { SparedHosts } from '../host/spared-hosts.js';
import { storedHistory } from './stored-history.js';

const REFRESH_MS = 60_000;

export interface HostQuestions {
  /** The host names of every jail's ignoreip. */
  readonly names: readonly string[];
  /** Whether `ignorecommand` may be run. */
  readonly asksCommands: boolean;
  /** Whether the store has all that was decided. */
  readonly isStoreWhole: () => boolean;
  /** Hears what is wrong with the files of ignoreip. */
  readonly tell: (problem: string) => void;
}

export class HostSurroundings implements JailSurroundings {
  readonly resolvesNames = true;
  readonly asksCommands: boolean;
  readonly #knownClients: KnownClients;
  readonly #files = new Map<string, AddressFile>();
  readonly #tell: (problem: string) => void;
  readonly #named = new Map<string, ReadonlySet<string>>();
  #own: ReadonlySet<string> = readOwnAddresses();
  #gateways: ReadonlySet<string> = readGateways();
  readonly #timer: NodeJS.Timeout;

  readonly history: BanHistory;
  readonly spared = new SparedHosts();

  readonly #failures: Pick<FailureStore, 'openOf'>;
  readonly #isStoreWhole: () => boolean;

  constructor(
    store: Pick<Store, 'knownClients' | 'bans' | 'failures'>,
    { names, asksCommands, isStoreWhole, tell }: HostQuestions,
  ) {
    this.asksCommands = asksCommands;
    this.#failures = store.failures;
    this.#isStoreWhole = isStoreWhole;
    this.#knownClients = store.knownClients;
    this.history = storedHistory(store.bans);
    this.#tell = tell;
    for (const name of names) this.#named.set(name, new Set());
    this.#resolve();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
    this.#timer.unref();
  }

  ownAddresses(): ReadonlySet<string> {
    return this.#own;
  }

  isListed(path: string, address: string): boolean {
    const file = this.#files.get(path) ?? new AddressFile(path);
    this.#files.set(path, file);
    const before = file.problem;
    const isListed = file.has(address);
    if (file.problem !== undefined && file.problem !== before) this.#tell(file.problem);
    return isListed;
  }

  namedAddresses(name: string): ReadonlySet<string> {
    return this.#named.get(name) ?? new Set();
  }

  /** Learns what further names stand for. */
  addNames(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.#named.has(name));
    for (const name of unknown) this.#named.set(name, new Set());
    if (unknown.length > 0) this.#resolve();
  }

  /** Nothing from a store that cannot be written: it does not know yet what became of them. */
  earlierOf(jail: string, id: string, sinceMs: number, most: number): readonly Failure[] {
    if (!this.#isStoreWhole()) return [];
    try {
      return this.#failures.openOf(jail, id, sinceMs, most);
    } catch {
      // That it cannot be read is the ledger's to tell.
      return [];
    }
  }

  sparedBecause(address: string, kinds: readonly SparedKind[]): string | undefined {
    return this.spared.reasonFor(address, kinds);
  }

  protectedIn({ network, except, sinceMs, kinds }: Protection): string | undefined {
    const outer = parseNetwork(network);
    if (outer === undefined) return undefined;
    const spared = this.spared.within(outer, except, kinds);
    if (spared !== undefined) return spared;
    for (const address of [...this.#own, ...this.#gateways]) {
      const inner = parseNetwork(address);
      if (address !== except && inner !== undefined && covers(outer, inner)) return address;
    }
    return this.#knownClients.within(network, except, sinceMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #refresh(): void {
    this.#own = readOwnAddresses();
    this.#gateways = readGateways();
    this.spared.refresh();
    this.#resolve();
  }

  #resolve(): void {
    for (const name of this.#named.keys()) {
      lookup(name, { all: true }).then(
        (found) =>
          this.#named.set(name, new Set(found.flatMap(({ address }) => parseAddress(address) ?? []))),
        // A name that does not resolve now keeps what it stood for: losing an exception locks a friend out.
        () => undefined,
      );
    }
  }
}

/** The host names in the ignoreip of any of these jails. */
export function ignoredNames(jails: readonly JailOptions[]): readonly string[] {
  const all = jails.flatMap(({ failure }) => failure.ignoreip);
  return [...new Set(all)].filter((text) => parseNetwork(text) === undefined && !text.startsWith('file:'));
}
