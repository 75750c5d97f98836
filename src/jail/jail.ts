/**
 * One jail from match to decision: failure → ban, on one screen.
 * Takes matches and commands in order; gives what became of each. Does not read, write or enforce.
 */
import { randomUUID } from 'node:crypto';
import type { Ban, Decision } from '../ban/ban.js';
import { BanList } from '../ban/ban-list.js';
import { Breaker } from '../ban/breaker.js';
import type { SparedKind } from '../ban/options.js';
import { type BanHistory, NO_HISTORY, earlierBans } from '../ban/history.js';
import type { Surroundings } from '../failure/allow-list.js';
import { FailureStage } from '../failure/failure-stage.js';
import { failureWeight } from '../failure/repeat-offender.js';
import type { Failure, Ticket } from '../failure/ticket.js';
import { clientNetwork, parseAddress, parseNetwork } from '../lib/address.js';
import type { Match } from '../filter/match.js';
import type { Heard, Way } from './batch.js';
import { judgementOf } from './judgement.js';
import type { JailOptions } from './options.js';

export type Outcome =
  | { readonly kind: 'counted'; readonly failure: Failure; readonly attempts: number }
  | {
      readonly kind: 'ignored';
      readonly jail: string;
      readonly id: string;
      readonly reason: string;
      readonly timeMs: number;
    }
  | { readonly kind: 'banned-already'; readonly ban: Ban; readonly id: string; readonly timeMs: number }
  | { readonly kind: 'login'; readonly jail: string; readonly address: string; readonly timeMs: number }
  | { readonly kind: 'over'; readonly ticket: Ticket }
  /** Enough for a ban, but that would cut the host off. */
  /** Enough for a ban, but too many follow a change; `isFirst`: from this one on they are held back. */
  | { readonly kind: 'held'; readonly ticket: Ticket; readonly isFirst: boolean }
  | { readonly kind: 'spared'; readonly ticket: Ticket; readonly because: string }
  /** The address has to be looked up first; `key` names it until it is `resolved`. */
  | { readonly kind: 'waiting'; readonly key: string; readonly heard: Heard; readonly name: string }
  | {
      readonly kind: 'resolved';
      readonly key: string;
      readonly jail: string;
      readonly name: string;
      readonly addresses: readonly string[];
      /** `usedns = warn`: to be told. */
      readonly isTold: boolean;
    }
  /** `ignorecommand` has to be asked first; `key` names the failure until it is `answered`. */
  | { readonly kind: 'asking'; readonly key: string; readonly heard: Heard }
  | { readonly kind: 'answered'; readonly key: string }
  | { readonly kind: 'decided'; readonly decision: Decision };

export interface Protection {
  readonly network: string;
  /** Somebody in there who is not meant. */
  readonly except: string;
  /** Known clients are those who signed in since. */
  readonly sinceMs: number;
  readonly kinds: readonly SparedKind[];
}

export interface JailSurroundings extends Surroundings {
  /** Whether host names in log lines can be looked up here. */
  readonly resolvesNames?: boolean;
  /** Whether `ignorecommand` may be asked here. */
  readonly asksCommands?: boolean;
  /** Somebody who must stay reachable inside a network: a known client, an own address, whoever else is asked for. */
  protectedIn(protection: Protection): string | undefined;
  /** Why an address is never banned, as one of `kinds`; undefined = it may be. */
  sparedBecause?(address: string, kinds: readonly SparedKind[]): string | undefined;
  /** What was counted against an id of a jail and led to nothing yet, oldest first. */
  earlierOf?(jail: string, id: string, sinceMs: number, most: number): readonly Failure[];
  /** Earlier bans; undefined = none are remembered. */
  readonly history?: BanHistory | undefined;
  /** From 0 to 1, for `bantime.rndtime`; undefined = Math.random. */
  random?(): number;
}

const DAY_MS = 86_400_000;

export class Jail {
  readonly name: string;
  #options: JailOptions;
  readonly failures: FailureStage;
  readonly bans: BanList;
  readonly breaker: Breaker;
  readonly #mayResolve: boolean;
  readonly #mayAsk: boolean;
  readonly #surroundings: JailSurroundings;
  #nowMs = 0;

