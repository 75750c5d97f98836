/**
 * Reports to AbuseIPDB: writes them into the outbox in the transaction of the ban, and keeps the one sender.
 * Takes bans and the jails that run; gives the effect of each reporting action, and the answers of `bailiff reports`.
 * It never holds up a ban: what it cannot send waits on disk.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Effect, EffectState } from '../../action/effect.js';
import { OffEffect } from '../../action/off.js';
import type { ActionOptions } from '../../action/options.js';
import { Dispatcher } from '../../action/outbox/dispatcher.js';
import { OutboxSender, type Timer } from '../../action/outbox/sender.js';
import { AbuseIpdb } from '../../action/report/abuseipdb.js';
import { type Account, accountOf } from '../../action/report/account.js';
import { composeReports } from '../../action/report/compose.js';
import { httpsExchange, type HttpsExchange } from '../../action/report/https-exchange.js';
import { ReportEffect } from '../../action/report/report-effect.js';
import type { Ban } from '../../ban/ban.js';
import type { Jails } from '../../jail/jails.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import type { Store } from '../../store/store.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { OutgoingKind } from './outgoing.js';
import { ReportNotices } from './report-notices.js';
import { banFacts, reportCase } from './report-case.js';

const KIND = 'abuseipdb';
/** How often the bound of the queue is looked at: by so much it may be exceeded. */
const LOOK_EVERY = 64;
const FULL = 'the queue was full (`reportqueue`)';

export interface ReportsParts {
  readonly store: Store;
  readonly jails: Jails;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  /** Why nothing is sent; undefined = it is. */
  readonly off: string | undefined;
  /** Entries that may wait. */
  readonly most: number;
  readonly exchange?: HttpsExchange;
  readonly timer?: Timer;
  readonly random?: () => number;
}

interface Running {
  readonly account: Account;
  readonly courier: AbuseIpdb;
  readonly dispatcher: Dispatcher;
  readonly sender: OutboxSender;
}

export class Reports implements OutgoingKind {
  readonly natives = [KIND];
  readonly #parts: ReportsParts;
  readonly #told: ReportNotices;
  #running: Running | undefined;
  #jails: readonly JailOptions[] = [];
  /** Why a jail reports nothing. */
  #offBy: ReadonlyMap<string, string> = new Map();
  #entered = 0;

  constructor(parts: ReportsParts) {
    this.#parts = parts;
    this.#told = new ReportNotices(KIND, parts.notices);
  }

  /** What the courier has left of its day; undefined where nothing is sent. */
  get courier(): AbuseIpdb | undefined {
    return this.#running?.courier;
  }

