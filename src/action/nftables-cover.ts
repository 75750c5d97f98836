/**
 * Which elements the kernel need not have, because a wider set of the same jail and family holds their whole network.
 * Takes the sets, the widest first, and one change; moves elements between what is written and what is kept in mind.
 * An element that outlives what covers it is written: the kernel may be on its own when the wider one ends.
 */
import { type Network, covers, formatAddress, networkOf, widen, widthOf } from '../lib/address.js';
import type { NftablesSet } from './nftables-set.js';

/** Puts an element where it belongs, and what it covers out of the kernel. Times: `performance.now()`. */
export function putCovering(
  widths: readonly NftablesSet[],
  set: NftablesSet,
  element: string,
  expiresMs: number,
  nowMs: number,
): void {
  if (isCovered(widths, set, element, expiresMs)) set.cover(element, expiresMs, nowMs);
  else set.put(element, expiresMs);
  // What it covers now is covered by what covers it, too.
  for (const [narrow, inner, innerMs] of inside(widths, set, element))
    if (innerMs <= expiresMs) narrow.cover(inner, innerMs, nowMs);
}

/** An element went: what it covered, and nothing else does, is written. */
export function uncover(
  widths: readonly NftablesSet[],
  set: NftablesSet,
  element: string,
  nowMs: number,
): void {
  const wide = networkOf(element, set.prefix);
  for (const narrow of widths) {
    if (narrow.prefix <= set.prefix) continue;
    for (const [inner, expiresMs] of narrow.covered)
      if (
        expiresMs > nowMs &&
        covers(wide, networkOf(inner, narrow.prefix)) &&
        !isCovered(widths, narrow, inner, expiresMs)
      )
        narrow.put(inner, expiresMs);
  }
}

function isCovered(
  widths: readonly NftablesSet[],
  set: NftablesSet,
  element: string,
  expiresMs: number,
): boolean {
  return widths.some((wider) => {
    if (wider.prefix >= set.prefix || wider.size === 0) return false;
    const [base = ''] = widen(element, wider.prefix).split('/');
    return (wider.expiresMs(base) ?? 0) >= expiresMs;
  });
}

/** The elements of narrower sets that lie in one of `set`. */
function* inside(
  widths: readonly NftablesSet[],
  set: NftablesSet,
  element: string,
): Iterable<readonly [NftablesSet, string, number]> {
  const narrower = widths.filter(({ prefix, size }) => prefix > set.prefix && size > 0);
  if (narrower.length === 0) return;
  const wide = networkOf(element, set.prefix);
  for (const narrow of narrower) {
    for (const inner of basesIn(wide, narrow)) {
      const expiresMs = narrow.expiresMs(inner);
      if (expiresMs !== undefined) yield [narrow, inner, expiresMs];
    }
  }
}

/** Whatever is fewer: all networks of that width, or all that the set has. */
function basesIn(wide: Network, { prefix, family, elements }: NftablesSet): readonly string[] {
  const count = 2 ** (prefix - wide.prefix);
  if (count > elements.size)
    return [...elements.keys()].filter((element) => covers(wide, networkOf(element, prefix)));
  const step = 1n << BigInt(widthOf(family) - prefix);
  return Array.from({ length: count }, (_, index) => formatAddress(family, wide.base + BigInt(index) * step));
}
