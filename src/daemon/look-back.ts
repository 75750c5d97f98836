/**
 * How far each jail looks back at the start: findtime, and for a jail new to the store at most a day.
 * Where a place was kept, the source goes on from there if that is later.
 */
import type { JailOptions } from '../jail/options.js';
import type { Store } from '../store/store.js';

const DAY_MS = 86_400_000;

/** Notes each jail in the store; gives the oldest event time that counts for it, milliseconds since the epoch. */
export function lookBack(
  jails: readonly JailOptions[],
  store: Store,
  nowMs: number,
): ReadonlyMap<string, number> {
  return store.transaction(
    () =>
      new Map(
        jails.map(({ name, failure }) => {
          const isNew = store.places.meet(name, nowMs);
          const findtimeMs = failure.findtimeSeconds * 1000;
          return [name, nowMs - (isNew ? Math.min(findtimeMs, DAY_MS) : findtimeMs)];
        }),
      ),
  );
}
