/**
 * Who is banned now: Ticket, commands and restored bans → Ban, Unban.
 * Decides for how long, at which width and when it ends; keeps one ban per jail and target.
 * Does not enforce and does not write anything down.
 */
import {
  type Family,
  baseAddressOf,
  clientNetwork,
  familyOf,
  parseAddress,
  parseNetwork,
  prefixOf,
  widen,
  widthOf,
} from '../lib/address.js';
import type { Ticket } from '../failure/ticket.js';
import type { Ban, Decision, Unban } from './ban.js';
import { BanIndex } from './ban-index.js';
import { type Growth, growthOf } from './growth.js';
import { type BanHistory, NO_HISTORY, earlierBans } from './history.js';
import type { BanOptions } from './options.js';
import { remainder } from './remainder.js';

/** What the stage asks of its surroundings. */
export interface Protected {
  /** A canonical address inside `network` that a ban must not cover, other than `except`; undefined = none. */
  protectedIn(network: string, except: string): string | undefined;
  /** Why an address is not to be banned, lest the host be cut off; undefined = it may be. */
  sparedBecause?(address: string): string | undefined;
  readonly history?: BanHistory | undefined;
  /** From 0 to 1, for `bantime.rndtime`. */
  random?(): number;
}

/** No text of a log bans more of the Internet than a registry's share. */
const WIDEST: Readonly<Record<Family, number>> = { 4: 8, 6: 16 };

type Length = Pick<Ban, 'untilMs' | 'banCount' | 'isGrown'>;

export class BanList {
  readonly #jail: string;
  #options: BanOptions;
  #growth: Growth | undefined;
  readonly #surroundings: Protected;
  readonly #history: BanHistory;
  readonly #bans: BanIndex;
  #total = 0;

  constructor(jail: string, options: BanOptions, surroundings: Protected) {
    this.#jail = jail;
    this.#bans = new BanIndex(jail);
    this.#surroundings = surroundings;
    this.#history = surroundings.history ?? NO_HISTORY;
    this.#options = options;
    this.#growth = options.growth && growthOf(options.growth);
  }

  /** Takes other options; they hold for the bans that follow. */
  reconfigure(options: BanOptions): void {
    this.#options = options;
    this.#growth = options.growth && growthOf(options.growth);
  }

  /** The bans that are on, in the order in which they were banned; without their evidence, which is in the store. */
  get current(): Iterable<Ban> {
    return this.#bans.bans;
  }

  /** Who is banned, in the order in which they were. */
  get targets(): Iterable<string> {
    return this.#bans.targets;
  }

  get size(): number {
    return this.#bans.size;
  }

  get total(): number {
    return this.#total;
  }

