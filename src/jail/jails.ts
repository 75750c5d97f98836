/**
 * All jails together: hands each match to its jail, and each new ban to the jails that count bans (recidive).
 * Takes batches and commands; gives the outcomes in the order they happened. Does not write or enforce.
 */
import type { Ban, Decision } from '../ban/ban.js';
import type { Match } from '../filter/match.js';
import type { Batch, Heard } from './batch.js';
import { Jail, type JailSurroundings, type Outcome } from './jail.js';
import type { JailOptions } from './options.js';

const NOTHING: readonly Outcome[] = [];

export class Jails {
  readonly #byName = new Map<string, Jail>();
  readonly #surroundings: JailSurroundings;

  constructor(options: readonly JailOptions[], surroundings: JailSurroundings) {
    this.#surroundings = surroundings;
    for (const each of options) this.add(each);
  }

  /** Adds a jail behind the others, or begins one of that name anew. */
  add(options: JailOptions): Jail {
    const jail = new Jail(options, this.#surroundings);
    this.#byName.set(options.name, jail);
    return jail;
  }

  remove(name: string): void {
    this.#byName.delete(name);
  }

  /** Puts the jails into the order of `names`; those that are not named come last. */
  arrange(names: readonly string[]): void {
    const placeOf = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
    const sorted = [...this.#byName].sort(([one], [other]) => placeOf(one) - placeOf(other));
    this.#byName.clear();
    for (const [name, jail] of sorted) this.#byName.set(name, jail);
  }

  [Symbol.iterator](): Iterator<Jail> {
    return this.#byName.values();
  }

  /** Every ban that is on, jail by jail. */
  *bans(): Iterable<Ban> {
    for (const jail of this.#byName.values()) yield* jail.bans.current;
  }

  get(name: string): Jail | undefined {
    return this.#byName.get(name);
  }

  /** Takes what the worker heard; an unknown jail's matches (it was removed meanwhile) are dropped. */
  take(batch: Pick<Batch, 'heard'>, nowMs: number): readonly Outcome[] {
    return batch.heard.flatMap((heard) => this.hear(heard, nowMs));
  }

  /** Takes one match. `isAnswered`: `ignorecommand` has said that it counts. */
  hear({ jail: name, way, match }: Heard, nowMs: number, isAnswered = false): readonly Outcome[] {
    return this.#recounted(this.#byName.get(name)?.take(match, way, nowMs, isAnswered) ?? NOTHING, nowMs);
  }

  /** The bans of a jail that were held back follow. */
  release(jail: Jail, nowMs: number): readonly Outcome[] {
    return this.#recounted(jail.release(nowMs), nowMs);
  }

  /** With what follows in the jails that count bans. */
  #recounted(outcomes: readonly Outcome[], nowMs: number): readonly Outcome[] {
    // Of a hundred matches one decides something, if that.
    if (!outcomes.some(isDecided)) return outcomes;
    const bans = outcomes.flatMap((outcome) =>
      outcome.kind === 'decided' && outcome.decision.kind === 'ban' && outcome.decision.prolongs !== true
        ? [outcome.decision]
        : [],
    );
    return [...outcomes, ...bans.flatMap((ban) => this.#recount(ban, nowMs))];
  }

  /** Ends the bans whose time is up. */
  expire(nowMs: number): readonly Decision[] {
    return [...this.#byName.values()].flatMap((jail) => jail.bans.expire(nowMs));
  }

  /** When the next ban of any jail ends, milliseconds since the epoch. */
  nextEndMs(): number | undefined {
    const ends = [...this.#byName.values()].flatMap((jail) => jail.bans.nextEndMs() ?? []);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** A ban by a jail's own count is a failure in every jail that counts bans, except itself. */
  #recount(ban: Ban, nowMs: number): readonly Outcome[] {
    const match: Match = {
      kind: 'failure',
      id: ban.address ?? ban.target,
      address: ban.address,
      user: undefined,
      timeMs: ban.bannedAtMs,
      text: `[${ban.jail}] Ban ${ban.target}`,
      attempts: 1,
      spanSeconds: 0,
      expression: 0,
      // Two jails that ban one address at once are two bans, not two lines of one attempt.
      connection: `${ban.jail} ${ban.bannedAtMs}`,
      data: {},
    };
    return [...this.#byName.values()]
      .filter((jail) => jail.options.countsBans && jail.name !== ban.jail)
      .flatMap((jail) => jail.take(match, 'ban', nowMs));
  }
}

function isDecided(outcome: Outcome): boolean {
  return outcome.kind === 'decided';
}
