/**
 * A host that reports, without daemon or network of its own: real store, jails, ledger and sender, a clock that is set.
 * Takes bans with their evidence; runs the sender's steps as their time comes.
 */
import { httpsExchange } from '../../src/action/report/https-exchange.js';
import type { Effect } from '../../src/action/effect.js';
import type { Ban } from '../../src/ban/ban.js';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import { Outgoing } from '../../src/daemon/sending/outgoing.js';
import { Reports } from '../../src/daemon/sending/reports.js';
import type { Outcome } from '../../src/jail/jail.js';
import { Jails } from '../../src/jail/jails.js';
import type { JailOptions } from '../../src/jail/options.js';
import { SetClock } from '../../src/lib/clock.js';
import { Log } from '../../src/lib/log.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';
import { AbuseIpdbRules } from './abuseipdb-rules.js';
import { AbuseIpdbServer, type DoorFault, type Fault } from './abuseipdb-server.js';
import { type Certificate, makeCertificate } from './certificate.js';

export const KEY = 'k0123456789abcdef0123456789abcdef';
/** Some noon in UTC. */
export const START_MS = Date.UTC(2026, 10, 22, 0, 0, 0);

export const LINES = {
  sshd: 'mx13 sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2',
  'postfix-sasl':
    'mx13 postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x, sasl_username=alice',
  dovecot:
    'mx13 dovecot: imap-login: Login aborted: x (auth failed, 1 attempts in 2 secs): user=<alice>, rip=192.0.2.1',
  postfix:
    'mx13 postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 <x@y.example>: Relay access denied',
} as const;
export const SPAM =
  'mx13 postfix/cleanup[1]: 4X: milter-reject: END-OF-MESSAGE from x[192.0.2.1]: 5.7.1 Spam message rejected';

export type JailName = keyof typeof LINES;
export const JAILS: readonly JailName[] = ['sshd', 'postfix-sasl', 'dovecot', 'postfix'];

export interface Deed {
  readonly jail: JailName;
  readonly address: string;
  readonly target?: string;
  readonly lines?: readonly string[];
  readonly failures?: number;
  readonly origin?: Ban['origin'];
}

/** Why nothing is sent, and how many reports may wait. */
interface StartOptions {
  readonly off?: string;
  readonly most?: number;
}

export interface Started {
  readonly store: Store;
  readonly notices: NoticeBoard;
  readonly reports: Reports;
  readonly ledger: Ledger;
  readonly effect: Effect;
}

export class ReportingHost {
  readonly clock: SetClock;
  readonly rules: AbuseIpdbRules;
  readonly certificate: Certificate;
  fault: (path: string) => Fault | undefined = () => undefined;
  /** Jails as they were read, in place of those that are made up here. */
  jails: readonly JailOptions[] | undefined;
  /** What becomes of a connection before anything is asked. */
  door: () => DoorFault | undefined = () => undefined;
  /** Whether the host is killed instead of waiting for an answer that hangs. */
  killsWhileHanging = false;
  /** How often it was. */
  kills = 0;
  #kill: () => void = () => undefined;
  /** Each single report that was asked for, whatever became of it. */
  readonly asked: { readonly ip: string; readonly atMs: number }[] = [];
  /** How many requests hung. */
  hung = 0;
  readonly #category: string;
  readonly #jailNames: readonly JailName[];
  /** What was started last, by a test or after a kill. */
  started: Started | undefined;
  #path = ':memory:';
  #rest: StartOptions = {};
  #server: AbuseIpdbServer | undefined;
  #giveUp: () => void = () => undefined;
  #next: { readonly atMs: number; readonly run: () => Promise<void> } | undefined;
  readonly #random: () => number;

  private constructor(random: () => number, jailNames: readonly JailName[], category: string) {
    this.#category = category;
    this.#random = random;
    this.#jailNames = jailNames;
    this.clock = new SetClock(START_MS);
    this.rules = new AbuseIpdbRules(this.clock, KEY);
    this.certificate = makeCertificate();
  }

