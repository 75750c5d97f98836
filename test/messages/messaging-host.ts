/**
 * A host that sends messages, without a daemon of its own: real store, ledger and senders, a clock that is set.
 * Takes bans with their evidence; runs the senders' steps as their time comes.
 */
import type { ActionOptions } from '../../src/action/options.js';
import { httpsExchange } from '../../src/action/report/https-exchange.js';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import { Messages } from '../../src/daemon/sending/messages.js';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import { Outgoing } from '../../src/daemon/sending/outgoing.js';
import type { JailOptions } from '../../src/jail/options.js';
import { SetClock } from '../../src/lib/clock.js';
import { Log } from '../../src/lib/log.js';
import { Store } from '../../src/store/store.js';
import { jailOptions } from '../jail/jail-options.js';
import { outcomesOf } from '../reports/reporting-host.js';

/** Some noon in the zone of the host, so that times of day mean the same everywhere. */
export const NOON_MS = new Date(2026, 10, 22, 12, 0, 0).getTime();

export interface MessagingWords {
  readonly path?: string;
  readonly off?: string;
  readonly most?: number;
  readonly rate?: number;
  readonly smtpPort?: number;
  readonly whois?: string;
  readonly startStop?: boolean;
}

interface Planned {
  readonly atMs: number;
  readonly run: () => Promise<void>;
}

export class MessagingHost {
  readonly clock = new SetClock(NOON_MS);
  readonly store: Store;
  readonly notices = new NoticeBoard(new Log('critical', []));
  readonly messages: Messages;
  readonly #ledger: Ledger;
  readonly #outgoing: Outgoing;
  readonly #planned = new Set<Planned>();

  constructor({
    path = ':memory:',
    off,
    most = 10_000,
    rate = 20,
    smtpPort = 1,
    whois,
    startStop = false,
  }: MessagingWords) {
    this.store = new Store(path);
    this.messages = new Messages({
      store: this.store,
      notices: this.notices,
      clock: this.clock,
      off,
      most,
      settings: {
        mailStartStop: startStop,
        mailer: 'smtp',
        smtpHost: `127.0.0.1:${smtpPort}`,
        mailRate: rate,
        whoisServer: whois,
      },
      host: 'mx.example',
      exchange: httpsExchange(),
      timer: (delayMs, run) => {
        const planned = { atMs: this.clock.now() + delayMs, run };
        this.#planned.add(planned);
        return () => this.#planned.delete(planned);
      },
    });
    this.#outgoing = new Outgoing(this.store, [this.messages]);
    this.#ledger = new Ledger(this.store, () => undefined, this.#outgoing);
  }

  /** Takes jails by name with their actions; gives them. */
  use(
    jails: Readonly<Record<string, readonly ActionOptions[]>>,
    rest: Partial<JailOptions> = {},
  ): readonly JailOptions[] {
    const options = Object.entries(jails).map(([name, actions]) =>
      jailOptions(name, {}, { actions, ...rest }),
    );
    this.#outgoing.use(options);
    return options;
  }

  /** A ban as the jail decides it, and what the effects do on it. */
  ban(address: string, given: Partial<Parameters<typeof outcomesOf>[0]> = {}, untilMs?: number | null): void {
    const outcomes = outcomesOf({ jail: 'sshd', address, ...given }, this.clock.now()).map((outcome) =>
      outcome.kind === 'decided' && outcome.decision.kind === 'ban' && untilMs !== undefined
        ? { ...outcome, decision: { ...outcome.decision, untilMs: untilMs ?? undefined } }
        : outcome,
    );
    this.#ledger.commit(outcomes, this.clock.now());
  }

  decide(...outcomes: Parameters<Ledger['commit']>[0]): void {
    this.#ledger.commit(outcomes, this.clock.now());
  }

  /** Runs what the senders do up to a time, in order. */
  async runUntil(untilMs: number): Promise<void> {
    this.messages.flush();
    await this.#play(untilMs);
  }

  /** The same, without sending what is held back. */
  async playUntil(untilMs: number): Promise<void> {
    await this.#play(untilMs);
  }

  async #play(untilMs: number): Promise<void> {
    for (;;) {
      // Promises that are kept already have their say first.
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = [...this.#planned].sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#planned.delete(next);
      this.clock.advanceTo(next.atMs);
      await next.run();
    }
    this.clock.advanceTo(untilMs);
  }

  states(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { state } of this.store.outbox.newestOfAll(100_000)) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }
}
