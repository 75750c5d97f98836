/**
 * The ears of one jail: one for each way over which it can hear, its filter made for the lines of that way.
 * Takes the jail's options; gives the ears, and whether the jail listens on a way. Does not hear.
 */
import { Filter } from '../filter/filter.js';
import type { FilterOptions } from '../filter/match.js';
import type { SourceId, SourceNotice } from '../source/lines.js';
import type { Way } from './batch.js';
import { earName } from './batch.js';
import { Ear, type Listener } from './ear.js';
import { CautiousEar } from './cautious-ear.js';
import { equalKey, type EqualEars } from './equal-ears.js';
import type { Caution } from './caution.js';
import type { Culprit } from './hear-messages.js';
import type { ConnectionsByEar } from './kept-connections.js';
import type { JailOptions } from './options.js';
import type { ProgressWriter } from './progress.js';

export interface EarsOptions {
  readonly jails: readonly JailOptions[];
  /** As kept. */
  readonly connections: ConnectionsByEar;
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
  /** false: batches tell of no connections, which nobody keeps. */
  readonly tellsChanges?: boolean;
  /** See FilterEnvironment. */
  readonly bytesAfter?: number;
}

export interface JailEars {
  readonly options: JailOptions;
  readonly heardBefore: boolean;
  readonly ears: Partial<Record<Way, Ear>>;
}

/** What the ears of all jails are made with. */
export interface EarMaking {
  readonly options: EarsOptions;
  /** Asked for the moment at which the lines came that are heard. */
  readonly now: () => number;
  readonly equal: EqualEars;
}

export function earsOf(jail: JailOptions, index: number, making: EarMaking): Partial<Record<Way, Ear>> {
  const { options, equal } = making;
  const ears: Partial<Record<Way, Ear>> = {};
  const listener = { jail: jail.name, index, sinceMs: options.sinceMs(jail.name) };
  for (const way of ['journal', 'file'] as const) {
    const filter = filterFor(jail, way);
    if (filter === undefined) continue;
    const connections = options.connections.get(earName(jail.name, way));
    const isCautious = options.caution?.isFor(jail.name) === true;
    const key = isCautious
      ? undefined
      : equalKey(jail, way, filter, { sinceMs: listener.sinceMs, connections });
    ears[way] = equal.earFor(key, listener, () => {
      const ear = ownEar(way, filter, listener, making);
      if (connections !== undefined) ear.filter.restore(connections);
      return ear;
    });
  }
  return ears;
}

/** Gives each jail that shares this ear one of its own, which goes on where that one was. */
export function partEar(ear: Ear, jails: readonly JailEars[], making: EarMaking): void {
  const { way } = ear;
  for (const listener of ear.listeners) {
    const jail = jails[listener.index];
    const filter = jail && filterFor(jail.options, way);
    if (jail === undefined || filter === undefined) continue;
    const own = ownEar(way, filter, listener, making);
    own.goOn(ear, listener);
    jail.ears[way] = own;
  }
}

/** What a jail hears by on a way; undefined where it has no source there. */
export function filterFor({ watch, filter, otherFilter }: JailOptions, way: Way): FilterOptions | undefined {
  const sources = way === 'journal' ? watch.journalMatch.length : watch.files.length;
  if (sources === 0) return undefined;
  return watch.backend === way ? filter : otherFilter;
}

function ownEar(
  way: Way,
  filterOptions: FilterOptions,
  listener: Listener,
  { options, now }: EarMaking,
): Ear {
  const standing = options.progress?.expressionSlot;
  const caution = options.caution?.isFor(listener.jail) === true ? options.caution : undefined;
  const limit = caution && ((regex: RegExp): RegExp => caution.limit(regex));
  const filter = new Filter(filterOptions, {
    now,
    tellsChanges: options.tellsChanges !== false,
    bytesAfter: options.bytesAfter,
    ...(standing && { standing }),
    ...(limit && { limit }),
  });
  const ear = { listener, way, filter, shiftMs: options.shiftMs ?? 0 };
  return caution === undefined ? new Ear(ear) : new CautiousEar(ear, caution);
}

/** On its own way always; on the other one while it has recognised nothing on its own. */
export function listens({ options, heardBefore, ears }: JailEars, way: Way): boolean {
  if (options.watch.backend === way) return true;
  return !heardBefore && (ears[options.watch.backend]?.recognised ?? 0) === 0;
}
