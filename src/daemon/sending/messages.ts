/**
 * Mails and webhooks: writes messages into the outbox in the transaction of the ban, and keeps one sender for each receiver.
 * Takes bans and the jails that run; gives the effect of each action. It never holds up a ban: what it cannot send waits
 * on disk.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Effect, EffectState } from '../../action/effect.js';
import { serverAt } from '../../action/mail/mail-parameters.js';
import { patienceOf } from '../../action/message/patience.js';
import { writePayload } from '../../action/message/payload.js';
import { OffEffect } from '../../action/off.js';
import type { ActionOptions } from '../../action/options.js';
import type { Timer } from '../../action/outbox/sender.js';
import { httpsExchange, type HttpsExchange } from '../../action/report/https-exchange.js';
import { ReportEffect } from '../../action/report/report-effect.js';
import { RDAP_FIRST, rdapWay } from '../../action/whois/rdap-way.js';
import { Whois } from '../../action/whois/whois.js';
import { type Way, whoisWay } from '../../action/whois/whois-way.js';
import type { Ban } from '../../ban/ban.js';
import type { ProgramSettings } from '../../config/program-settings.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import type { Store } from '../../store/store.js';
import { digestTimeMs } from './digest-time.js';
import { RunningRoute } from './message-route-running.js';
import { MESSAGE_NATIVES, type MessageRoute, type MessageSettings, routesOf } from './message-routes.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { OutgoingKind } from './outgoing.js';

/** What could not be sent within that time is not sent any more. */
const MAX_AGE_MS = 3 * 86_400_000;
const WHOIS_PORT = 43;
const WHOIS_LIMIT_MS = 10_000;
/** So long the end waits for a message that is on its way. */
const FAREWELL_MS = 2000;
/** How often the bound of a queue is looked at: by so much it may be exceeded. */
const LOOK_EVERY = 64;
const FULL = 'the queue was full (`reportqueue`)';
const GONE = 'its action is no more';

export interface MessagesParts {
  readonly store: Store;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  /** Why nothing is sent; undefined = it is. */
  readonly off: string | undefined;
  /** Entries that may wait for one receiver. */
  readonly most: number;
  readonly settings: MessageSettings & Pick<ProgramSettings, 'whoisServer' | 'mailStartStop'>;
  /** This host's full name. */
  readonly host: string;
  readonly exchange?: HttpsExchange;
  readonly timer?: Timer;
}

export class Messages implements OutgoingKind {
  readonly natives = MESSAGE_NATIVES;
  readonly #parts: MessagesParts;
  readonly #whois: Whois | undefined;
  #jails: readonly JailOptions[] = [];
  #running: ReadonlyMap<string, RunningRoute> = new Map();
  #routes: ReadonlyMap<string, readonly MessageRoute[]> = new Map();
  /** Why an action sends nothing. */
  #offBy: ReadonlyMap<string, string> = new Map();
  #entered = 0;

  constructor(parts: MessagesParts) {
    this.#parts = parts;
    this.#whois = parts.off === undefined ? whoisOf(parts, () => this.#wakeAll()) : undefined;
  }

