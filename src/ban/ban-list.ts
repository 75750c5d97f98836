/**
 * Who is banned now: Ticket, commands and restored bans → Ban, Unban.
 * Decides for how long, at which width and when it ends; keeps one ban per jail and target.
 * Does not enforce and does not write anything down.
 */
import {
  type Network,
  baseAddressOf,
  covers,
  parseAddress,
  parseNetwork,
  prefixOf,
  widen,
  widthOf,
} from '../lib/address.js';
import type { Ticket } from '../failure/ticket.js';
import type { Ban, Unban } from './ban.js';
import { Expiry } from './expiry.js';
import type { BanOptions } from './options.js';

/** What the stage asks of its surroundings. */
export interface Protected {
  /** A canonical address inside `network` that a ban must not cover, other than `except`; undefined = none. */
  protectedIn(network: string, except: string): string | undefined;
}

const MOST_AROUND = 1024;

export class BanList {
  readonly #jail: string;
  #options: BanOptions;
  readonly #surroundings: Protected;
  readonly #byTarget = new Map<string, Ban>();
  readonly #expiry = new Expiry();
  /** Prefix lengths that bans have or had, so that a look-up probes only those. */
  readonly #widthsInUse = { 4: new Set<number>(), 6: new Set<number>() };
  /** The networks of those widths around the ids asked for last: to work one out costs more than all else per line. */
  readonly #around = new Map<string, readonly string[]>();
  #total = 0;

  constructor(jail: string, options: BanOptions, surroundings: Protected) {
    this.#jail = jail;
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** Takes other options; they hold for the bans that follow. */
  reconfigure(options: BanOptions): void {
    this.#options = options;
  }

  get current(): Iterable<Ban> {
    return this.#byTarget.values();
  }

  get size(): number {
    return this.#byTarget.size;
  }

  get total(): number {
    return this.#total;
  }

  /** The ban that covers an id (canonical address or `<F-ID>`) now, if any. */
  covering(id: string, nowMs: number): Ban | undefined {
    const ban = this.#byTarget.get(id) ?? this.#widerThan(id);
    return ban !== undefined && (ban.untilMs === undefined || ban.untilMs > nowMs) ? ban : undefined;
  }

  /** Bans for a ticket; undefined if it is covered already or would be over by now. */
  take(ticket: Ticket, nowMs: number): Ban | undefined {
    const bannedAtMs = Math.min(ticket.lastMs, nowMs);
    const untilMs = this.#until(bannedAtMs, this.#options.bantimeSeconds);
    if (untilMs !== undefined && untilMs <= nowMs) return undefined;
    if (this.covering(ticket.address ?? ticket.id, nowMs) !== undefined) return undefined;
    return this.#add({
      kind: 'ban',
      jail: this.#jail,
      target: this.#targetOf(ticket),
      address: ticket.address,
      bannedAtMs,
      untilMs,
      failures: ticket.failures,
      origin: 'jail',
      evidence: ticket.evidence.map((failure) => failure.text),
      data: ticket.data,
    });
  }

  /** Bans by hand; `forSeconds` undefined = the jail's bantime, -1 = for ever. Undefined if banned already. */
  takeByHand(target: string, forSeconds: number | undefined, nowMs: number): Ban | undefined {
    if (this.covering(target, nowMs) !== undefined) return undefined;
    return this.#add({
      kind: 'ban',
      jail: this.#jail,
      target,
      address: parseAddress(target),
      bannedAtMs: nowMs,
      untilMs: this.#until(nowMs, forSeconds ?? this.#options.bantimeSeconds),
      failures: 0,
      origin: 'hand',
      evidence: [],
    });
  }

  /** Takes back a ban that the store kept, unless it is over. */
  restore(kept: Ban, nowMs: number): Ban | undefined {
    if (kept.untilMs !== undefined && kept.untilMs <= nowMs) return undefined;
    return this.#add({ ...kept, origin: 'restored' });
  }

  /** Lifts every ban of `target` or inside it (a network by hand lifts its members). */
  lift(target: string, nowMs: number): readonly Unban[] {
    const network = parseNetwork(target);
    const isWide = network !== undefined && network.prefix < widthOf(network.family);
    const lifted = isWide
      ? this.#touching(target, network)
      : [target, ...this.#networksAround(target)].filter((key) => this.#byTarget.has(key));
    return lifted.map((key) => this.#end(key, nowMs, 'hand'));
  }

  /** The bans inside a network or around it: every one has to be looked at. */
  #touching(target: string, network: Network): readonly string[] {
    return [...this.#byTarget.keys()].filter((key) => {
      const other = parseNetwork(key);
      return key === target || (other !== undefined && (covers(network, other) || covers(other, network)));
    });
  }

  /** Ends the bans whose time is up. */
  expire(nowMs: number): readonly Unban[] {
    const ended: Unban[] = [];
    for (const target of this.#expiry.due(nowMs)) {
      const ban = this.#byTarget.get(target);
      if (ban?.untilMs !== undefined && ban.untilMs <= nowMs) ended.push(this.#end(target, nowMs, 'expired'));
    }
    return ended;
  }

  /** Ends every ban: the jail goes. */
  clear(nowMs: number): readonly Unban[] {
    return [...this.#byTarget.keys()].map((target) => this.#end(target, nowMs, 'jail-gone'));
  }

  /** When the next ban ends, milliseconds since the epoch; undefined = none does. */
  nextEndMs(): number | undefined {
    return this.#expiry.nextMs();
  }

  #add(ban: Ban): Ban {
    this.#total += 1;
    this.#keep(ban);
    return ban;
  }

  #keep(ban: Ban): void {
    this.#byTarget.set(ban.target, ban);
    const network = parseNetwork(ban.target);
    if (network !== undefined && !this.#widthsInUse[network.family].has(network.prefix)) {
      this.#widthsInUse[network.family].add(network.prefix);
      this.#around.clear();
    }
    if (ban.untilMs !== undefined) this.#expiry.add(ban.target, ban.untilMs);
  }

  #end(target: string, atMs: number, why: Unban['why']): Unban {
    this.#byTarget.delete(target);
    return { kind: 'unban', jail: this.#jail, target, atMs, why };
  }

  #until(fromMs: number, seconds: number): number | undefined {
    return seconds < 0 ? undefined : fromMs + seconds * 1000;
  }

  /** A single address widens to the jail's IPv6 width, unless somebody in that network must stay reachable. */
  #targetOf(ticket: Ticket): string {
    const { address } = ticket;
    if (address === undefined) return ticket.id;
    if (ticket.id !== address && ticket.id !== widen(address, prefixOf(ticket.id))) return ticket.id;
    const wide = address.includes(':') ? widen(address, this.#options.ipv6prefix) : address;
    return this.#surroundings.protectedIn(wide, address) === undefined ? wide : address;
  }

  #widerThan(id: string): Ban | undefined {
    for (const network of this.#networksAround(id)) {
      const ban = this.#byTarget.get(network);
      if (ban !== undefined) return ban;
    }
    return undefined;
  }

  /** The networks around an id that have a width in use; none where it is no address. */
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
