/**
 * What this host's network rests on: its addresses, their networks, its gateways and resolvers.
 * Takes nothing; reads anew each time and gives canonical text; what cannot be read is none.
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import {
  type Network,
  covers,
  formatAddress,
  formatNetwork,
  parseAddress,
  parseNetwork,
  widthOf,
} from '../../lib/address.js';

const RESOLVERS = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];
/** A site's own numbers (RFC 1918, 4193, 6598): its networks may be of any width. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].flatMap(
  (text) => parseNetwork(text) ?? [],
);
/** Wider public networks are a provider's: strangers live there as well. */
const WIDEST_PUBLIC = { 4: 24, 6: 48 } as const;

export function readOwnAddresses(): ReadonlySet<string> {
  return new Set(interfaces().flatMap(({ address }) => parseAddress(address) ?? []));
}

/** The networks that its addresses lie in, as its interfaces have them; single addresses are none. */
export function readOwnNetworks(): ReadonlySet<string> {
  const networks = interfaces().flatMap(({ cidr, internal }) =>
    cidr === null || internal ? [] : (parseNetwork(cidr) ?? []),
  );
  return new Set(networks.filter(isOwn).map(formatNetwork));
}

/** Whether a network that an interface is in can be the site's own. */
export function isOwn(network: Network): boolean {
  if (network.prefix === widthOf(network.family)) return false;
  return PRIVATE.some((range) => covers(range, network)) || network.prefix >= WIDEST_PUBLIC[network.family];
}

/**
 * Next hops of route (little-endian hex) and ipv6_route (hex), see proc(5); below `self`, for a service with `ProcSubset=pid`
 * has no other.
 */
export function readGateways(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of linesOf('/proc/self/net/route').slice(1)) {
    const gateway = line.split(/\s+/)[2] ?? '';
    const octets = gateway.match(/../g)?.map((hex) => Number.parseInt(hex, 16)) ?? [];
    if (octets.length === 4 && octets.some((octet) => octet !== 0)) found.add(octets.reverse().join('.'));
  }
  for (const line of linesOf('/proc/self/net/ipv6_route')) {
    const gateway = line.split(/\s+/)[4] ?? '';
    if (/^[0-9a-f]{32}$/.test(gateway) && !/^0+$/.test(gateway))
      found.add(formatAddress(6, BigInt(`0x${gateway}`)));
  }
  return found;
}

/** `nameserver` of resolv.conf(5), also behind systemd-resolved. */
export function readResolvers(paths: readonly string[] = RESOLVERS): ReadonlySet<string> {
  const lines = paths.flatMap(linesOf);
  return new Set(lines.flatMap((line) => parseAddress(/^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? '') ?? []));
}

function interfaces() {
  return Object.values(networkInterfaces()).flatMap((all) => all ?? []);
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    // No /proc, no IPv6, no resolver: then there is none to protect.
    return [];
  }
}
