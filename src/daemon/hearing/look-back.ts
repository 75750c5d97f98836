/**
 * How far each jail looks back at the start: findtime, and for a jail new to the store at most a day.
 * Where a place was kept, the source goes on from there if that is later, and only the jails that are new hear what
 * lies before it. Takes the jails and the store; gives the plan for the worker.
 */
import type { JailOptions } from '../../jail/options.js';
import { isLookBack } from '../../jail/look-back.js';
import type { Place, SourceId } from '../../source/lines.js';
import type { Store } from '../../store/store.js';

const DAY_MS = 86_400_000;

export interface LookBackPlan {
  /** The oldest event time that counts for each jail, milliseconds since the epoch. */
  readonly sinceMs: ReadonlyMap<string, number>;
  /** Jails that have not been met yet and still have to look back at what others have read. */
  readonly newJails: readonly string[];
}

/** Takes the places that are kept; a jail is noted as met in a store without any, else by `notePast`. */
export function planLookBack(
  jails: readonly JailOptions[],
  store: Store,
  places: ReadonlyMap<SourceId, Place>,
  nowMs: number,
): LookBackPlan {
  const newJails = jails.map(({ name }) => name).filter((name) => !store.places.hasMet(name));
  const sinceMs = new Map(
    jails.map(({ name, failure }) => {
      const findtimeMs = failure.findtimeSeconds * 1000;
      return [name, nowMs - (newJails.includes(name) ? Math.min(findtimeMs, DAY_MS) : findtimeMs)];
    }),
  );
  if (places.size > 0) return { sinceMs, newJails };
  // Every source begins as far back as its jails look: there is no stretch that only others have read.
  store.transaction(() => notePast(newJails, store, nowMs));
  return { sinceMs, newJails: [] };
}

/** Notes that jails have looked back; to be called within a transaction. */
function notePast(jails: readonly string[], store: Store, nowMs: number): void {
  for (const jail of jails) store.places.meet(jail, nowMs);
  store.places.forget(isLookBack);
}
