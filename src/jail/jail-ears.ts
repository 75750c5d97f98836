/**
 * The ears of one jail: one for each way over which it can hear, its filter made for the lines of that way.
 * Takes the jail's options; gives the ears, and whether the jail listens on a way. Does not hear.
 */
import { Filter } from '../filter/filter.js';
import type { SourceId, SourceNotice } from '../source/lines.js';
import type { Way } from './batch.js';
import { earName } from './batch.js';
import { Ear } from './ear.js';
import { CautiousEar } from './cautious-ear.js';
import type { Caution } from './caution.js';
import type { Culprit } from './hear-messages.js';
import type { JailOptions } from './options.js';
import type { ProgressWriter } from './progress.js';

export interface EarsOptions {
  readonly jails: readonly JailOptions[];
  /** Multi-line states as kept, by ear. */
  readonly states: ReadonlyMap<string, string>;
  /** Jails that have heard their configured way earlier in this boot. */
  readonly heardBefore: ReadonlySet<string>;
  /** How far each jail looks back, milliseconds since the epoch. */
  sinceMs(jail: string): number;
  now(): number;
  /** Added to the time of every match; 0 but in a rehearsal. */
  readonly shiftMs?: number;
  /** Told at which line and expression the worker stands. */
  readonly progress?: ProgressWriter;
  /** Told the name of each source before its first line, in the order of their numbers. */
  readonly onSource?: (source: SourceId) => void;
  /** Told of odd stamps. */
  readonly onNotice?: (notice: SourceNotice) => void;
  /** Lines to pass over. */
  readonly culprits?: readonly Culprit[];
  /** Gives lines up in time, in the jails that need it. */
  readonly caution?: Caution;
  /** false: batches carry no multi-line states, which nobody keeps. */
  readonly keepsStates?: boolean;
}

export interface JailEars {
  readonly options: JailOptions;
  readonly heardBefore: boolean;
  readonly ears: Partial<Record<Way, Ear>>;
}

/** `now` is asked for the moment at which the lines came that are heard. */
export function earsOf(
  jail: JailOptions,
  index: number,
  options: EarsOptions,
  now: () => number,
): Partial<Record<Way, Ear>> {
  const { watch } = jail;
  const ears: Partial<Record<Way, Ear>> = {};
  const sinceMs = options.sinceMs(jail.name);
  for (const way of ['journal', 'file'] as const) {
    const filterOptions = watch.backend === way ? jail.filter : jail.otherFilter;
    const source = way === 'journal' ? watch.journalMatch.length : watch.files.length;
    if (filterOptions === undefined || source === 0) continue;
    const standing = options.progress?.expressionSlot;
    const caution = options.caution?.isFor(jail.name) === true ? options.caution : undefined;
    const limit = caution && ((regex: RegExp): RegExp => caution.limit(regex));
    const filter = new Filter(filterOptions, { now, ...(standing && { standing }), ...(limit && { limit }) });
    const state = options.states.get(earName(jail.name, way));
    if (state !== undefined) filter.restoreState(state);
    const ear = { jail: jail.name, index, way, filter, sinceMs, shiftMs: options.shiftMs ?? 0 };
    ears[way] = caution === undefined ? new Ear(ear) : new CautiousEar(ear, caution);
  }
  return ears;
}

/** On its own way always; on the other one while it has recognised nothing on its own. */
export function listens({ options, heardBefore, ears }: JailEars, way: Way): boolean {
  if (options.watch.backend === way) return true;
  return !heardBefore && (ears[options.watch.backend]?.recognised ?? 0) === 0;
}
