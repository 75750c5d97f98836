/**
 * Builds the effects of every jail from its actions: one shared firewall, shell actions, and a told nothing for what is not
 * carried out.
 * Takes the jails and whether to enforce; gives the effects by jail. Does not decide.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../../action/effect.js';
import type { NftTransport } from '../../action/nft-transport.js';
import { NftablesEffect } from '../../action/nftables.js';
import type { Dropped } from '../../action/nftables-counters.js';
import { type NftablesJail, nftablesJail } from '../../action/nftables-options.js';
import { ObserveEffect } from '../../action/observe.js';
import { watchTable } from '../../action/nftables-watch.js';
import { OffEffect } from '../../action/off.js';
import type { ActionOptions } from '../../action/options.js';
import type { Ban } from '../../ban/ban.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { Outgoing } from '../sending/outgoing.js';
import { ShellActions, type ShellActionsOptions } from './shell-actions.js';

/** How soon a firewall that could not take other jails is asked again. */
const RETRY_MS = 1000;

export interface EnforcementOptions {
  readonly jails: readonly JailOptions[];
  /** Undefined = observe: no firewall is touched. */
  readonly transport: NftTransport | undefined;
  /** Whether to look out for somebody who wipes the table. */
  readonly isWatched: boolean;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  /** Undefined = no shell action runs. */
  readonly shell?: Pick<ShellActionsOptions, 'off' | 'surroundings'> | undefined;
  /** Undefined = nothing is reported. */
  readonly outgoing?: Pick<Outgoing, 'use' | 'effectOf'> | undefined;
}

export interface JailEffect {
  readonly action: ActionOptions;
  readonly effect: Effect;
}

/** What was built of a jail, and what it was built from. */
interface BuiltJail {
  readonly actions: readonly ActionOptions[];
  readonly ipv6prefix: number;
  readonly effects: readonly JailEffect[];
  readonly firewall: readonly NftablesJail[];
}