  /** The ban that covers an id (canonical address or `<F-ID>`) now, if any. */
  covering(id: string, nowMs: number): Ban | undefined {
    if ((this.#bans.endMs(id) ?? 0) > nowMs) return this.#bans.get(id);
    for (const ban of this.#bans.around(id)) if (endOf(ban) > nowMs) return ban;
    return undefined;
  }

  /** Why no ban may follow a ticket; undefined = it may. */
  sparedBecause({ id, address }: Pick<Ticket, 'id' | 'address'>): string | undefined {
    return this.#surroundings.sparedBecause?.(address ?? id);
  }

  /**
   * Bans for a ticket; undefined if it would be over by now, or one that lasts as long covers it. Where the target is
   * banned already, but not for as long, what it gives `prolongs` that ban.
   */
  take(ticket: Ticket, nowMs: number): Ban | undefined {
    const bannedAtMs = Math.min(ticket.lastMs, nowMs);
    const target = this.#targetOf(ticket);
    const length = this.#lengthOf(target, bannedAtMs);
    if (length.untilMs !== undefined && length.untilMs <= nowMs) return undefined;
    return this.#begin(
      {
        kind: 'ban',
        jail: this.#jail,
        target,
        address: ticket.address,
        bannedAtMs,
        ...length,
        failures: ticket.failures,
        origin: 'jail',
        evidence: ticket.evidence.map((failure) => failure.text),
        data: ticket.data,
        ...(ticket.id !== target && { countedAs: ticket.id }),
      },
      nowMs,
    );
  }

  /**
   * Bans by hand; `forSeconds` undefined = as long as the jail would, -1 = for ever. Undefined if banned as long already,
   * or longer.
   */
  takeByHand(target: string, forSeconds: number | undefined, nowMs: number): Ban | undefined {
    const length =
      forSeconds === undefined
        ? this.#lengthOf(target, nowMs)
        : { ...this.#lengthOf(target, nowMs), isGrown: undefined, untilMs: untilOf(nowMs, forSeconds) };
    return this.#begin(
      {
        kind: 'ban',
        jail: this.#jail,
        target,
        address: parseAddress(target),
        bannedAtMs: nowMs,
        ...length,
        failures: 0,
        origin: 'hand',
        evidence: [],
      },
      nowMs,
    );
  }

  /** Takes back a ban that the store kept, unless it is over. */
  restore(kept: Ban, nowMs: number): Ban | undefined {
    if (endOf(kept) <= nowMs) return undefined;
    return this.#add({ ...kept, origin: 'restored' });
  }

  /**
   * Lifts every ban of `target` or inside it. Of a wider ban only `target` is let off: what remains of it stays banned, in
   * narrower networks; but the network that stands for one IPv6 client (the jail's width) is lifted whole.
   */
  lift(target: string, nowMs: number): readonly Decision[] {
    const part = parseNetwork(target);
    const around = part === undefined ? [] : [...this.#bans.around(target)];
    const within = part === undefined || part.prefix === widthOf(part.family) ? [] : this.#bans.inside(part);
    const own = this.#bans.endMs(target);
    const lifted = [...(own === undefined ? [] : [target]), ...within];
    return [
      ...lifted.map((each) => this.#end(each, nowMs, 'hand')),
      ...around.flatMap((ban) => this.#carve(ban, target, nowMs)),
    ];
  }

  /** Ends the bans whose time is up. */
  expire(nowMs: number): readonly Unban[] {
    const ended: Unban[] = [];
    for (const target of this.#bans.over(nowMs)) ended.push(this.#end(target, nowMs, 'expired'));
    return ended;
  }

  /** Ends every ban. */
  clear(nowMs: number, why: 'jail-gone' | 'hand'): readonly Unban[] {
    return [...this.#bans.targets].map((target) => this.#end(target, nowMs, why));
  }

  /** When the next ban ends, milliseconds since the epoch; undefined = none does. */
  nextEndMs(): number | undefined {
    return this.#bans.nextEndMs();
  }

  #begin(ban: Ban, nowMs: number): Ban | undefined {
    const own = this.#bans.get(ban.target);
    const covers = own === undefined ? [] : [own];
    for (const other of [...covers, ...this.#bans.around(ban.target)])
      if (endOf(other) > nowMs && endOf(other) >= endOf(ban)) return undefined;
    if (own !== undefined) return this.#prolong(own, ban);
    this.#history.note?.(ban.target, { jail: this.#jail, banCount: ban.banCount ?? 1 });
    return this.#add(ban);
  }

  /** The ban that is on lasts as long as `later` from now on, and is told as it was. */
  #prolong(own: Ban, { untilMs, isGrown, countedAs }: Ban): Ban {
    const longer: Ban = { ...own, untilMs, isGrown, countedAs, prolongs: true };
    this.#bans.set(longer);
    return longer;
  }

  #add(ban: Ban): Ban {
    this.#total += 1;
    this.#bans.set(ban);
    return ban;
  }

  #end(target: string, atMs: number, why: Unban['why']): Unban {
    this.#bans.delete(target);
    return { kind: 'unban', jail: this.#jail, target, atMs, why };
  }

  /** Lets `part` off of a wider ban. */
  #carve(wide: Ban, part: string, nowMs: number): readonly Decision[] {
    const whole = parseNetwork(wide.target);
    const client = parseNetwork(this.#clientOf(part));
    const ended = this.#end(wide.target, nowMs, 'hand');
    if (whole === undefined || client === undefined || client.prefix <= whole.prefix) return [ended];
    const pieces = remainder(whole, client).map((target): Ban => {
      const piece: Ban = { ...wide, target, address: undefined, origin: 'hand', evidence: [], failures: 0 };
      return piece;
    });
    return [ended, ...pieces.flatMap((piece) => this.#begin(piece, nowMs) ?? [])];
  }

  /** An IPv6 address stands for its network of the jail's width. */
  #clientOf(target: string): string {
    const { ipv6prefix } = this.#options;
    return target.includes(':') && prefixOf(target) > ipv6prefix
      ? clientNetwork(baseAddressOf(target), ipv6prefix)
      : target;
  }

  #lengthOf(target: string, fromMs: number): Length {
    const { bantimeSeconds, growth } = this.#options;
    const plain = { untilMs: untilOf(fromMs, bantimeSeconds) };
    if (this.#growth === undefined || growth === undefined || bantimeSeconds <= 0) return plain;
    const earlier = earlierBans(this.#history, target, growth.overallJails ? undefined : this.#jail);
    if (earlier === 0) return plain;
    const random = (): number => this.#surroundings.random?.() ?? Math.random();
    const seconds = this.#growth(bantimeSeconds, earlier, random);
    return {
      untilMs: untilOf(fromMs, seconds),
      banCount: earlier + 1,
      isGrown: seconds > bantimeSeconds || seconds < 0,
    };
  }

  /**
   * The network that the ticket names (`<SUBNET>`), or the jail's IPv6 width around its address; the address alone where
   * somebody in that network must stay reachable.
   */
  #targetOf({ id, address }: Ticket): string {
    if (address === undefined) return id;
    const prefix = prefixOf(id);
    if (id !== address && id !== widen(address, prefix)) return id;
    const wide = this.#clientOf(id);
    if (wide === address) return address;
    if (prefixOf(wide) < WIDEST[familyOf(address)]) return address;
    return this.#surroundings.protectedIn(wide, address) === undefined ? wide : address;
  }
}

function untilOf(fromMs: number, seconds: number): number | undefined {
  return seconds < 0 ? undefined : fromMs + Math.round(seconds * 1000);
}

/** Milliseconds since the epoch; Infinity = never. */
function endOf({ untilMs }: Ban): number {
  return untilMs ?? Number.POSITIVE_INFINITY;
}
