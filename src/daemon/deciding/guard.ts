/**
 * The main thread's whole way, on one screen: batch or command → jails → ledger → effects and log.
 * Takes batches, commands and the clock; the store is written before any effect follows. Does not read sources.
 */
import type { Ban, Decision, Unban } from '../../ban/ban.js';
import type { Match } from '../../filter/match.js';
import type { Batch } from '../../jail/batch.js';
import type { Jail, Outcome } from '../../jail/jail.js';
import type { Store } from '../../store/store.js';
import type { Announcer } from '../telling/announcer.js';
import { Asking, type AskingParts } from '../asking/asking.js';
import { changedJails } from './changed-jails.js';
import type { Enforcement } from '../enforcing/enforcement.js';
import type { Ledger } from './ledger.js';

/** Node's timers take no longer delay. */
const LONGEST_DELAY_MS = 0x7fff_ffff;
const MOST_IN_TRANSACTION = 1000;

export interface GuardParts extends AskingParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly announcer: Announcer;
  readonly enforcement: Enforcement;
  /** Hears of a jail whose bans are held back from now on, or no longer. */
  readonly held?: ((jail: Jail) => void) | undefined;
}

export class Guard {
  readonly #parts: GuardParts;
  readonly #asking: Asking;
  #timer: NodeJS.Timeout | undefined;
  #lastDecisionMs = 0;

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#asking = new Asking(parts, (outcomes, nowMs) => this.#settle(outcomes, nowMs));
  }

  /** When somebody was banned or let off last, milliseconds since the epoch. */
  get lastDecisionMs(): number {
    return this.#lastDecisionMs;
  }

  /** Takes back bans and counts from the store; the bans reach the kernel with the start of the enforcement. */
  restore(): void {
    const { jails, store } = this.#parts;
    this.#takeBack([...jails], (bans) => bans);
    for (const { key, heard } of store.waiting.all()) this.#asking.askAgain(key, heard);
    const nowMs = this.#parts.clock.now();
    for (const [jail, sinceMs] of changedJails(jails, store, this.#parts.ledger, nowMs))
      jail.breaker.watch(sinceMs);
  }

  /** A jail begins while the others run: takes back what the store kept of it, and the effects follow. */
  revive(jail: Jail): void {
    this.watch(jail);
    const own = (bans: readonly Ban[]): readonly Ban[] => bans.filter((ban) => ban.jail === jail.name);
    this.#takeBack([jail], own, (outcomes) => this.#enforce(outcomes));
  }

  /** What judges in a jail has changed: too many bans soon after are held back. */
  watch(jail: Jail): void {
    const { clock, store, ledger, held } = this.#parts;
    jail.breaker.watch(clock.now());
    changedJails([jail], store, ledger, clock.now());
    held?.(jail);
  }

  /** The bans of a jail that are held back are right; gives how many follow. */
  release(jail: Jail): number {
    const nowMs = this.#parts.clock.now();
    const outcomes = this.#parts.jails.release(jail, nowMs);
    this.#settle(outcomes, nowMs);
    this.#parts.held?.(jail);
    return outcomes.filter((outcome) => isBanOf(outcome, jail.name)).length;
  }

  /** A jail goes: its bans are lifted. The store keeps them, for the jail may come back before they end. */
  retire(jail: Jail): void {
    const decisions = jail.bans.clear(this.#parts.clock.now(), 'jail-gone');
    this.#follow(decisions.map((decision): Outcome => ({ kind: 'decided', decision })));
    this.#schedule();
  }

  /** Page by page: of a million bans no more than a thousand are told of twice. */
  #takeBack(
    among: readonly Jail[],
    choose: (bans: readonly Ban[]) => readonly Ban[],
    follow: (outcomes: readonly Outcome[]) => void = () => undefined,
  ): void {
    const nowMs = this.#parts.clock.now();
    for (const page of this.#parts.store.bans.current()) {
      const outcomes = choose(page).map((kept) => decided(this.#restored(kept, nowMs)));
      const ended = outcomes.filter(
        (outcome) => outcome.kind === 'decided' && outcome.decision.kind === 'unban',
      );
      if (ended.length > 0) this.#parts.ledger.commit(ended, nowMs);
      for (const outcome of outcomes) this.#parts.announcer.tell(outcome);
      follow(outcomes);
    }
    for (const jail of among) this.#restoreCounts(jail, nowMs);
    this.#schedule();
  }

  /** A ban that the store kept is on again, or has ended meanwhile. */
  #restored(kept: Ban, nowMs: number): Decision {
    const jail = this.#parts.jails.get(kept.jail);
    return (
      jail?.bans.restore(kept, nowMs) ?? {
        kind: 'unban',
        jail: kept.jail,
        target: kept.target,
        atMs: nowMs,
        why: jail === undefined ? 'jail-gone' : 'expired',
      }
    );
  }

  /** Takes what the worker heard: counts, decides, writes, then lets the effects follow. */
  take(batch: Batch): void {
    const nowMs = this.#parts.clock.now();
    this.#settle(this.#parts.jails.take(batch, nowMs), nowMs, batch);
  }

  /** Counts failures that somebody tells of by hand, as if they had been heard. */
  attempt(jail: Jail, matches: readonly Match[]): void {
    const nowMs = this.#parts.clock.now();
    const way = jail.options.watch.backend;
    const heard = matches.map((match) => ({ jail: jail.name, way, match }));
    const [first] = matches;
    if (first !== undefined) this.#parts.announcer.tellAttempt(jail.name, first.id, first.timeMs);
    const outcomes = heard.flatMap((each) => this.#parts.jails.hear(each, nowMs, true));
    this.#settle(outcomes, nowMs, undefined, 'counted');
  }

  /** Bans by hand; gives the ban, `prolongs` where it was on already; undefined where that changes nothing. */
  ban(jail: Jail, target: string, forSeconds: number | undefined): Ban | undefined {
    const nowMs = this.#parts.clock.now();
    const ended = jail.bans.expire(nowMs);
    const ban = jail.bans.takeByHand(target, forSeconds, nowMs);
    this.#decide([...ended, ...(ban === undefined ? [] : [ban])], nowMs);
    return ban;
  }

  /** Lifts bans of `target`, or inside it, in the given jails; gives those that were lifted. */
  lift(target: string, among: Iterable<Jail>): readonly Unban[] {
    return this.#liftThese([target], [...among]);
  }

  #liftThese(targets: readonly string[], jails: readonly Jail[]): readonly Unban[] {
    const nowMs = this.#parts.clock.now();
    const ended = jails.flatMap((jail) => jail.bans.expire(nowMs));
    const lifted = targets.flatMap((target) => jails.flatMap((jail) => jail.lift(target, nowMs)));
    this.#decide([...ended, ...lifted], nowMs);
    // Also where no ban was lifted: what was counted must not come back with a restart.
    this.#parts.ledger.note(() => {
      for (const target of targets)
        for (const jail of jails)
          for (const id of jail.idsOf(target)) this.#parts.store.failures.forget(jail.name, id);
    });
    return lifted.filter(isUnban);
  }

  /** Lifts every ban of the given jails; gives those that were lifted. Actions may undo a jail's in one step. */
  async liftAll(among: Iterable<Jail>): Promise<readonly Unban[]> {
    const lifted: Unban[] = [];
    for (const jail of among) {
      lifted.push(...this.#liftJail(jail));
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#schedule();
    return lifted;
  }

  #liftJail(jail: Jail): readonly Unban[] {
    const { clock, ledger, store, enforcement, announcer } = this.#parts;
    const nowMs = clock.now();
    const targets = [...jail.bans.targets];
    for (const target of targets) jail.forget(target);
    const unbans = jail.bans.clear(nowMs, 'hand');
    for (let at = 0; at < unbans.length; at += MOST_IN_TRANSACTION) {
      const some = unbans.slice(at, at + MOST_IN_TRANSACTION);
      ledger.commit(some.map(decided), nowMs);
      ledger.note(() => {
        for (const { target } of some)
          for (const id of jail.idsOf(target)) store.failures.forget(jail.name, id);
      });
    }
    for (const { effect } of enforcement.of(jail.name))
      if (effect.liftAll === undefined) effect.follow(unbans);
      else effect.liftAll(unbans);
    for (const unban of unbans) announcer.tell(decided(unban));
    return unbans;
  }

  /** The clock was set: what is over by it ends now, and the kernel learns anew how long the others last. */
  async clockJumped(): Promise<void> {
    this.#expire();
    await this.#parts.enforcement.renew(() => this.#parts.jails.bans());
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Writes, then lets follow what follows, told but for one kind; what waits for a name is asked for. */
  #settle(outcomes: readonly Outcome[], nowMs: number, batch?: Batch, untold?: Outcome['kind']): void {
    this.#parts.ledger.commit(outcomes, nowMs, batch);
    this.#follow(outcomes, untold);
    for (const outcome of outcomes) {
      if (outcome.kind === 'waiting' || outcome.kind === 'asking') this.#asking.ask(outcome);
      else if (outcome.kind === 'held' && outcome.isFirst) this.#tellHeld(outcome.ticket.jail);
    }
    if (!outcomes.some((outcome) => outcome.kind === 'decided')) return;
    this.#lastDecisionMs = nowMs;
    this.#schedule();
  }

  #tellHeld(name: string): void {
    const jail = this.#parts.jails.get(name);
    if (jail !== undefined) this.#parts.held?.(jail);
  }

  #expire(): void {
    const nowMs = this.#parts.clock.now();
    this.#decide(this.#parts.jails.expire(nowMs), nowMs);
    this.#schedule();
  }

  #decide(decisions: readonly Decision[], nowMs: number): void {
    const outcomes = decisions.map(decided);
    this.#parts.ledger.commit(outcomes, nowMs);
    this.#follow(outcomes);
    this.#schedule();
  }

  #follow(outcomes: readonly Outcome[], untold?: Outcome['kind']): void {
    this.#enforce(outcomes);
    for (const outcome of outcomes) if (outcome.kind !== untold) this.#parts.announcer.tell(outcome);
  }

  #enforce(outcomes: readonly Outcome[]): void {
    const byJail = new Map<string, Decision[]>();
    for (const outcome of outcomes) {
      if (outcome.kind === 'banned-already')
        for (const { effect } of this.#parts.enforcement.of(outcome.ban.jail))
          effect.hit?.(outcome.ban, outcome.timeMs);
      if (outcome.kind !== 'decided') continue;
      const decisions = byJail.get(outcome.decision.jail) ?? [];
      decisions.push(outcome.decision);
      byJail.set(outcome.decision.jail, decisions);
    }
    for (const [jail, decisions] of byJail)
      for (const { effect } of this.#parts.enforcement.of(jail)) effect.follow(decisions);
  }

  #restoreCounts(jail: Jail, nowMs: number): void {
    const sinceMs = nowMs - jail.options.failure.findtimeSeconds * 1000;
    for (const failure of this.#parts.store.failures.open(jail.name, sinceMs)) jail.failures.restore(failure);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const nextMs = this.#parts.jails.nextEndMs();
    if (nextMs === undefined) return;
    const delayMs = Math.min(Math.max(0, nextMs - this.#parts.clock.now()), LONGEST_DELAY_MS);
    this.#timer = setTimeout(() => this.#expire(), delayMs);
  }
}

function isBanOf(outcome: Outcome, jail: string): boolean {
  return outcome.kind === 'decided' && outcome.decision.kind === 'ban' && outcome.decision.jail === jail;
}

function isUnban(decision: Decision): decision is Unban {
  return decision.kind === 'unban';
}

function decided(decision: Decision): Outcome {
  return { kind: 'decided', decision };
}
