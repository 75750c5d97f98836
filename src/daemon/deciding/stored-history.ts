/**
 * Earlier bans, from the store.
 * Takes the store's bans; gives what the ban room asks for. A store that cannot be read knows of none: bans then are as
 * long as first ones, and none is held back; that it cannot be read is the ledger's to tell.
 */
import type { BanHistory } from '../../ban/history.js';
import type { BanStore } from '../../store/ban-store.js';

export function storedHistory(bans: Pick<BanStore, 'lastBans'>): BanHistory {
  return {
    lastBans: (target) => {
      try {
        return bans.lastBans(target);
      } catch {
        return [];
      }
    },
  };
}
