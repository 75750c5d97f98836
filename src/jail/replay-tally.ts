/**
 * Counts what a replay did, per jail and in all.
 * Takes batches, outcomes and decisions; gives the events of decisions and the summary.
 */
import type { Decision } from '../ban/ban.js';
import type { Batch } from './batch.js';
import { earName, type EarState } from './batch.js';
import type { Outcome } from './jail.js';
import type { ReplayBan, ReplaySummary, ReplayUnban } from './offline-events.js';
import type { JailOptions } from './options.js';

export class ReplayTally {
  lines = 0;
  readonly #jails: readonly JailOptions[];
  readonly #ears = new Map<string, EarState>();
  readonly #failures = new Map<string, number>();
  readonly #bans = new Map<string, number>();
  #unbans = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;

  constructor(jails: readonly JailOptions[]) {
    this.#jails = jails;
  }

  takeBatch(batch: Batch): void {
    this.lines += batch.lines;
    for (const ear of batch.ears) this.#ears.set(earName(ear.jail, ear.way), ear);
    if (batch.lastLineMs > this.#toMs) this.#toMs = batch.lastLineMs;
  }

  take(outcome: Outcome, nowMs: number): void {
    if (nowMs < this.#fromMs) this.#fromMs = nowMs;
    if (nowMs > this.#toMs) this.#toMs = nowMs;
    if (outcome.kind === 'counted') {
      const { jail } = outcome.failure;
      this.#failures.set(jail, (this.#failures.get(jail) ?? 0) + 1);
    }
  }

  decide(decision: Decision): ReplayBan | ReplayUnban {
    const { jail, target: address } = decision;
    if (decision.kind === 'unban') {
      this.#unbans += 1;
      return { kind: 'unban', timeMs: decision.atMs, jail, address, why: decision.why };
    }
    this.#bans.set(jail, (this.#bans.get(jail) ?? 0) + 1);
    const { bannedAtMs: timeMs, untilMs, failures, evidence = [] } = decision;
    return { kind: 'ban', timeMs, jail, address, untilMs, failures, evidence };
  }

  summary(elapsedMs: number): ReplaySummary {
    const jails = this.#jails.map(({ name }) => {
      const ears = (['journal', 'file'] as const).flatMap((way) => this.#ears.get(earName(name, way)) ?? []);
      return {
        jail: name,
        lines: ears.reduce((sum, ear) => sum + ear.lines, 0),
        recognised: ears.reduce((sum, ear) => sum + ear.recognised, 0),
        failures: this.#failures.get(name) ?? 0,
        bans: this.#bans.get(name) ?? 0,
      };
    });
    const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);
    return {
      kind: 'summary',
      lines: this.lines,
      failures: sum(this.#failures.values()),
      bans: sum(this.#bans.values()),
      unbans: this.#unbans,
      fromMs: Number.isFinite(this.#fromMs) ? this.#fromMs : undefined,
      toMs: Number.isFinite(this.#toMs) ? this.#toMs : undefined,
      elapsedMs,
      jails,
    };
  }
}
