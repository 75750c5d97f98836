/**
 * Hears when someone takes our table away: `flush ruleset`, a reload of nftables.service, an admin.
 * Takes what to do then; gives a way to stop. Does not know who did it (our own rewriting is heard too).
 * A socket of our own hears it, or `nft monitor` where there is none: that reads every element of the host first.
 */
import { monitorTable } from './nft-monitor.js';
import { watchTableBySocket } from './netlink-watch.js';
import type { TableDestroyed, TableWatch } from './table-watch.js';

/** Watches until closed; from before it resolves where a socket can be had. */
export async function watchTable(destroyed: TableDestroyed): Promise<TableWatch> {
  return (await watchTableBySocket(destroyed)) ?? monitorTable({ destroyed });
}
