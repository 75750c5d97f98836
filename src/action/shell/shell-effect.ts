/**
 * An action of `action.d` whose commands a shell runs: one queue, one command at a time, in the order of the decisions.
 * Takes the decisions of one jail; gives its state. Knows which bans it has carried out, so that it can lift them.
 * Commands of one definition take turns among all jails; nothing else ever waits for them.
 */
import type { Ban, Decision, Unban } from '../../ban/ban.js';
import type { Clock } from '../../lib/clock.js';
import type { Effect, EffectState } from '../effect.js';
import type { EffectNotice } from '../notice.js';
import type { ShellFamily, ShellOptions, ShellPhase } from '../options.js';
import { fillCommand } from './command.js';
import { ShellFailures } from './failures.js';
import { ShellPhases } from './phases.js';
import { notStarted, runShell } from './run-shell.js';
import type { ShellSurroundings } from './surroundings.js';
import { familyOfBan, tagText } from './tags.js';
import type { Turns } from './turns.js';

export interface ShellEffectOptions {
  readonly jail: string;
  /** The action's name in the jail. */
  readonly name: string;
  readonly shell: ShellOptions;
  /** What `<bantime>` is where no ban is. */
  readonly bantimeSeconds: number;
  /** So many hits of somebody banned are a reason to look whether the ban still stands. */
  readonly hitsToCheck: number;
  readonly surroundings: ShellSurroundings;
  readonly turns: Turns;
  readonly clock: Clock;
  /** The first command waits for this: the end of what the action replaces. */
  readonly after?: Promise<void> | undefined;
  readonly tell: (notice: EffectNotice) => void;
}

/** A ban that the action carries out. */
interface Held {
  ban: Ban;
  /** What the phases' epoch was when it was carried out last. */
  epoch: number;
  hits: number;
  /** Whether a look at it waits already. */
  isAsked: boolean;
}

type Job =
  | { readonly kind: 'ban' | 'unban' | 'reban' | 'recheck'; readonly held: Held }
  | { readonly kind: 'prolong'; readonly ban: Ban }
  | { readonly kind: 'start' | 'reload' | 'stop' }
  | { readonly kind: 'lift'; readonly held: readonly Held[] };

const MOST_WAITING = 100_000;
/** So many wait with the lines that their ban rests on; the others ask the store for them. */
const MOST_WITH_LINES = 1000;
/** A line in flight is no sign that a ban was lost, and a check is not repeated sooner (Fail2Ban's times). */
const CHECK_AFTER_MS = 3000;

