/**
 * What leaves the host because of bans: one kind for each native action that sends (reports; mails and
 * webhooks). Takes bans from the ledger, in their transaction, and jails from the enforcement; hands them to each kind.
 */
import type { Effect } from '../../action/effect.js';
import type { ActionOptions } from '../../action/options.js';
import type { Ban, Unban } from '../../ban/ban.js';
import type { JailOptions } from '../../jail/options.js';
import type { Store } from '../../store/store.js';

export interface OutgoingKind {
  /** The `native` of its actions. */
  readonly natives: readonly string[];
  /** Takes the jails that run from now on. */
  use(jails: readonly JailOptions[]): void;
  /** The effect of one of its actions. */
  effectOf(jail: JailOptions, action: ActionOptions): Effect;
  /** Writes down what is due because of a ban, by its number in the store; runs in the ban's transaction. */
  banned(ban: Ban, number: number): void;
  /** Resolves when what is on its way has ended, or need not be waited for. */
  close(): void | Promise<void>;
}

export class Outgoing {
  readonly #store: Store;
  readonly #kinds: readonly OutgoingKind[];

  constructor(store: Store, kinds: readonly OutgoingKind[]) {
    this.#store = store;
    this.#kinds = kinds;
  }

  use(jails: readonly JailOptions[]): void {
    for (const kind of this.#kinds) kind.use(jails);
  }

  /** undefined = no kind carries this action out. */
  effectOf(jail: JailOptions, action: ActionOptions): Effect | undefined {
    return this.#kinds.find(({ natives }) => natives.includes(action.native ?? ''))?.effectOf(jail, action);
  }

  banned(ban: Ban, number: number): void {
    for (const kind of this.#kinds) kind.banned(ban, number);
  }

  /** Somebody was let off: what waits because of the ban is not sent. A ban whose time is up stays a deed. */
  lifted({ jail, target, atMs, why }: Unban): void {
    if (why !== 'hand' && why !== 'ignored') return;
    this.#store.outbox.cancel(jail, target, 'the ban was lifted first', atMs);
  }

  async close(): Promise<void> {
    for (const kind of this.#kinds) await kind.close();
  }
}
