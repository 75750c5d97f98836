/**
 * An IPv6 address as its eight groups of sixteen bits: read, cut to a prefix and written in the one spelling of RFC 5952.
 * Numbers instead of a bigint, because this is done for every failure of a flood. Takes texts that are known to be addresses.
 */

import { ipv4Word } from './ipv4-word.js';

/** Eight numbers below 65,536. */
export type Groups = readonly number[];

const GROUPS = 8;
const BITS = 16;
const COLON = 58;
const DOT = 46;
const NINE = 57;
const BELOW_A = 87;
const ZERO = 48;
/** Of a digit written as a capital letter. */
const CAPITALS_END = 70;
const BELOW_CAPITAL_A = 55;

/** Of an address without a zone, as `isIPv6` of node:net takes it. */
export function groupsOf(text: string): Groups {
  const groups: number[] = [];
  let gap = -1;
  let group = 0;
  let isOpen = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      const word = ipv4Word(text.slice(text.lastIndexOf(':') + 1));
      groups.push(word >>> BITS, word & 0xffff);
      isOpen = false;
      break;
    }
    if (code !== COLON) {
      group = group * 16 + digitOf(code);
      isOpen = true;
      continue;
    }
    if (isOpen) groups.push(group);
    else if (at > 0) gap = groups.length;
    group = 0;
    isOpen = false;
  }
  if (isOpen) groups.push(group);
  if (gap >= 0)
    for (let missing = GROUPS - groups.length; missing > 0; missing -= 1) groups.splice(gap, 0, 0);
  return groups;
}

/** The network of `prefix` bits: what follows them is zero. */
export function maskedGroups(groups: Groups, prefix: number): Groups {
  const masked: number[] = [];
  for (let at = 0; at < GROUPS; at += 1) {
    const kept = Math.min(BITS, Math.max(0, prefix - at * BITS));
    masked.push((groups[at] ?? 0) & (0xffff << (BITS - kept)));
  }
  return masked;
}

/** RFC 5952: no zeros before a group, small letters, and the first longest run of two zero groups or more as `::`. */
export function ipv6Text(groups: Groups): string {
  const { start, length } = shortenedRun(groups);
  let text = '';
  for (let at = 0; at < GROUPS; at += 1) {
    if (at === start) {
      text += '::';
      at += length - 1;
      continue;
    }
    if (at > 0 && at !== start + length) text += ':';
    text += (groups[at] ?? 0).toString(16);
  }
  return text;
}

/** The 32 bits from the group at `first` on. */
export function wordOf(groups: Groups, first: number): number {
  return (groups[first] ?? 0) * 0x10000 + (groups[first + 1] ?? 0);
}

export function bigintOfGroups(groups: Groups): bigint {
  let value = 0n;
  for (let at = 0; at < GROUPS; at += 2) value = (value << 32n) | BigInt(wordOf(groups, at));
  return value;
}

export function groupsOfBigint(value: bigint): Groups {
  const groups: number[] = [];
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const word = Number((value >> shift) & 0xffffffffn);
    groups.push(word >>> BITS, word & 0xffff);
  }
  return groups;
}

function digitOf(code: number): number {
  if (code <= NINE) return code - ZERO;
  return code <= CAPITALS_END ? code - BELOW_CAPITAL_A : code - BELOW_A;
}

/** The first longest run of two zeros or more; a `start` below any group where there is none. */
function shortenedRun(groups: Groups): { readonly start: number; readonly length: number } {
  let [start, longest, length] = [-1, 1, 0];
  for (let at = 0; at < GROUPS; at += 1) {
    length = groups[at] === 0 ? length + 1 : 0;
    if (length > longest) [start, longest] = [at - length + 1, length];
  }
  return { start, length: start < 0 ? 0 : longest };
}
