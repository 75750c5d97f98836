/**
 * What becomes of one element of a set that the kernel has: the common language of every way into the kernel.
 * Takes nothing; gives the type, how long an element has left, and changes sorted by set.
 */
import type { Family } from '../lib/address.js';

export interface SetName {
  /** The kernel's name of the set, in the table inet bailiff. */
  readonly name: string;
  readonly family: Family;
}

export interface ElementChange {
  readonly set: SetName;
  /** The base address of the network. */
  readonly element: string;
  /** When the kernel shall drop it by itself (`performance.now()`), Infinity for never; undefined = it shall go now. */
  readonly expiresMs: number | undefined;
  /** Whether the kernel may hold it already. */
  readonly known: boolean;
}

/** The kernel refuses more than 584 years (nf_msecs_to_jiffies64); nobody sees the end of a century's ban. */
const FOR_EVER_MS = 100 * 365 * 86_400_000;

/** Whole milliseconds that are left, Infinity for an element without a timeout; undefined = it shall not be there. */
export function timeLeftMs({ expiresMs }: ElementChange, nowMs: number): number | undefined {
  if (expiresMs === undefined) return undefined;
  const leftMs = Math.ceil(expiresMs - nowMs);
  if (leftMs <= 0) return undefined;
  return leftMs > FOR_EVER_MS ? Infinity : leftMs;
}

/** The same changes, those of one set together. */
export function bySet(
  changes: readonly ElementChange[],
): Iterable<{ readonly set: SetName; readonly own: readonly ElementChange[] }> {
  const sorted = new Map<string, { readonly set: SetName; readonly own: ElementChange[] }>();
  for (const change of changes) {
    const { set } = change;
    const known = sorted.get(set.name);
    if (known === undefined) sorted.set(set.name, { set, own: [change] });
    else known.own.push(change);
  }
  return sorted.values();
}