  /** Takes the jails that run from now on; a new key or address begins a sender of its own. */
  use(jails: readonly JailOptions[]): void {
    this.#jails = jails.filter((jail) => actionOf(jail) !== undefined);
    if (this.#parts.off !== undefined) return;
    const { account, offBy } = this.#accounts();
    this.#offBy = offBy;
    if (isDeepStrictEqual(account, this.#running?.account)) return;
    const ended = this.#running?.sender.close();
    this.#running = account && this.#start(account, ended);
  }

  /** The effect of a reporting action. */
  effectOf(jail: JailOptions, action: ActionOptions): Effect {
    const { off } = this.#parts;
    if (off !== undefined) return new OffEffect(action.name, off);
    const delayMs = (jail.report?.delaySeconds ?? 0) * 1000;
    const wake = (): void => this.#running?.sender.wake(this.#parts.clock.now() + delayMs);
    return new ReportEffect(action.name, wake, () => this.state(jail.name));
  }

  /** Writes down what is due because of a ban, in its transaction. Bans by hand or from elsewhere are not reported. */
  banned(ban: Ban, number: number): void {
    const report = this.#reportOf(ban);
    if (report === undefined || ban.address === undefined) return;
    const { store, clock, most } = this.#parts;
    store.outbox.add({
      courier: KIND,
      subject: ban.address,
      jail: ban.jail,
      ban: number,
      weight: ban.failures,
      writtenAtMs: clock.now(),
      dueAtMs: clock.now() + report.delaySeconds * 1000,
      expiresAtMs: ban.bannedAtMs + report.maxAgeSeconds * 1000,
      payload: banFacts(ban),
    });
    this.#entered += 1;
    if (this.#entered % LOOK_EVERY !== 1) return;
    this.#told.ended('given-up', store.outbox.giveUpLightest(KIND, most, FULL, clock.now()), FULL);
  }

  state(jail?: string): EffectState {
    const off = this.#whyOff(jail);
    const { done, failed, trouble } = this.#told;
    const queued = jail === undefined ? 0 : this.#openOf(jail);
    if (off !== undefined) return { state: 'off', detail: off, queued, done, failed };
    if (trouble !== undefined)
      return { state: 'failing', detail: `AbuseIPDB: ${trouble}; tried again`, queued, done, failed };
    const allowance = this.#running?.courier.allowance(this.#parts.clock.now());
    const left = allowance === undefined ? '' : `: ${allowance.remaining} of ${allowance.limit} left today`;
    return { state: 'working', detail: `reports to AbuseIPDB${left}`, queued, done, failed };
  }

  /** Sends what waits without its delay, and without waiting after a fault; gives how many were held back. */
  flush(): number {
    const { store, clock } = this.#parts;
    const hastened = store.transaction(() => store.outbox.hasten(KIND, clock.now()));
    this.#running?.dispatcher.hurry();
    this.#running?.sender.wake(clock.now());
    return hastened;
  }

  /** What waits about an address is not sent; gives how many. */
  forget(address: string): number {
    const { store, clock } = this.#parts;
    return store.transaction(() =>
      store.outbox.cancelSubject(KIND, address, 'forgotten by hand', clock.now()),
    );
  }

  compose(entries: Parameters<AbuseIpdb['compose']>[0], nowMs: number): ReturnType<AbuseIpdb['compose']> {
    return composeReports(entries, (entry) => reportCase(entry, this.#parts, nowMs), nowMs);
  }

  close(): void {
    void this.#running?.sender.close();
  }

  #openOf(jail: string): number {
    try {
      return this.#parts.store.outbox.openOf(KIND, jail);
    } catch {
      return 0; // A store that cannot be read is the ledger's to tell.
    }
  }

  #reportOf({ jail, origin }: Ban): JailOptions['report'] {
    if (origin !== 'jail' || this.#whyOff(jail) !== undefined) return undefined;
    return this.#jails.find(({ name }) => name === jail)?.report;
  }

  #whyOff(jail: string | undefined): string | undefined {
    if (this.#parts.off !== undefined) return this.#parts.off;
    if (jail !== undefined && this.#offBy.has(jail)) return this.#offBy.get(jail);
    return this.#running === undefined ? 'no jail reports' : undefined;
  }

  #start(account: Account, ended: Promise<void> | undefined): Running {
    const { store, clock, exchange = httpsExchange(), timer, random } = this.#parts;
    const courier = new AbuseIpdb({
      ...account,
      exchange,
      compose: (entries, nowMs) => this.compose(entries, nowMs),
      memory: store.outbox.memory(KIND),
    });
    const dispatcher = new Dispatcher({
      courier,
      outbox: store.outbox,
      transaction: (work) => store.transaction(work),
      clock,
      events: this.#told,
      sharing: () => this.#jails.map(({ name }) => name),
      ...(random !== undefined && { random }),
    });
    const sender = new OutboxSender(
      dispatcher,
      () => clock.now(),
      (text) => this.#told.fault(text),
      timer,
    );
    // Two senders never ask at once.
    void (ended ?? Promise.resolve()).then(() => sender.wake(clock.now()));
    return { account, courier, dispatcher, sender };
  }

  /** One account for all: the first that is written. */
  #accounts(): { readonly account: Account | undefined; readonly offBy: ReadonlyMap<string, string> } {
    const offBy = new Map<string, string>();
    let account: Account | undefined;
    for (const jail of this.#jails) {
      this.#parts.notices.withdraw(jail.name, 'account');
      const off = (error: BailiffError, isTold = false): void => {
        offBy.set(jail.name, error.message);
        if (!isTold) this.#parts.notices.post('warning', jail.name, 'account', messageOf(error));
      };
      try {
        const own = accountOf(actionOf(jail)?.parameters ?? {});
        if (own === undefined) off(noKey());
        else if (account !== undefined && !isDeepStrictEqual(own, account)) off(otherKey());
        else account = own;
      } catch (error) {
        if (!(error instanceof BailiffError)) throw error;
        // What is wrong as it is written was told when it was read (`checkAction`).
        off(error, error.cause === undefined);
      }
    }
    return { account, offBy };
  }
}

function actionOf(jail: JailOptions): ActionOptions | undefined {
  return jail.actions.find(({ native }) => native === KIND);
}

function noKey(): BailiffError {
  return new BailiffError('action.report-key', 'Nothing is reported: AbuseIPDB has no key.', {
    remedy:
      'Put `abuseipdb_apikey = KEY` under [Init] into action.d/abuseipdb.local, or take the action away.',
  });
}

function otherKey(): BailiffError {
  return new BailiffError(
    'action.report-key',
    'Nothing of this jail is reported: its key or address of AbuseIPDB differs from that of another jail.',
    { remedy: 'Use one for all jails, in action.d/abuseipdb.local.' },
  );
}
