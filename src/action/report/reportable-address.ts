/**
 * Whether an address can be somebody's on the internet: not of a private network, not this host, no multicast.
 * Reporting others is refused, and would tell how the network here is built.
 */
import { covers, networkOf, parseNetwork, widthOf, familyOf } from '../../lib/address.js';

const INSIDE = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16',
  '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8',
  // A translator's own: who is behind it is told by the address within, to nobody but this network.
  '64:ff9b::/96', '64:ff9b:1::/48',
].flatMap((text) => parseNetwork(text) ?? []); // prettier-ignore

/** `address` is canonical. */
export function isReportable(address: string): boolean {
  const family = familyOf(address);
  const own = networkOf(address, widthOf(family));
  return !INSIDE.some((network) => network.family === family && covers(network, own));
}
