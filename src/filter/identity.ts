/**
 * From the groups of a match to whom it names: the address in its one spelling, a network, or the text of `<F-ID>`.
 * The patterns of the tags are loose, so an address that is none is refused here.
 */
import { formatNetwork, parseNetwork } from '../lib/address.js';
import { canonicalAddress } from './canonical-address.js';
import { GROUP, type Groups } from './groups.js';

export interface Identity {
  readonly id: string;
  readonly address: string | undefined;
  /** A host name that stands in the address's place. */
  readonly hostName?: string;
}

/**
 * undefined: the groups name nobody; `invalid`: what they name is no address.
 * `raw`: then that text is the id, as `usedns = raw` asks for.
 */
export function identify(groups: Readonly<Groups>, raw: boolean): Identity | 'invalid' | undefined {
  const written = groups[GROUP.ip4] ?? groups[GROUP.ip6];
  const fid = groups[GROUP.fid];
  if (written === undefined) {
    const name = fid ?? groups[GROUP.dns];
    if (name === undefined || name === '') return undefined;
    const address = canonicalAddress(name);
    if (address === undefined && fid === undefined && !raw) return { id: name, address, hostName: name };
    return { id: address ?? name, address };
  }
  const address = canonicalAddress(written);
  if (address === undefined) return raw ? { id: fid ?? written, address: undefined } : 'invalid';
  if (fid !== undefined && fid !== '' && fid !== written)
    return { id: canonicalAddress(fid) ?? fid, address };
  const cidr = groups[GROUP.cidr];
  if (cidr === undefined) return { id: address, address };
  const network = parseNetwork(`${written}/${cidr}`);
  return network === undefined ? 'invalid' : { id: formatNetwork(network), address };
}
