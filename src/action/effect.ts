/**
 * What an action is: something that follows the decisions of a jail, with a bounded queue of its own.
 * Takes decisions in order; gives its state. It never holds up the caller and never waits for another action.
 */
import type { Ban, Decision, Unban } from '../ban/ban.js';

export interface EffectState {
  /** working: follows; failing: tries again; off: does nothing (see `detail`). */
  readonly state: 'working' | 'failing' | 'off';
  /** One sentence for `status`. */
  readonly detail: string;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
}

export interface Effect {
  /** `nftables`, `sendmail-whois`, … */
  readonly name: string;
  /** Takes decisions; returns at once. */
  follow(decisions: readonly Decision[]): void;
  /** Somebody who is banned came again, at `atMs`; returns at once. Only for effects that may lose a ban. */
  hit?(ban: Ban, atMs: number): void;
  /** Every ban of a jail ends at once; returns at once. Without it they are followed one by one. */
  liftAll?(unbans: readonly Unban[]): void;
  /** Resolves when everything taken so far is done or given up. */
  settled(): Promise<void>;
  state(): EffectState;
  /** Releases what it holds; bans in the kernel stay. */
  close(): Promise<void>;
}
