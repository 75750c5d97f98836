/**
 * What is left of a network without a part of it: the fewest networks, one of each width between the two.
 * Takes canonical networks; gives them from the widest to the narrowest.
 */
import { type Network, formatNetwork, widthOf } from '../lib/address.js';

/** Canonical texts; empty where `part` is all of `whole`. `part` lies in `whole`. */
export function remainder(whole: Network, part: Network): readonly string[] {
  const { family } = whole;
  const rest: string[] = [];
  for (let prefix = whole.prefix + 1; prefix <= part.prefix; prefix += 1) {
    const bit = 1n << BigInt(widthOf(family) - prefix);
    // The half of the network around it that the part does not lie in.
    const base = ((part.base / bit) ^ 1n) * bit;
    rest.push(formatNetwork({ family, base, prefix }));
  }
  return rest;
}