  /** Takes the jails that run from now on; a route that stays as it was keeps its sender. */
  use(jails: readonly JailOptions[]): void {
    this.#jails = jails;
    if (this.#parts.off !== undefined) return;
    this.#readRoutes(jails);
    const wanted = new Map([...this.#routes.values()].flat().map((route) => [route.courier, route]));
    const running = new Map<string, RunningRoute>();
    for (const [courier, route] of wanted) {
      const known = this.#running.get(courier);
      if (known !== undefined && isDeepStrictEqual(known.route.basis, route.basis))
        running.set(courier, known);
      else running.set(courier, new RunningRoute(route, this.#routeParts(), known?.close()));
    }
    for (const [courier, known] of this.#running) if (!wanted.has(courier)) void known.close();
    this.#running = running;
    this.#closeGone();
  }

  effectOf(jail: JailOptions, action: ActionOptions): Effect {
    const off = this.#parts.off ?? this.#offBy.get(keyOf(jail, action));
    if (off !== undefined) return new OffEffect(action.name, off);
    const routes = (this.#routes.get(keyOf(jail, action)) ?? []).map(({ courier }) => courier);
    const running = (): readonly RunningRoute[] => routes.flatMap((name) => this.#running.get(name) ?? []);
    return new ReportEffect(
      action.name,
      () => running().forEach((route) => route.wake()),
      () => joined(running().map((route) => route.state(jail.name))),
    );
  }

  /** Writes down what is due because of a ban, in its transaction. Bans from elsewhere, or of before, are not told. */
  banned(ban: Ban, number: number): void {
    const jail = this.#jails.find(({ name }) => name === ban.jail);
    if (jail === undefined || (ban.origin !== 'jail' && ban.origin !== 'hand')) return;
    for (const action of jail.actions)
      for (const route of this.#routes.get(keyOf(jail, action)) ?? []) this.#write(ban, number, jail, route);
  }

  /** All that messages go to, and how each is. */
  receivers(): readonly (EffectState & { readonly courier: string })[] {
    return [...this.#running].map(([courier, route]) => ({ courier, ...route.state() }));
  }

  flush(): number {
    return [...this.#running.values()].reduce((sum, route) => sum + route.flush(), 0);
  }

  /** Tells every receiver that Bailiff has begun, where that is wanted. */
  begun(): void {
    this.#announce('has started', `It guards: ${this.#jails.map(({ name }) => name).join(', ')}.`);
  }

  async close(): Promise<void> {
    const isTold = this.#announce('ends', 'Bans that hold stay in the firewall unless they were lifted.');
    const ended = Promise.allSettled([...this.#running.values()].map((route) => route.close(isTold)));
    await new Promise<void>((resolve) => {
      const stopWaiting = patienceOf(FAREWELL_MS)(resolve);
      void ended.then(() => {
        stopWaiting();
        resolve();
      });
    });
  }

  #announce(what: string, more: string): boolean {
    const { settings, host, clock, notices, off } = this.#parts;
    if (!settings.mailStartStop || off !== undefined) return false;
    const at = new Date(clock.now()).toISOString();
    try {
      for (const route of this.#running.values())
        route.notice(`[Bailiff] ${what} on ${host}`, `Bailiff ${what} on ${host}, ${at}.\n${more}`);
      return true;
    } catch (error) {
      notices.post('warning', 'messages', 'notice', `Start and end cannot be told: ${messageOf(error)}.`);
      return false;
    }
  }

  #write(ban: Ban, number: number, jail: JailOptions, route: MessageRoute): void {
    const { store, clock, most } = this.#parts;
    const { target, address, bannedAtMs, untilMs, failures } = ban;
    const { courier, tellsWhois, tellsLines } = route;
    const nowMs = clock.now();
    const minutes = jail.messageDigestMinutes;
    const isHeld = minutes !== undefined && untilMs !== undefined && !jail.countsBans;
    const dueAtMs = isHeld ? digestTimeMs(minutes, nowMs) : nowMs;
    store.outbox.add({
      courier,
      subject: courier,
      jail: ban.jail,
      ban: number,
      weight: failures,
      writtenAtMs: nowMs,
      dueAtMs,
      expiresAtMs: dueAtMs + MAX_AGE_MS,
      payload: writePayload({
        target,
        address,
        bannedAtMs,
        untilMs,
        failures,
        isByHand: ban.origin === 'hand',
        tellsWhois,
        tellsLines,
        isHeld,
      }),
    });
    this.#entered += 1;
    if (this.#entered % LOOK_EVERY !== 1) return;
    const given = store.outbox.giveUpLightest(courier, most, FULL, nowMs);
    this.#running.get(courier)?.told.ended('given-up', given, FULL);
  }

  #readRoutes(jails: readonly JailOptions[]): void {
    const { settings, host, notices, exchange = httpsExchange() } = this.#parts;
    const routes = new Map<string, readonly MessageRoute[]>();
    const offBy = new Map<string, string>();
    for (const jail of jails) {
      notices.withdraw(jail.name, 'message');
      for (const action of jail.actions) {
        if (!this.natives.includes(action.native ?? '')) continue;
        try {
          routes.set(keyOf(jail, action), routesOf(action, { settings, host, exchange }));
        } catch (error) {
          if (!(error instanceof BailiffError)) throw error;
          offBy.set(keyOf(jail, action), error.message);
          // What is wrong as it is written was told when it was read (`checkAction`).
          if (error.cause === undefined) continue;
          notices.post('warning', jail.name, 'message', `${action.name} sends nothing: ${messageOf(error)}`);
        }
      }
    }
    this.#routes = routes;
    this.#offBy = offBy;
  }

  #routeParts(): ConstructorParameters<typeof RunningRoute>[1] {
    const { store, clock, notices, host, timer } = this.#parts;
    const whois = this.#whois;
    return {
      store,
      clock,
      notices,
      host,
      timer,
      whois: whois && ((address) => whois.about(address)),
      sharing: () => this.#jails.map(({ name }) => name),
    };
  }

  /** What was left for a receiver that no jail names any more. */
  #closeGone(): void {
    const { store, clock, notices } = this.#parts;
    try {
      for (const courier of store.outbox.openCouriers())
        if (courier !== 'abuseipdb' && !this.#running.has(courier))
          store.transaction(() => store.outbox.closeCourier(courier, GONE, clock.now()));
    } catch (error) {
      notices.post('warning', 'messages', 'gone', `Old messages could not be put away: ${messageOf(error)}.`);
    }
  }

  #wakeAll(): void {
    for (const route of this.#running.values()) route.wake();
  }
}

function whoisOf({ settings, clock, notices }: MessagesParts, ready: () => void): Whois | undefined {
  if (settings.whoisServer === undefined) return undefined;
  try {
    return new Whois({
      way: wayOf(settings.whoisServer),
      clock,
      ready,
      patience: patienceOf(WHOIS_LIMIT_MS),
    });
  } catch (error) {
    notices.post('warning', 'whois', 'server', messageOf(error));
    return undefined;
  }
}

/** @throws BailiffError `action.mail-server`. */
function wayOf(server: string): Way {
  if (/^rdap$/i.test(server)) return rdapWay({ first: RDAP_FIRST });
  if (server.startsWith('https://')) return rdapWay({ first: server.replace(/\/+$/, '') });
  return whoisWay({ first: serverAt(server, WHOIS_PORT) });
}

function keyOf({ name }: JailOptions, action: ActionOptions): string {
  return `${name}\n${action.name}`;
}

function joined(states: readonly EffectState[]): EffectState {
  const sum = (read: (state: EffectState) => number): number =>
    states.reduce((all, state) => all + read(state), 0);
  return {
    state: states.some(({ state }) => state === 'failing') ? 'failing' : 'working',
    detail: states.map(({ detail }) => detail).join('; '),
    queued: sum(({ queued }) => queued),
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
  };
}
