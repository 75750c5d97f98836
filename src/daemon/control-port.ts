/**
 * Answers the control socket's verbs from what the daemon holds: jails, store, effects, hearing.
 * Commands go through the guard, the same way as any ban. Does not speak the protocol.
 */
import type {
  BanOutcome,
  BannedReport,
  BanResult,
  Explanation,
  TopReport,
  UnbanResult,
} from '../control/answers.js';
import { type ControlPort, notInThisVersion, unknownJail } from '../control/port.js';
import type { JailStatus, StatusReport, VersionReport } from '../control/reports.js';
import type { Jail } from '../jail/jail.js';
import type { Jails } from '../jail/jails.js';
import { parseNetwork } from '../lib/address.js';
import type { Store } from '../store/store.js';
import { explain } from './explain.js';
import type { Guard } from './guard.js';
import { banReports, jailOverview, type ReportParts, statusReport } from './status-report.js';

export interface PortParts extends ReportParts {
  readonly jails: Jails;
  readonly guard: Guard;
  readonly store: Store;
  /** Lifts the bans and ends the daemon once the answer is written. */
  readonly stop: () => void;
}

export class DaemonPort implements ControlPort {
  readonly #parts: PortParts;

  constructor(parts: PortParts) {
    this.#parts = parts;
  }

  version(): VersionReport {
    return { version: this.#parts.version };
  }

  status(): StatusReport {
    return statusReport(this.#parts);
  }

  jail(name: string): JailStatus {
    const jail = this.#jail(name);
    return { ...jailOverview(jail, this.#parts), banned: banReports(jail) };
  }

  banned(name: string | undefined): BannedReport {
    const jails = name === undefined ? [...this.#parts.jails] : [this.#jail(name)];
    return { jails: jails.map((jail) => ({ jail: jail.name, banned: banReports(jail) })) };
  }

  ban(name: string, targets: readonly string[], forSeconds: number | undefined): BanResult {
    const jail = this.#jail(name);
    const outcomes = targets.map((target): BanOutcome => {
      const refusal = this.#refusal(jail, target);
      if (refusal !== undefined) return { target, outcome: 'refused', because: refusal };
      return {
        target,
        outcome: this.#parts.guard.ban(jail, target, forSeconds) ? 'banned' : 'already',
        because: null,
      };
    });
    return { banned: outcomes.filter((each) => each.outcome === 'banned').length, targets: outcomes };
  }

  unban(targets: readonly string[], name: string | undefined): UnbanResult {
    const among = name === undefined ? [...this.#parts.jails] : [this.#jail(name)];
    const lifted = targets.map((target) => ({ target, jails: this.#parts.guard.lift(target, among) }));
    return { unbanned: lifted.reduce((sum, each) => sum + each.jails.length, 0), targets: lifted };
  }

  unbanAll(): UnbanResult {
    const targets = [...this.#parts.jails].flatMap((jail) => [...jail.bans.current].map((ban) => ban.target));
    return this.unban([...new Set(targets)], undefined);
  }

  explain(address: string): Explanation {
    return explain(address, this.#parts);
  }

  top(limit: number): TopReport {
    return this.#parts.store.failures.top(this.#parts.clock.now() - 86_400_000, limit);
  }

  stop(): void {
    this.unbanAll();
    this.#parts.stop();
  }

  reload(): never {
    throw notInThisVersion('reload');
  }

  #jail(name: string): Jail {
    const jail = this.#parts.jails.get(name);
    if (jail === undefined) throw unknownJail(name);
    return jail;
  }

  /** What even an admin's hand does not ban: it would cut the host off from itself. */
  #refusal(jail: Jail, target: string): string | undefined {
    const network = parseNetwork(target);
    if (network?.prefix === 0) return 'it is every address';
    const reason = network === undefined ? undefined : jail.failures.allowedBecause(target);
    return reason === 'never' ? 'it is loopback, link-local, multicast or unspecified' : undefined;
  }
}
