/**
 * Notices at a start which jails judge otherwise than when the daemon ran last: their bans are watched as after a reload.
 * Takes the jails and what the store knows; gives the changed ones with the time of the change. Writes through the ledger.
 */
import type { Jail } from '../../jail/jail.js';
import { judgementOf } from '../../jail/judgement.js';
import type { Store } from '../../store/store.js';
import type { Ledger } from './ledger.js';

/** Since when each jail has judged as it does; a jail of the first start has always. */
export function changedJails(
  jails: Iterable<Jail>,
  store: Pick<Store, 'judgements'>,
  ledger: Pick<Ledger, 'note'>,
  nowMs: number,
): ReadonlyMap<Jail, number> {
  const known = store.judgements.all();
  const changed = new Map<Jail, number>();
  for (const jail of jails) {
    const digest = judgementOf(jail.options);
    const last = known.get(jail.name);
    const sinceMs = last?.digest === digest ? last.sinceMs : known.size === 0 ? 0 : nowMs;
    changed.set(jail, sinceMs);
    if (last?.digest !== digest) ledger.note(() => store.judgements.keep(jail.name, { digest, sinceMs }));
  }
  return changed;
}