  constructor(options: JailOptions, surroundings: JailSurroundings) {
    this.name = options.name;
    this.#options = options;
    this.#mayResolve = surroundings.resolvesNames === true;
    this.#mayAsk = surroundings.asksCommands === true;
    this.#surroundings = surroundings;
    this.breaker = new Breaker(options.ban.breakerBans ?? 0);
    this.failures = new FailureStage(options.name, options.failure, {
      ownAddresses: () => surroundings.ownAddresses(),
      namedAddresses: (name) => surroundings.namedAddresses(name),
      isListed: (path, address) => surroundings.isListed?.(path, address) ?? false,
      weightOf: (id) => this.#weightOf(id),
      earlierOf: (id, sinceMs, most) => surroundings.earlierOf?.(this.name, id, sinceMs, most) ?? [],
    });
    this.bans = new BanList(options.name, options.ban, {
      protectedIn: (network, except) => this.#protectedIn(network, except),
      sparedBecause: (address) => surroundings.sparedBecause?.(address, this.#spares()),
      history: surroundings.history,
      random: () => surroundings.random?.() ?? Math.random(),
    });
  }

  get options(): JailOptions {
    return this.#options;
  }

  /** Whether a command has a say in what counts. */
  get asksCommand(): boolean {
    return this.#mayAsk && this.#options.failure.ignorecommand !== undefined;
  }

  /** Takes other options of the same jail: counts and bans stay. Gives whether lines are judged otherwise from now on. */
  reconfigure(options: JailOptions): boolean {
    const isJudgedAnew = judgementOf(this.#options) !== judgementOf(options);
    this.#options = options;
    this.failures.reconfigure(options.failure);
    this.bans.reconfigure(options.ban);
    this.breaker.limit = options.ban.breakerBans ?? 0;
    return isJudgedAnew;
  }

  /** The bans that were held back are right: they follow. */
  release(nowMs: number): readonly Outcome[] {
    return this.breaker.release().map((ticket) => this.#ban(ticket, nowMs));
  }

  /** Takes one match, heard over `way`, at `nowMs`. `isAnswered`: `ignorecommand` has said that it counts. */
  take(match: Match, way: Way, nowMs: number, isAnswered = false): readonly Outcome[] {
    this.#nowMs = nowMs;
    switch (match.kind) {
      case 'helper':
        return [];
      case 'success':
        return match.address === undefined
          ? []
          : [{ kind: 'login', jail: this.name, address: match.address, timeMs: match.timeMs }];
      case 'failure':
        return this.#takeFailure(match, way, nowMs, isAnswered);
    }
  }

  /** Lifts every ban of `target` or inside it, as the ban list does, and forgets what was counted against it. */
  lift(target: string, nowMs: number): readonly Decision[] {
    this.forget(target);
    return this.bans.lift(target, nowMs);
  }

  /** Forgets what was counted against an address. */
  forget(target: string): void {
    for (const id of this.idsOf(target)) this.failures.forget(id);
  }

  /** Under which ids failures of an address are counted. */
  idsOf(target: string): readonly string[] {
    return parseAddress(target) === target
      ? [...new Set([target, clientNetwork(target, this.options.failure.ipv6prefix)])]
      : [target];
  }

  /** Ends the bans whose time is up: before somebody is counted anew, and before a command. */
  expire(nowMs: number): readonly Outcome[] {
    if ((this.bans.nextEndMs() ?? Infinity) > nowMs) return [];
    return this.bans.expire(nowMs).map((decision) => ({ kind: 'decided', decision }));
  }

  #protectedIn(network: string, except: string): string | undefined {
    const sinceMs = this.#nowMs - this.#options.failure.knownclientsDays * DAY_MS;
    const wide = parseNetwork(network);
    return (
      this.#surroundings.protectedIn({ network, except, sinceMs, kinds: this.#spares() }) ??
      (wide === undefined ? undefined : this.failures.allowedIn(wide))
    );
  }

  #spares(): readonly SparedKind[] {
    return this.#options.ban.spares ?? [];
  }

  /** While bans grow, a failure of somebody who was banned before counts for more. */
  #weightOf(id: string): number {
    if (this.#options.ban.growth === undefined) return 1;
    return failureWeight(earlierBans(this.#surroundings.history ?? NO_HISTORY, id, this.name));
  }

  #takeFailure(match: Match, way: Way, nowMs: number, isAnswered: boolean): readonly Outcome[] {
    const { hostName } = match;
    const { usedns } = this.#options.filter;
    if (hostName !== undefined && this.#mayResolve && (usedns === 'yes' || usedns === 'warn')) {
      const heard: Heard = { jail: this.name, way, match };
      return [{ kind: 'waiting', key: randomUUID(), heard, name: hostName }];
    }
    const ended = this.expire(nowMs);
    const counted = this.#count(match, way, nowMs, isAnswered);
    return ended.length === 0 ? counted : [...ended, ...counted];
  }

  #count(match: Match, way: Way, nowMs: number, isAnswered: boolean): readonly Outcome[] {
    const ban = this.bans.covering(match.address ?? match.id, nowMs);
    if (ban !== undefined) return [{ kind: 'banned-already', ban, id: match.id, timeMs: match.timeMs }];
    if (this.asksCommand && !isAnswered && !this.#isAllowed(match))
      return [{ kind: 'asking', key: randomUUID(), heard: { jail: this.name, way, match } }];
    const verdict = this.failures.take(match, way, nowMs);
    if (verdict.kind === 'ignored')
      return [
        { kind: 'ignored', jail: this.name, id: match.id, reason: verdict.reason, timeMs: match.timeMs },
      ];
    const counted: Outcome = { kind: 'counted', failure: verdict.failure, attempts: verdict.attempts };
    if (verdict.ticket === undefined) return [counted];
    const { ticket } = verdict;
    const because = this.bans.sparedBecause(ticket);
    if (because !== undefined) return [counted, { kind: 'spared', ticket, because }];
    const held = this.breaker.take(ticket, nowMs);
    if (held !== undefined) return [counted, { kind: 'held', ticket, isFirst: held === 'first' }];
    return [counted, this.#ban(ticket, nowMs)];
  }

  #ban(ticket: Ticket, nowMs: number): Outcome {
    const decision = this.bans.take(ticket, nowMs);
    if (decision === undefined) return { kind: 'over', ticket };
    this.breaker.note(nowMs);
    return { kind: 'decided', decision };
  }

  #isAllowed({ address }: Match): boolean {
    return address !== undefined && this.failures.allowedBecause(address) !== undefined;
  }
}
