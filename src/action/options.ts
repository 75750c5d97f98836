/**
 * One action of a jail, as configured. `config/` fills it in.
 */
import type { BailiffError } from '../lib/errors.js';

export interface ActionOptions {
  /** Its name in the jail: `actname`, else the file's. */
  readonly name: string;
  /** The effect inside Bailiff that does it; undefined = a shell action of the admin's. */
  readonly native: string | undefined;
  /** The jail's parameters over `[Init]` over `[Definition]`, tags filled in as far as they are static. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Its commands, where they are run by a shell. */
  readonly shell?: ShellOptions | undefined;
}

/** What does not hold of an action that is carried out inside Bailiff; its jail runs on. */
export interface ActionDefect {
  /** error: the action does nothing; warning: it does without. */
  readonly severity: 'error' | 'warning';
  readonly parameter: string;
  readonly error: BailiffError;
}

/** The judgement on an action of a jail with a filter of this name. */
export type CheckAction = (action: ActionOptions, filter: string) => readonly ActionDefect[];

/** When a command of an action runs: `actionstart`, `actionban`, … without `action`. */
export type ShellPhase =
  | 'start'
  | 'stop'
  | 'flush'
  | 'reload'
  | 'check'
  | 'repair'
  | 'ban'
  | 'prolong'
  | 'reban'
  | 'unban';

/** For whom a command runs; `any` = for no family: an action that makes no difference, or a ban of no address. */
export type ShellFamily = 'inet4' | 'inet6' | 'any';

/** The commands of a shell action; of their tags only those are left that a ban fills in. */
export interface ShellOptions {
  /** Its file in `action.d`: the commands of one file never run at the same time. */
  readonly definition: string;
  /** Empty = nothing to run. */
  readonly commands: Readonly<Record<ShellPhase, Readonly<Record<ShellFamily, string>>>>;
  /** Whether something in the definition holds for IPv6 alone: then it is started for each family. */
  readonly isByFamily: boolean;
  /** `actionstart` runs before the first ban of a family, not with the jail. */
  readonly startsOnDemand: boolean;
  /** A failed unban may repair as well. */
  readonly repairsOnUnban: boolean;
  /** Whether it runs for bans that were kept over a restart; no with `norestored`. */
  readonly runsRestored: boolean;
  readonly timeoutSeconds: number;
}

/** What of a jail's bans deserves to be reported to others. */
export interface ReportOptions {
  /** So many failures must be in evidence over a finished handshake. */
  readonly minFailures: number;
  /** How long a report is held back, so that an unban cancels it. */
  readonly delaySeconds: number;
  /** Older than this it is not sent any more. */
  readonly maxAgeSeconds: number;
  /** The ports that the jail guards, as written: `smtp,465`. */
  readonly ports: string;
  /** `tcp`, `udp`, `tcp,udp`. */
  readonly protocol: string;
}
