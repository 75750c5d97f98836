/**
 * Somebody banned is still heard: what lets him in, in one sentence.
 * Takes the ban, the jail's guards and what the firewall knows; looks at the connections that there are. Rate-limited: one a
 * minute for each jail. Repairs nothing.
 */
import type { Ban } from '../ban/ban.js';
import { parseNetwork } from '../lib/address.js';
import { connectedPorts } from './connections.js';
import type { NftablesJail } from './nftables-options.js';

/** A line in flight is no sign: what was logged so long after the ban was in force is. */
const IN_FORCE_MS = 2000;
const PAUSE_MS = 60_000;
/** For so long, and of so many bans of a jail, it is known when they began; the others began before that. */
const FRESH_MS = 10_000;
const MOST_FRESH = 20_000;

export interface LeakClock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export class LeakWatch {
  readonly #clock: LeakClock;
  readonly #portsOf: typeof connectedPorts;
  /** Of each jail, when a target was taken; the oldest first. */
  readonly #fresh = new Map<string, Map<string, number>>();
  #begunMs = Number.NEGATIVE_INFINITY;
  readonly #toldMs = new Map<string, number>();

  constructor(clock: LeakClock, portsOf: typeof connectedPorts = connectedPorts) {
    this.#clock = clock;
    this.#portsOf = portsOf;
  }

  /** All bans that hold are on their way to the kernel. */
  begin(): void {
    this.#begunMs = this.#clock.now();
  }

  /** A ban is on its way to the kernel. */
  note({ jail, target }: Ban): void {
    const nowMs = this.#clock.now();
    const fresh = this.#fresh.get(jail) ?? new Map<string, number>();
    this.#fresh.set(jail, fresh);
    fresh.set(target, nowMs);
    for (const [each, takenMs] of fresh) {
      if (nowMs - takenMs <= FRESH_MS && fresh.size <= MOST_FRESH) break;
      fresh.delete(each);
    }
  }

  /** What to tell of a hit whose line was written at `atMs`; undefined = nothing. `missing`: why it is not in the kernel. */
  explain(
    ban: Ban,
    atMs: number,
    guards: readonly NftablesJail[],
    missing: string | undefined,
  ): string | undefined {
    const nowMs = this.#clock.now();
    const takenMs = this.#fresh.get(ban.jail)?.get(ban.target) ?? Math.max(nowMs - FRESH_MS, this.#begunMs);
    // A line from before, read late, proves nothing; neither does one that claims to be from the future.
    if (atMs < takenMs + IN_FORCE_MS || atMs < nowMs - PAUSE_MS || atMs > nowMs + IN_FORCE_MS)
      return undefined;
    if (nowMs - (this.#toldMs.get(ban.jail) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return undefined;
    this.#toldMs.set(ban.jail, nowMs);
    return `${ban.address ?? ban.target} is banned and still heard: ${missing ?? this.#wayIn(ban, guards)}`;
  }

  #wayIn({ target }: Ban, guards: readonly NftablesJail[]): string {
    const network = parseNetwork(target);
    const ports = network === undefined ? [] : [...this.#portsOf(network)].sort((one, other) => one - other);
    const open = ports.filter((port) => !guards.some((guard) => isShut(guard, port)));
    const shut = ports.filter((port) => !open.includes(port));
    if (open.length > 0) return `it is connected to port ${open.join(', ')}, which the jail does not close.`;
    if (shut.length > 0)
      return `it is connected to port ${shut.join(', ')}, which the jail closes: something takes its packets past the table inet bailiff, a flowtable or another network namespace.`;
    return 'it has no connection to this host, so the log names somebody behind a proxy or relay; close the door there, or do not count its lines.';
  }
}

function isShut({ ports, protocols }: NftablesJail, port: number): boolean {
  if (!protocols.includes('tcp')) return false;
  return ports === 'all' || ports.some(({ first, last }) => first <= port && port <= last);
}
