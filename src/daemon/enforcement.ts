/**
 * Builds the effects of every jail from its actions: one shared firewall, and a told nothing for what is not carried out.
 * Takes the jails and whether to enforce; gives the effects by jail. Does not decide.
 */
import type { Effect } from '../action/effect.js';
import type { NftTransport } from '../action/nft-transport.js';
import { NftablesEffect } from '../action/nftables.js';
import { type NftablesJail, nftablesJail } from '../action/nftables-options.js';
import { ObserveEffect } from '../action/observe.js';
import { watchTable } from '../action/nftables-watch.js';
import { OffEffect } from '../action/off.js';
import type { ActionOptions } from '../action/options.js';
import type { Ban } from '../ban/ban.js';
import type { JailOptions } from '../jail/options.js';
import type { Clock } from '../lib/clock.js';
import { BailiffError, messageOf } from '../lib/errors.js';
import type { NoticeBoard } from './notice-board.js';

export interface EnforcementOptions {
  readonly jails: readonly JailOptions[];
  /** Undefined = observe: no firewall is touched. */
  readonly transport: NftTransport | undefined;
  /** Whether to look out for somebody who wipes the table. */
  readonly isWatched: boolean;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
}

export interface JailEffect {
  readonly action: ActionOptions;
  readonly effect: Effect;
}

export class Enforcement {
  readonly #firewall: NftablesEffect | undefined;
  readonly #firewallJails: NftablesJail[] = [];
  readonly #byJail = new Map<string, JailEffect[]>();
  readonly #isWatched: boolean;
  #watch: { close(): void } | undefined;

  constructor({ jails, transport, isWatched, notices, clock }: EnforcementOptions) {
    this.#isWatched = isWatched;
    this.#firewall =
      transport &&
      new NftablesEffect({
        transport,
        clock,
        tell: ({ effect, level, event, text }) => notices.post(level, effect, event, text),
      });
    for (const jail of jails) {
      const effects = jail.actions.map((action) => ({
        action,
        effect: this.#effectOf(jail, action, notices),
      }));
      this.#byJail.set(jail.name, effects);
    }
  }

  /** The actions of a jail with their effects, in the order of the configuration. */
  of(jail: string): readonly JailEffect[] {
    return this.#byJail.get(jail) ?? [];
  }

  /** Puts the bans that hold now into the kernel. @throws BailiffError `action.nft-*` where enforcing is impossible. */
  async start(bans: Iterable<Ban>): Promise<void> {
    const firewall = this.#firewall;
    if (firewall === undefined) return;
    await firewall.start(this.#firewallJails, bans);
    if (this.#isWatched) this.#watch = watchTable({ destroyed: (seen) => void firewall.suspect(seen) });
  }

  /** Ends; bans stay in the kernel unless they are to be `lifted`. */
  async close(lifted: boolean): Promise<void> {
    this.#watch?.close();
    if (lifted) await this.#firewall?.lift();
    else await this.#firewall?.close();
  }

  #effectOf(jail: JailOptions, action: ActionOptions, notices: NoticeBoard): Effect {
    switch (action.native) {
      case 'nftables':
        return this.#firewallOf(jail, action, notices);
      case undefined:
        return new OffEffect(action.name, 'a shell action: not run by this version');
      default:
        return new OffEffect(action.name, 'mail and reports are not sent by this version');
    }
  }

  #firewallOf(jail: JailOptions, action: ActionOptions, notices: NoticeBoard): Effect {
    if (this.#firewall === undefined) return new ObserveEffect();
    try {
      this.#firewallJails.push(nftablesJail(jail.name, action, jail.ban.ipv6prefix));
      return this.#firewall;
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      notices.post('alarm', jail.name, 'action', messageOf(error));
      return new OffEffect(action.name, messageOf(error));
    }
  }
}