export class ShellEffect implements Effect {
  readonly name: string;
  readonly #options: ShellEffectOptions;
  readonly #phases: ShellPhases<Ban>;
  readonly #failures: ShellFailures;
  readonly #held = new Map<string, Held>();
  readonly #abort = new AbortController();
  readonly #idle: (() => void)[] = [];
  readonly #queue: Job[] = [];
  #now: Job | undefined;
  #isWorking = false;
  #isLost = false;
  #done = 0;
  #failed = 0;
  #dropped = 0;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ShellEffectOptions) {
    this.name = options.name;
    this.#options = options;
    this.#failures = new ShellFailures(options.jail, options.name, options.tell);
    this.#phases = new ShellPhases<Ban>(options.shell, (phase, family, ban) => this.#run(phase, family, ban));
  }

  /** Starts the action, unless it starts on demand, then carries out the bans that hold. */
  start(bans: readonly Ban[]): void {
    this.#add({ kind: 'start' });
    this.follow(bans);
  }

  follow(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'ban') this.#ban(decision);
      else {
        const held = this.#take(decision);
        if (held !== undefined) this.#add({ kind: 'unban', held });
      }
    }
  }

  hit(ban: Ban, atMs: number): void {
    const held = this.#held.get(ban.target);
    if (held === undefined || held.isAsked) return;
    held.hits += 1;
    if (held.hits < this.#options.hitsToCheck) return;
    held.hits = 0;
    const isLost = held.epoch < this.#phases.epoch;
    const nowMs = this.#options.clock.now();
    const isSoon = atMs - ban.bannedAtMs <= CHECK_AFTER_MS || nowMs - this.#checkedAtMs <= CHECK_AFTER_MS;
    if (isSoon && !isLost) return;
    if (!isLost) this.#checkedAtMs = nowMs;
    held.isAsked = true;
    this.#add({ kind: isLost ? 'reban' : 'recheck', held });
  }

  liftAll(unbans: readonly Unban[]): void {
    const held = unbans.flatMap((unban) => this.#take(unban) ?? []);
    if (held.length > 0) this.#add({ kind: 'lift', held });
  }

  /** After a reading of the configuration that left the action as it is. */
  reload(): void {
    this.#add({ kind: 'reload' });
  }

  settled(): Promise<void> {
    if (!this.#isWorking) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  state(): EffectState {
    const { last } = this.#failures;
    const detail = `runs \`${this.#options.shell.definition}\` in a shell`;
    return {
      state: last === undefined ? 'working' : 'failing',
      detail: last === undefined ? detail : `${detail}; ${last}`,
      queued: this.#queue.length + (this.#isWorking ? 1 : 0),
      done: this.#done,
      failed: this.#failed + this.#dropped,
    };
  }

  /** Lifts every ban that it carries out: the first half of the end. */
  lift(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    if (held.length > 0) this.#add({ kind: 'lift', held });
    return this.settled();
  }

  /** Runs `actionstop` after what waits: the second half. */
  close(): Promise<void> {
    this.#add({ kind: 'stop' });
    return this.settled();
  }

  /** Ends at once: the command that runs is killed, what waits is given up and told. */
  giveUp(): void {
    if (!this.#isWorking) return;
    this.#isLost = true;
    const undone = this.#now === undefined ? this.#queue : [this.#now, ...this.#queue];
    const left = undone.reduce((sum, job) => sum + (job.kind === 'lift' ? job.held.length : 1), 0);
    this.#queue.length = 0;
    this.#abort.abort();
    this.#failures.unfinished(left);
  }

  #ban(ban: Ban): void {
    if (ban.origin === 'restored' && !this.#options.shell.runsRestored) return;
    const held = this.#held.get(ban.target);
    if (held !== undefined) {
      const isLonger = (ban.untilMs ?? Infinity) > (held.ban.untilMs ?? Infinity);
      held.ban = ban;
      if (isLonger) this.#add({ kind: 'prolong', ban });
      return;
    }
    // One that was kept over a restart, and is not carried out.
    if (ban.prolongs === true) return;
    if (this.#queue.length >= MOST_WAITING) {
      this.#dropped += 1;
      // Told for the first, then at every doubling.
      if ((this.#dropped & (this.#dropped - 1)) === 0) this.#failures.overflow(this.#dropped);
      return;
    }
    const isSoon = this.#queue.length < MOST_WITH_LINES;
    const taken: Held = { ban: isSoon ? ban : withoutLines(ban), epoch: 0, hits: 0, isAsked: false };
    this.#held.set(ban.target, taken);
    this.#add({ kind: 'ban', held: taken });
    // As Fail2Ban's: first as any ban, then what the earlier ones add to it.
    const isGrown = ban.isGrown === true && ban.origin !== 'restored';
    if (isGrown && this.#options.shell.commands.prolong[familyOfBan(ban)] !== '')
      this.#add({ kind: 'prolong', ban });
  }

  #take({ target }: Unban): Held | undefined {
    const held = this.#held.get(target);
    this.#held.delete(target);
    return held;
  }

  #add(job: Job): void {
    if (this.#isLost) return;
    this.#queue.push(job);
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    const { definition } = this.#options.shell;
    await this.#options.after;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      const next = job;
      await this.#options.turns.take(definition, () => this.#do(next));
    }
    this.#isWorking = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #do(job: Job): Promise<void> {
    this.#now = job;
    const isDone = await this.#carryOut(job);
    this.#now = undefined;
    if (isDone) {
      this.#done += 1;
      this.#failures.clear();
    } else this.#failed += 1;
  }

  #carryOut(job: Job): Promise<boolean> {
    switch (job.kind) {
      case 'start':
        return this.#phases.start();
      case 'reload':
        return this.#phases.reload();
      case 'stop':
        return this.#phases.stop();
      case 'ban':
      case 'reban':
        return this.#again(job.held, job.kind);
      case 'prolong':
        return this.#phases.prolong(job.ban, familyOfBan(job.ban));
      case 'unban':
        return this.#phases.unban(job.held.ban, familyOfBan(job.held.ban));
      case 'recheck':
        return this.#recheck(job.held);
      case 'lift':
        return this.#liftEach(job.held);
    }
  }

  async #again(held: Held, phase: 'ban' | 'reban'): Promise<boolean> {
    const { ban } = held;
    held.isAsked = false;
    const isDone = await this.#phases[phase](ban, familyOfBan(ban));
    held.ban = withoutLines(held.ban);
    if (isDone) held.epoch = this.#phases.epoch;
    return isDone;
  }

  async #recheck(held: Held): Promise<boolean> {
    held.isAsked = false;
    const isWell = await this.#phases.check();
    return held.epoch < this.#phases.epoch ? this.#again(held, 'reban') : isWell;
  }

  /** One command in the place of all, where the action has one and it works. */
  async #liftEach(all: readonly Held[]): Promise<boolean> {
    if (this.#phases.hasFlush && (await this.#phases.flush())) return true;
    let isWell = true;
    for (const { ban } of all) {
      if (this.#isLost) return false;
      isWell = (await this.#phases.unban(ban, familyOfBan(ban))) && isWell;
    }
    return isWell;
  }

  async #run(phase: ShellPhase, family: ShellFamily, ban: Ban | undefined): Promise<boolean> {
    const { jail, shell, bantimeSeconds, clock, surroundings } = this.#options;
    const command = shell.commands[phase][family];
    if (command === '') return true;
    if (this.#isLost) return false;
    const subject = { jail, ban, bantimeSeconds, nowMs: clock.now(), surroundings };
    const limits = { timeoutMs: shell.timeoutSeconds * 1000, signal: this.#abort.signal };
    const outcome = await fillCommand(command, (tag) => tagText(tag, subject)).then(
      (filled) => runShell(filled, limits),
      // A store that cannot be read must not take the daemon down.
      notStarted,
    );
    const isWell = outcome.kind === 'ended' && outcome.status === 0;
    if (!isWell && !this.#isLost) this.#failures.note(phase, ban?.target, outcome, shell.timeoutSeconds);
    return isWell;
  }
}

/** What its commands may still ask of its lines is in the store: there may be a hundred thousand bans. */
function withoutLines(ban: Ban): Ban {
  return ban.evidence === undefined ? ban : { ...ban, evidence: undefined, data: undefined };
}
