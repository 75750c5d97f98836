/**
 * One route of messages that runs: courier, dispatcher and sender over the store, and what is told of it.
 * Takes the route; sends what is due of it. What it cannot send waits on disk.
 */
import type { EffectState } from '../../action/effect.js';
import { MessageCourier } from '../../action/message/message-courier.js';
import { writePayload } from '../../action/message/payload.js';
import { Dispatcher } from '../../action/outbox/dispatcher.js';
import { OutboxSender, type Timer } from '../../action/outbox/sender.js';
import type { WhoisAnswer } from '../../action/whois/whois.js';
import type { Clock } from '../../lib/clock.js';
import type { Store } from '../../store/store.js';
import type { MessageRoute } from './message-routes.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import { ReportNotices } from './report-notices.js';

/** Before every ban. */
const NOTICE_WEIGHT = 1_000_000;
const NOTICE_AGE_MS = 86_400_000;

export interface RunningRouteParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly notices: NoticeBoard;
  readonly host: string;
  readonly whois: ((address: string) => WhoisAnswer) | undefined;
  readonly sharing: () => readonly string[];
  readonly timer?: Timer | undefined;
}

export class RunningRoute {
  readonly route: MessageRoute;
  readonly told: ReportNotices;
  readonly #parts: RunningRouteParts;
  readonly #dispatcher: Dispatcher;
  readonly #sender: OutboxSender;

  constructor(route: MessageRoute, parts: RunningRouteParts, ended: Promise<void> | undefined) {
    this.route = route;
    this.#parts = parts;
    const { store, clock, host, whois, sharing } = parts;
    this.told = new ReportNotices(route.courier, parts.notices, 'messages');
    const courier = new MessageCourier({
      kind: route.courier,
      carrier: route.carrier(),
      rate: route.rate,
      host,
      linesOf: ({ ban }) => (ban === undefined ? [] : store.failures.ofBan(ban).map(({ text }) => text)),
      whois,
      memory: store.outbox.memory(route.courier),
    });
    this.#dispatcher = new Dispatcher({
      courier,
      outbox: store.outbox,
      transaction: (work) => store.transaction(work),
      clock,
      events: this.told,
      sharing,
    });
    this.#sender = new OutboxSender(
      this.#dispatcher,
      () => clock.now(),
      (text) => this.told.fault(text),
      parts.timer,
    );
    // Two senders of one route never send at once.
    void (ended ?? Promise.resolve()).then(() => this.wake());
  }

  wake(): void {
    this.#sender.wake(this.#parts.clock.now());
  }

  /** Sends what waits without its delay, and without waiting after a fault; gives how many were held back. */
  flush(): number {
    const { store, clock } = this.#parts;
    const hastened = store.transaction(() => store.outbox.hasten(this.route.courier, clock.now()));
    this.#dispatcher.hurry();
    this.wake();
    return hastened;
  }

  state(jail?: string): EffectState {
    const { done, failed, trouble } = this.told;
    const queued = this.#queued(jail);
    const { courier } = this.route;
    if (trouble !== undefined)
      return { state: 'failing', detail: `${courier}: ${trouble}; tried again`, queued, done, failed };
    return { state: 'working', detail: courier, queued, done, failed };
  }

  /** Writes down something else to be told than a ban; without a jail of its own. */
  notice(title: string, text: string): void {
    const { store, clock } = this.#parts;
    const { courier } = this.route;
    const nowMs = clock.now();
    store.transaction(() =>
      store.outbox.add({
        courier,
        subject: courier,
        jail: '',
        ban: undefined,
        weight: NOTICE_WEIGHT,
        writtenAtMs: nowMs,
        dueAtMs: nowMs,
        expiresAtMs: nowMs + NOTICE_AGE_MS,
        payload: writePayload({ notice: { title, text } }),
      }),
    );
    this.wake();
  }

  /** Resolves when the step that is under way has ended, and one more with a last word. */
  async close(hasLastWord = false): Promise<void> {
    await this.#sender.close();
    if (hasLastWord) await this.#dispatcher.step();
  }

  #queued(jail: string | undefined): number {
    const { outbox } = this.#parts.store;
    try {
      if (jail !== undefined) return outbox.openOf(this.route.courier, jail);
      const counts = outbox.counts(this.route.courier);
      return (counts.get('waiting') ?? 0) + (counts.get('sending') ?? 0);
    } catch {
      return 0; // A store that cannot be read is the ledger's to tell.
    }
  }
}