export class Enforcement {
  readonly #firewall: NftablesEffect | undefined;
  #firewallJails: readonly NftablesJail[] = [];
  readonly #notices: NoticeBoard;
  #byJail: ReadonlyMap<string, BuiltJail> = new Map();
  readonly #isWatched: boolean;
  readonly #shell: ShellActions | undefined;
  readonly #outgoing: EnforcementOptions['outgoing'];
  #watch: { close(): void } | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor({ jails, transport, isWatched, notices, clock, shell, outgoing }: EnforcementOptions) {
    this.#outgoing = outgoing;
    this.#isWatched = isWatched;
    this.#notices = notices;
    this.#shell = shell && new ShellActions({ ...shell, notices, clock });
    this.#firewall =
      transport &&
      new NftablesEffect({
        transport,
        clock,
        tell: ({ effect, level, event, text }) => notices.post(level, effect, event, text),
      });
    this.#build(jails);
  }

  /** The actions of a jail with their effects, in the order of the configuration. */
  of(jail: string): readonly JailEffect[] {
    return this.#byJail.get(jail)?.effects ?? [];
  }

  /** Packets that the firewall has shut out for a jail, by set, as of the last `count`. */
  droppedOf(jail: string): readonly Dropped[] {
    return this.#firewall?.droppedOf(jail) ?? [];
  }

  /** Asks the kernel how many packets were shut out. */
  async count(): Promise<void> {
    await this.#firewall?.refresh();
  }

  /** Puts the bans that hold now into the kernel, and has the actions begin. @throws BailiffError `action.nft-*` where enforcing is impossible. */
  async start(bans: () => Iterable<Ban>): Promise<void> {
    const firewall = this.#firewall;
    if (firewall === undefined) return;
    // Before the table is written: whoever takes it away at once is heard too.
    if (this.#isWatched) this.#watch = await watchTable((seen) => void firewall.suspect(seen));
    await firewall.start(this.#firewallJails, bans());
    this.#shell?.begin(bans());
  }

  /**
   * Takes other jails, and puts the bans that hold now into the kernel in place of what was there: one transaction, so
   * that nobody who is banned gets in meanwhile. What cannot be written is told, and tried again. Shell actions that are
   * no more undo what they did; new ones carry out the bans that hold; at a reload those that stay are told.
   */
  async reconfigure(
    jails: readonly JailOptions[],
    bans: () => Iterable<Ban>,
    isReload: boolean,
  ): Promise<void> {
    const before = this.#firewallJails;
    this.#build(jails);
    if (this.#firewall === undefined) return;
    if (isReload) this.#shell?.reloaded();
    this.#shell?.begin(bans());
    if (isDeepStrictEqual(before, this.#firewallJails)) return;
    clearTimeout(this.#retry);
    await this.#rewrite(this.#firewall, bans);
  }

  /** The clock was set: elements go when the bans that hold now end by it, neither before nor after. */
  async renew(bans: () => Iterable<Ban>): Promise<void> {
    if (this.#firewall !== undefined) await this.#rewrite(this.#firewall, bans);
  }

  async #rewrite(firewall: NftablesEffect, bans: () => Iterable<Ban>): Promise<void> {
    try {
      await firewall.start(this.#firewallJails, bans());
    } catch (error) {
      this.#notices.post('alarm', firewall.name, 'reconfigure', messageOf(error));
      this.#retry = setTimeout(() => void this.#rewrite(firewall, bans), RETRY_MS);
    }
  }

  /** Ends; bans stay in the kernel unless they are to be `lifted`. What shell actions did is undone always. */
  async close(lifted: boolean): Promise<void> {
    clearTimeout(this.#retry);
    this.#watch?.close();
    const shell = this.#shell?.close();
    if (lifted) await this.#firewall?.lift();
    else await this.#firewall?.close();
    await shell;
  }

  /** A jail whose actions stay as they were keeps its effects. */
  #build(jails: readonly JailOptions[]): void {
    const kept = new Map(
      jails.flatMap((jail) => {
        const known = this.#byJail.get(jail.name);
        return known !== undefined && isBuiltFor(known, jail) ? [[jail.name, known]] : [];
      }),
    );
    for (const name of this.#byJail.keys()) if (!kept.has(name)) this.#shell?.retire(name);
    this.#outgoing?.use(jails);
    this.#byJail = new Map(jails.map((jail) => [jail.name, kept.get(jail.name) ?? this.#buildJail(jail)]));
    this.#shell?.tellOff(jails);
    this.#firewallJails = [...this.#byJail.values()].flatMap(({ firewall }) => firewall);
  }

  #buildJail(jail: JailOptions): BuiltJail {
    const firewall: NftablesJail[] = [];
    const effects = jail.actions.map((action) => ({
      action,
      effect: this.#effectOf(jail, action, firewall),
    }));
    return { actions: jail.actions, ipv6prefix: jail.ban.ipv6prefix, effects, firewall };
  }

  #effectOf(jail: JailOptions, action: ActionOptions, firewall: NftablesJail[]): Effect {
    switch (action.native) {
      case 'nftables':
        return this.#firewallOf(jail, action, firewall);
      case undefined:
        return this.#shell?.effectOf(jail, action) ?? new OffEffect(action.name, 'shell actions are not run');
      default:
        return this.#outgoing?.effectOf(jail, action) ?? new OffEffect(action.name, 'nothing is sent');
    }
  }

  #firewallOf(jail: JailOptions, action: ActionOptions, firewall: NftablesJail[]): Effect {
    if (this.#firewall === undefined) return new ObserveEffect();
    try {
      firewall.push(nftablesJail(jail.name, action, jail.ban.ipv6prefix));
      return this.#firewall;
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      this.#notices.post('alarm', jail.name, 'action', messageOf(error));
      return new OffEffect(action.name, messageOf(error));
    }
  }
}

function isBuiltFor(built: BuiltJail, { actions, ban }: JailOptions): boolean {
  return built.ipv6prefix === ban.ipv6prefix && isDeepStrictEqual(built.actions, actions);
}
