/**
 * The way into the kernel: a netlink socket of this process before the spawned nft, where both reach the same firewall.
 * Takes the mode; gives its transport, or a faster one. Tells, once, where nft has to be spawned for each write.
 */
import { NftNetlink } from '../../action/nft-netlink.js';
import type { NftTransport } from '../../action/nft-transport.js';
import type { Mode } from './mode.js';
import type { NoticeBoard } from '../telling/notice-board.js';

/** To be called after the rights were given away: the socket keeps those of the moment in which it is opened. */
export async function firewallTransport(
  { name, transport }: Mode,
  notices: NoticeBoard,
): Promise<NftTransport | undefined> {
  // A rehearsal's firewall is in a network namespace that only its children enter.
  if (name !== 'enforcing' || transport === undefined) return transport;
  return NftNetlink.open(transport, (why) =>
    notices.post(
      'warning',
      'nftables',
      'spawned',
      `Netlink cannot be used (${why}): nft is spawned for each write.`,
    ),
  );
}
