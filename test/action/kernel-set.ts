/** Reads a set back from the kernel of a namespace, as the code under test never does. */
import type { NetworkNamespace } from './network-namespace.js';

interface Elem {
  readonly val: string;
  readonly timeout?: number;
}

/** element → its timeout in seconds, undefined = none. A set that is not there is empty. */
export function kernelSet(place: NetworkNamespace, name: string): Map<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  const { nftables } = JSON.parse(place.run('nft', '-j', 'list', 'ruleset')) as {
    nftables: { set?: { name: string; elem?: (string | { elem: Elem })[] } }[];
  };
  for (const { set } of nftables) {
    if (set?.name !== name) continue;
    for (const entry of set.elem ?? []) {
      if (typeof entry === 'string') found.set(entry, undefined);
      else found.set(entry.elem.val, entry.elem.timeout);
    }
  }
  return found;
}
