/**
 * Answers the control socket's verbs from what the daemon holds: jails, store, effects, hearing.
 * Commands go through the guard, the same way as any ban. Does not speak the protocol.
 */
import type {
  BanOutcome,
  BannedReport,
  BanResult,
  Explanation,
  ReleaseResult,
  TopReport,
  UnbanResult,
} from '../../control/answers.js';
import type { Fail2banResult } from '../../control/fail2ban-answer.js';
import { type ControlPort, unknownJail } from '../../control/port.js';
import type {
  ReportsAnswer,
  ReportsFlushed,
  ReportsForgotten,
  ReportsPreview,
} from '../../control/outgoing-answers.js';
import type { JailStatus, ReloadReport, StatusReport, VersionReport } from '../../control/reports.js';
import type { Jail } from '../../jail/jail.js';
import type { Jails } from '../../jail/jails.js';
import type { Store } from '../../store/store.js';
import { explain } from './explain.js';
import { banRefusal } from '../enforcing/ban-refusal.js';
import type { Speaker } from '../fail2ban/speaker.js';
import type { Guard } from '../deciding/guard.js';
import type { Messages } from '../sending/messages.js';
import type { Reports } from '../sending/reports.js';
import type { Reloading } from '../reloading/reload.js';
import { reportsAnswer, reportsFlush, reportsForget, reportsPreview } from '../sending/report-answers.js';
import { banReports, jailOverview, type ReportParts, statusReport } from './status-report.js';

export interface PortParts extends ReportParts {
  readonly jails: Jails;
  readonly guard: Guard;
  readonly store: Store;
  readonly reloading: Reloading;
  readonly speaker: Speaker;
  readonly reports: Reports;
  readonly messages: Messages;
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

  async status(): Promise<StatusReport> {
    await this.#parts.enforcement.count();
    return statusReport(this.#parts);
  }

  async jail(name: string): Promise<JailStatus> {
    const jail = this.#jail(name);
    await this.#parts.enforcement.count();
    return { ...jailOverview(jail, this.#parts), banned: banReports(jail) };
  }

  banned(name: string | undefined): BannedReport {
    const jails = name === undefined ? [...this.#parts.jails] : [this.#jail(name)];
    return { jails: jails.map((jail) => ({ jail: jail.name, banned: banReports(jail) })) };
  }

  ban(name: string, targets: readonly string[], forSeconds: number | undefined): BanResult {
    const jail = this.#jail(name);
    const outcomes = targets.map((target): BanOutcome => {
      const refusal = banRefusal(jail, target);
      if (refusal !== undefined) return { target, outcome: 'refused', because: refusal };
      const ban = this.#parts.guard.ban(jail, target, forSeconds);
      if (ban === undefined) return { target, outcome: 'already', because: null };
      return { target, outcome: ban.prolongs === true ? 'prolonged' : 'banned', because: null };
    });
    return { banned: outcomes.filter((each) => each.outcome === 'banned').length, targets: outcomes };
  }

  unban(targets: readonly string[], name: string | undefined): UnbanResult {
    const among = name === undefined ? [...this.#parts.jails] : [this.#jail(name)];
    const lifted = targets.map((target) => ({
      target,
      jails: [...new Set(this.#parts.guard.lift(target, among).map(({ jail }) => jail))],
    }));
    return { unbanned: lifted.reduce((sum, each) => sum + each.jails.length, 0), targets: lifted };
  }

  release(name: string): ReleaseResult {
    return { jail: name, banned: this.#parts.guard.release(this.#jail(name)) };
  }

  async unbanAll(): Promise<UnbanResult> {
    const jailsOf = new Map<string, string[]>();
    const lifted = await this.#parts.guard.liftAll([...this.#parts.jails]);
    for (const { target, jail } of lifted) {
      const jails = jailsOf.get(target);
      if (jails === undefined) jailsOf.set(target, [jail]);
      else jails.push(jail);
    }
    return { unbanned: lifted.length, targets: [...jailsOf].map(([target, jails]) => ({ target, jails })) };
  }

  explain(address: string): Explanation {
    return explain(address, this.#parts);
  }

  top(limit: number): TopReport {
    return this.#parts.store.failures.top(this.#parts.clock.now() - 86_400_000, limit);
  }

  reports(limit: number): ReportsAnswer {
    return reportsAnswer(this.#parts, limit);
  }

  reportsPreview(limit: number): ReportsPreview {
    return reportsPreview(this.#parts, limit);
  }

  reportsFlush(): ReportsFlushed {
    return reportsFlush(this.#parts);
  }

  reportsForget(address: string): ReportsForgotten {
    return reportsForget(this.#parts, address);
  }

  async stop(): Promise<void> {
    await this.unbanAll();
    this.#parts.stop();
  }

  reload(): Promise<ReloadReport> {
    return this.#parts.reloading.reload({ jail: undefined, isRestart: false });
  }

  fail2ban(words: readonly string[]): Promise<Fail2banResult> {
    return this.#parts.speaker.answer(words);
  }

  #jail(name: string): Jail {
    const jail = this.#parts.jails.get(name);
    if (jail === undefined) throw unknownJail(name);
    return jail;
  }
}
