/**
 * From the groups of a match to whom it names: the address in its one spelling, a network, or the text of `<F-ID>`.
 * The patterns of the tags are loose, so an address that is none is refused here.
 */
import { formatNetwork, parseAddress, parseNetwork } from '../lib/address.js';
import type { Groups } from './groups.js';

export interface Identity {
  readonly id: string;
  readonly address: string | undefined;
}

/** undefined: the groups name nobody; `invalid`: what they name is no address. */
export function identify(groups: Groups): Identity | 'invalid' | undefined {
  const written = groups['ip4'] ?? groups['ip6'];
  const fid = groups['fid'];
  if (written === undefined) {
    const name = fid ?? groups['dns'];
    if (name === undefined || name === '') return undefined;
    const address = parseAddress(name);
    return address === undefined ? { id: name, address: undefined } : { id: address, address };
  }
  const address = parseAddress(written);
  if (address === undefined) return 'invalid';
  if (fid !== undefined && fid !== '' && fid !== written) return { id: parseAddress(fid) ?? fid, address };
  const cidr = groups['cidr'];
  if (cidr === undefined) return { id: address, address };
  const network = parseNetwork(`${written}/${cidr}`);
  return network === undefined ? 'invalid' : { id: formatNetwork(network), address };
}
