/**
 * Internet addresses and networks as canonical text: what is counted, compared, stored and banned.
 * Takes any spelling (zone ids, v4-mapped, upper case, brackets not); gives one spelling each.
 * IPv6 follows RFC 5952. Does not resolve names.
 */
import { isIPv4, isIPv6 } from 'node:net';

export type Family = 4 | 6;

export interface Network {
  readonly family: Family;
  /** The lowest address, as a number. */
  readonly base: bigint;
  /** 0–32 or 0–128. */
  readonly prefix: number;
}

const DOT = 46;
const ZERO = 48;
const NINE = 57;
const HEX_MAPPED = 0xffffn << 32n;
/** The upper 96 bits. */
const NAT64 = 0x64ff9b0000000000000000n;
const SIIT = 0xffff0000n;
/** What such addresses begin with: the rest are told from them by their first characters. */
const TRANSLATED = /^(?:64:ff9b::|::ffff:0:)/;

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
  return formatAddress(6, bigintOfIPv6(bare));
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
  if (prefix >= widthOf(familyOf(address))) return address;
  return formatNetwork(networkOf(address, prefix));
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
  if (!TRANSLATED.test(address)) return undefined;
  const value = bigintOfIPv6(address);
  const isTranslated = value >> 32n === NAT64 || value >> 32n === SIIT;
  return isTranslated ? formatAddress(4, value & 0xffffffffn) : undefined;
}

/** Whether `outer` covers all of `inner`. */
export function covers(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return maskOff(inner.base, widthOf(inner.family) - outer.prefix) === outer.base;
}

/** The number of a canonical address. */
export function numberOf(address: string): bigint {
  if (familyOf(address) === 6) return bigintOfIPv6(address);
  return BigInt(ipv4Word(address));
}

/** The 32 bits of a canonical IPv4 address, without a bigint; NaN where a character is no part of one. */
export function ipv4Word(address: string): number {
  let value = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === DOT) {
      value = value * 256 + octet;
      octet = 0;
    } else if (code >= ZERO && code <= NINE) octet = octet * 10 + code - ZERO;
    else return Number.NaN;
  }
  return value * 256 + octet;
}

/** Canonical text of a number: RFC 5952 for IPv6, dotted for IPv4 and for v4-mapped. */
export function formatAddress(family: Family, value: bigint): string {
  if (family === 4 || value >> 32n === HEX_MAPPED >> 32n) {
    const low = Number(value & 0xffffffffn);
    return `${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}`;
  }
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  const { start, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  let start = -1;
  for (let index = 0; index <= groups.length; index += 1) {
    if (groups[index] === 0) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      if (index - start > best.length) best = { start, length: index - start };
      start = -1;
    }
  }
  return best;
}

function bigintOfIPv6(text: string): bigint {
  const dotted = text.lastIndexOf(':') + 1;
  const tail = text.slice(dotted);
  const plain = tail.includes('.')
    ? `${text.slice(0, dotted)}${(numberOf(tail) >> 16n).toString(16)}:${(numberOf(tail) & 0xffffn).toString(16)}`
    : text;
  const [head = '', rest] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  let value = 0n;
  for (const group of left) value = (value << 16n) | BigInt(Number.parseInt(group, 16));
  if (rest === undefined) return value;
  value <<= BigInt(16 * (8 - left.length));
  let low = 0n;
  for (const group of right) low = (low << 16n) | BigInt(Number.parseInt(group, 16));
  return value | low;
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