  static async open(
    random: () => number = () => 0.5,
    jailNames = JAILS,
    category = '18',
  ): Promise<ReportingHost> {
    const host = new ReportingHost(random, jailNames, category);
    host.#server = await AbuseIpdbServer.open({
      rules: host.rules,
      certificate: host.certificate,
      fault: (request) => host.fault(request.url ?? ''),
      door: () => host.door(),
      wrongCertificate: makeCertificate(),
      hears: (path, body) => {
        const ip = new URLSearchParams(body).get('ip');
        if (ip !== null && path.endsWith('/report')) host.asked.push({ ip, atMs: host.clock.now() });
      },
      hangs: () => {
        host.hung += 1;
        if (host.killsWhileHanging) return host.#kill();
        host.clock.advanceTo(host.clock.now() + 30_000);
        host.#giveUp();
      },
      dawdles: () => host.clock.advanceTo(host.clock.now() + 9_000),
    });
    return host;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Starts, or starts again after a kill: nothing of before is in memory. */
  start(path = ':memory:', rest: StartOptions = {}): Started {
    const { clock } = this;
    this.#path = path;
    this.#rest = rest;
    const store = new Store(path);
    const options =
      this.jails?.map((jail) => this.#withAccount(jail)) ?? this.#jailNames.map((name) => this.#jail(name));
    const jails = new Jails(options, surroundings);
    const notices = new NoticeBoard(new Log('critical', []));
    this.#next = undefined;
    const reports = new Reports({
      store,
      jails,
      notices,
      clock,
      off: rest.off,
      most: rest.most ?? 100_000,
      exchange: httpsExchange({
        ca: this.certificate.cert,
        patience: (giveUp) => {
          this.#giveUp = giveUp;
          return () => undefined;
        },
      }),
      timer: (delayMs, run) => {
        const next = { atMs: clock.now() + delayMs, run };
        this.#next = next;
        return () => {
          if (this.#next === next) this.#next = undefined;
        };
      },
      random: this.#random,
    });
    const outgoing = new Outgoing(store, [reports]);
    outgoing.use(options);
    const ledger = new Ledger(store, () => undefined, outgoing);
    const [jail] = options;
    const effect = reports.effectOf(jail ?? this.#jail('sshd'), {
      name: 'abuseipdb',
      native: 'abuseipdb',
      parameters: {},
    });
    this.started = { store, notices, reports, ledger, effect };
    return this.started;
  }

  /** Runs what the sender does up to a time. */
  async runUntil(untilMs: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#next !== undefined && this.#next.atMs <= untilMs) {
      const { atMs, run } = this.#next;
      this.#next = undefined;
      this.clock.advanceTo(atMs);
      const killed = new Promise<boolean>((resolve) => {
        this.#kill = () => resolve(true);
      });
      if (await Promise.race([killed, run().then(() => false)])) {
        this.kills += 1;
        this.started = this.start(this.#path, this.#rest);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.clock.advanceTo(untilMs);
  }

  /** One step more, at its time. */
  async step(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#next !== undefined) await this.runUntil(this.#next.atMs);
  }

  /** The jails as they would be read with another key. */
  jailsWith(key: string): readonly JailOptions[] {
    return this.#jailNames.map((name) => this.#jail(name, key));
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #withAccount(jail: JailOptions): JailOptions {
    const account = { abuseipdb_apikey: KEY, abuseipdb_url: this.url };
    const actions = jail.actions.map((action) =>
      action.native === 'abuseipdb'
        ? { ...action, parameters: { ...action.parameters, ...account } }
        : action,
    );
    return { ...jail, actions };
  }

  #jail(name: JailName, key = KEY): JailOptions {
    const action = {
      name: 'abuseipdb',
      native: 'abuseipdb',
      parameters: { abuseipdb_apikey: key, abuseipdb_url: this.url, abuseipdb_category: this.#category },
    };
    return jailOptions(
      name,
      {},
      {
        actions: [action],
        report: { minFailures: 3, delaySeconds: 300, maxAgeSeconds: 86_400, ports: 'smtp', protocol: 'tcp' },
      },
    );
  }
}

/** What the jail would have decided. */
export function outcomesOf(deed: Deed, nowMs: number): readonly Outcome[] {
  const { jail, address, target = address, origin = 'jail' } = deed;
  const lines = deed.lines ?? [1, 2, 3].map(() => LINES[jail]);
  const counted = lines.map((text, at): Outcome => ({
    kind: 'counted',
    attempts: 1,
    failure: {
      jail,
      id: target,
      address,
      user: `user${at}`,
      timeMs: nowMs - (lines.length - at) * 1000,
      attempts: 1,
      spanSeconds: 0,
      lineKind: 'journal:0',
      connection: `${at}`,
      text,
    },
  }));
  const ban: Ban = {
    kind: 'ban',
    jail,
    target,
    address,
    bannedAtMs: nowMs,
    untilMs: nowMs + 600_000,
    failures: deed.failures ?? lines.length,
    origin,
    evidence: lines,
  };
  return [...counted, { kind: 'decided', decision: ban }];
}

/** The end of a ban: its time is up, or somebody lifts it. */
export function unbanOf(
  { jail, address, target = address }: Deed,
  atMs: number,
  why: 'expired' | 'hand',
): Outcome {
  return { kind: 'decided', decision: { kind: 'unban', jail, target, atMs, why } };
}
