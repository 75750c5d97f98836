/**
 * Internet addresses and networks as canonical text: what is counted, compared, stored and banned.
 * Takes any spelling (zone ids, v4-mapped, upper case, brackets not); gives one spelling each.
 * IPv6 follows RFC 5952. Does not resolve names.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { ipv4Word } from './ipv4-word.js';
import {
  type Groups,
  bigintOfGroups,
  groupsOf,
  groupsOfBigint,
  ipv6Text,
  maskedGroups,
  wordOf,
} from './ipv6-groups.js';

export type Family = 4 | 6;

export interface Network {
  readonly family: Family;
  /** The lowest address, as a number. */
  readonly base: bigint;
  /** 0–32 or 0–128. */
  readonly prefix: number;
}

/** What a translator's addresses begin with: the rest are told from them by their first characters. */
const NAT64 = '64:ff9b::';
const SIIT = '::ffff:0:';

/** The family of a canonical address or network text. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 6 : 4;
}

/** The full prefix length of a family: 32 or 128. */
export function widthOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Canonical text of an address, or undefined if it is none. `::ffff:192.0.2.1` becomes `192.0.2.1`. */
export function parseAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const bare = text.includes('%') ? text.slice(0, text.indexOf('%')) : text;
  if (!isIPv6(bare)) return undefined;
  return textOf(groupsOf(bare));
}

/** `a.b.c.d/n`, `a:b::/n`, a bare address (full width) or `a.b.c.d/m.a.s.k`; undefined if none of them. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const family = familyOf(address);
  if (slash < 0) return networkOf(address, widthOf(family));
  const written = text.slice(slash + 1);
  const mapped = family === 4 && text.slice(0, slash).includes(':') ? 96 : 0;
  const prefix = /^\d{1,3}$/.test(written) ? Number(written) - mapped : prefixOfMask(written);
  if (prefix < 0 || prefix > widthOf(family)) return undefined;
  return networkOf(address, prefix);
}

/** The network of `prefix` bits around a canonical address. */
export function networkOf(address: string, prefix: number): Network {
  const family = familyOf(address);
  return { family, base: maskOff(numberOf(address), widthOf(family) - prefix), prefix };
}

/** `192.0.2.1` for a full width, `2001:db8::/64` for a wider network. */
export function formatNetwork(network: Network): string {
  const address = formatAddress(network.family, network.base);
  return network.prefix === widthOf(network.family) ? address : `${address}/${network.prefix}`;
}

/** The address of a canonical network text, without its prefix. */
export function baseAddressOf(text: string): string {
  const slash = text.indexOf('/');
  return slash < 0 ? text : text.slice(0, slash);
}

/** The prefix length of a canonical address or network text. */
export function prefixOf(text: string): number {
  const slash = text.indexOf('/');
  return slash < 0 ? widthOf(familyOf(text)) : Number(text.slice(slash + 1));
}

/** Canonical text of the network of `prefix` bits around a canonical address; the address itself at full width. */
export function widen(address: string, prefix: number): string {
  const family = familyOf(address);
  if (prefix >= widthOf(family)) return address;
  if (family === 4) return formatNetwork(networkOf(address, prefix));
  return `${textOf(maskedGroups(groupsOf(address), prefix))}/${prefix}`;
}

/**
 * The network that stands for one client: `prefix` bits around an IPv6 address, an IPv4 address itself; and itself, too, an
 * IPv6 address that a translator made of an IPv4 one, for around those lies all of IPv4.
 */
export function clientNetwork(address: string, prefix: number): string {
  if (familyOf(address) === 4 || embeddedAddress(address) !== undefined) return address;
  return widen(address, prefix);
}

/** The IPv4 address in one of a translator: 64:ff9b::/96 (RFC 6052), ::ffff:0:0:0/96 (RFC 2765); undefined = none. */
export function embeddedAddress(address: string): string | undefined {
  const isNat64 = address.startsWith(NAT64);
  if (!isNat64 && !address.startsWith(SIIT)) return undefined;
  const groups = groupsOf(address);
  const isTranslated = isNat64
    ? wordOf(groups, 2) === 0 && wordOf(groups, 4) === 0
    : wordOf(groups, 0) === 0 && wordOf(groups, 2) === 0 && groups[4] === 0xffff && groups[5] === 0;
  return isTranslated ? ipv4Text(wordOf(groups, 6)) : undefined;
}

/** Whether `outer` covers all of `inner`. */
export function covers(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return maskOff(inner.base, widthOf(inner.family) - outer.prefix) === outer.base;
}

/** The number of a canonical address. */
export function numberOf(address: string): bigint {
  if (familyOf(address) === 6) return bigintOfGroups(groupsOf(address));
  return BigInt(ipv4Word(address));
}

/** Canonical text of a number: RFC 5952 for IPv6, dotted for IPv4 and for v4-mapped. */
export function formatAddress(family: Family, value: bigint): string {
  return family === 4 ? ipv4Text(Number(value & 0xffffffffn)) : textOf(groupsOfBigint(value));
}

/** Dotted for v4-mapped. */
function textOf(groups: Groups): string {
  const isMapped =
    groups[5] === 0xffff && wordOf(groups, 0) === 0 && wordOf(groups, 2) === 0 && groups[4] === 0;
  return isMapped ? ipv4Text(wordOf(groups, 6)) : ipv6Text(groups);
}

function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function maskOff(value: bigint, hostBits: number): bigint {
  const bits = BigInt(hostBits);
  return (value >> bits) << bits;
}

function prefixOfMask(text: string): number {
  if (!isIPv4(text)) return -1;
  const bits = numberOf(text).toString(2).padStart(32, '0');
  const zero = bits.indexOf('0');
  if (zero < 0) return 32;
  return bits.includes('1', zero) ? -1 : zero;
}
