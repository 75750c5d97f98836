/**
 * The firewall: keeps nftables as the decisions of all guarded jails say, through one writer.
 * Takes decisions of any jail; gives its state. The first decision is written at once; what is decided while a
 * transaction is in flight goes into the next one. Does not decide, and leaves every other table alone.
 */
import type { Ban, Decision } from '../ban/ban.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { visible } from '../lib/visible-text.js';
import type { Effect, EffectState } from './effect.js';
import { type NftTransport, NftSpawn } from './nft-transport.js';
import { parseNetwork } from '../lib/address.js';
import { nftError } from './nftables-error.js';
import { type Dropped, droppedBySet } from './nftables-counters.js';
import { LeakWatch } from './nftables-leak.js';
import { NftablesList } from './nftables-list.js';
import type { NftablesJail } from './nftables-options.js';
import { removeTable } from './nftables-script.js';
import { NftablesWriter } from './nftables-writer.js';
import type { EffectNotice } from './notice.js';

export interface NftablesOptions {
  readonly tell: (notice: EffectNotice) => void;
  readonly transport?: NftTransport;
  readonly clock?: Clock;
}

export class NftablesEffect implements Effect {
  readonly name = 'nftables';
  readonly #tell: (notice: EffectNotice) => void;
  readonly #transport: NftTransport;
  readonly #clock: Clock;
  readonly #writer: NftablesWriter;
  readonly #leaks: LeakWatch;
  #list: NftablesList;
  #taken = 0;
  #foreign = 0;
  #dropped: readonly Dropped[] = [];

  constructor({ tell, transport = new NftSpawn(), clock = systemClock }: NftablesOptions) {
    this.#tell = tell;
    this.#transport = transport;
    this.#clock = clock;
    this.#list = new NftablesList([], clock);
    this.#leaks = new LeakWatch(clock);
    this.#writer = new NftablesWriter(transport, (level, event, text) =>
      tell({ effect: this.name, level, event, text: visible(text) }),
    );
  }

  /**
   * Puts the table into the kernel as `jails` and the bans that hold now say, in place of what was there.
   * Call it before `follow`; call it again to change the jails.
   * @throws BailiffError `action.nft-missing`, `action.nft-permission`, `action.nft-refused`.
   */
  async start(jails: readonly NftablesJail[], bans: Iterable<Ban>): Promise<void> {
    const list = new NftablesList(jails, this.#clock);
    for (const ban of bans) this.#take(list, ban);
    this.#list = list;
    const outcome = await this.#writer.start(list);
    this.#leaks.begin();
    if (outcome.kind !== 'applied') throw nftError(outcome);
  }

  follow(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      this.#take(this.#list, decision);
      if (decision.kind === 'ban') this.#leaks.note(decision);
    }
    this.#writer.wake();
  }

  /** Somebody banned is heard: if that cannot be a line in flight, an alarm names what lets him in. */
  hit(ban: Ban, atMs: number): void {
    const guards = this.#list.guardsOf(ban.jail);
    if (guards.length === 0) return;
    const text = this.#leaks.explain(ban, atMs, guards, this.#missing(ban));
    if (text === undefined) return;
    this.#tell({ effect: ban.jail, level: 'alarm', event: 'let-in', text: visible(text) });
    void this.#writer.suspect(false);
  }

  /** Why a ban is not in the kernel; undefined = it is, as far as is known. */
  #missing(ban: Ban): string | undefined {
    if (this.#writer.trouble !== undefined) return `${this.#writer.trouble}.`;
    if (parseNetwork(ban.target) === undefined) return 'it is banned by what is no address.';
    return this.#list.has(ban) ? undefined : 'nftables refused it, or took another ban out with it.';
  }

  settled(): Promise<void> {
    return this.#writer.settled();
  }

  state(): EffectState {
    const queued = this.#list.pending + this.#writer.inFlight;
    const failed = this.#foreign + this.#writer.refused;
    return {
      state: this.#writer.trouble === undefined ? 'working' : 'failing',
      detail: this.#writer.trouble ?? `table inet bailiff holds ${this.#list.size} elements`,
      queued,
      done: Math.max(0, this.#taken - queued - failed),
      failed,
    };
  }

  /** Packets shut out, by set, as they were at the last `refresh`. */
  droppedOf(jail: string): readonly Dropped[] {
    const names = new Set([...this.#list.sets].flatMap((set) => (set.jail === jail ? [set.name] : [])));
    return this.#dropped.filter(({ set }) => names.has(set));
  }

  /** Asks the kernel how many packets were shut out. */
  async refresh(): Promise<void> {
    const text = await this.#transport.listChain?.();
    if (text !== undefined) this.#dropped = droppedBySet(text);
  }

  /** For `watchTable`: if someone else destroyed the table, it is written anew. */
  suspect(seen: boolean): Promise<void> {
    return this.#writer.suspect(seen);
  }

  /** Ends after what was taken is written; the bans stay in the kernel. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  /** Ends and takes the table away, and every ban with it. */
  async lift(): Promise<void> {
    await this.#writer.close();
    const outcome = await this.#transport.run(removeTable());
    if (outcome.kind !== 'applied') throw nftError(outcome);
  }

  #take(list: NftablesList, decision: Decision): void {
    const result = list.apply(decision);
    if (result === 'other') return;
    this.#taken += 1;
    if (result === 'applied' || decision.kind === 'unban') return;
    this.#foreign += 1;
    const text = `[${decision.jail}] \`${decision.target}\` is no address: nftables cannot keep it out.`;
    this.#tell({ effect: this.name, level: 'warning', event: 'no-address', text: visible(text) });
  }
}
