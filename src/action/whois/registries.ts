/**
 * The registries of addresses: where a whois question may be passed on to, and how each wants to be asked.
 * Takes an answer; gives the registry that it refers to, and the networks that it speaks of. Never follows a name that is
 * none of theirs: an answer is anybody's text.
 */
import {
  covers,
  familyOf,
  networkOf,
  numberOf,
  type Network,
  parseAddress,
  parseNetwork,
} from '../../lib/address.js';

/** Where every question begins. */
export const FIRST = 'whois.iana.org';

const REGISTRIES: ReadonlySet<string> = new Set([
  'whois.arin.net',
  'whois.ripe.net',
  'whois.apnic.net',
  'whois.lacnic.net',
  'whois.afrinic.net',
  'whois.nic.ad.jp',
  'whois.kisa.or.kr',
  'whois.krnic.net',
  'whois.registro.br',
  'whois.twnic.net',
  'whois.twnic.net.tw',
]);
/** An answer for more than that is no answer about this address. */
const WIDEST = { 4: 8, 6: 20 } as const;
/** What is long is somebody's list, or written to keep us busy: each line and each network is looked at once, and so many of them. */
const MOST_LINES = 1000;
const MOST_NETWORKS = 64;
const LONGEST_LINE = 250;

export function questionFor(server: string, address: string): string {
  if (server === 'whois.arin.net') return `n + ${address}`;
  return server === 'whois.nic.ad.jp' ? `${address}/e` : address;
}

/** The registry that an answer leads to first; undefined = none. */
export function referralOf(text: string): string | undefined {
  for (const line of linesOf(text)) {
    const [, server] =
      /^(?:refer|ReferralServer|whois): *(?:whois:\/\/)?([A-Za-z0-9.-]{4,100})(?::43)?\/?$/.exec(line) ?? [];
    if (server !== undefined) return REGISTRIES.has(server.toLowerCase()) ? server.toLowerCase() : undefined;
  }
  return undefined;
}

/** The narrowest network around `address` that an answer speaks of; undefined = none. */
export function networkIn(text: string, address: string): Network | undefined {
  const own = networkOf(address, familyOf(address) === 4 ? 32 : 128);
  const written = linesOf(text).flatMap(
    (line) => /^(?:inetnum|inet6num|NetRange|CIDR) *: *(\S.{2,199})$/i.exec(line)?.[1] ?? [],
  );
  let found: Network | undefined;
  for (const network of written.slice(0, MOST_NETWORKS).flatMap((each) => networksOf(each, address))) {
    if (!covers(network, own) || network.prefix < WIDEST[network.family]) continue;
    if (found === undefined || network.prefix > found.prefix) found = network;
  }
  return found;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n', MOST_LINES).map((line) => line.slice(0, LONGEST_LINE).replaceAll('\t', ' ').trim());
}

/** `192.0.2.0/24, 198.51.100.0/23`, or the largest network around `address` within `192.0.2.0 - 192.0.3.255`. */
function networksOf(written: string, address: string): readonly Network[] {
  const range = /^([0-9A-Fa-f.:]+)\s+-\s+([0-9A-Fa-f.:]+)\s*$/.exec(written);
  if (range === null)
    return written
      .split(',')
      .flatMap((each) => (each.includes('/') ? (parseNetwork(each.trim()) ?? []) : []));
  const [first, last] = [parseAddress(range[1] ?? ''), parseAddress(range[2] ?? '')];
  if (first === undefined || last === undefined || familyOf(first) !== familyOf(address)) return [];
  const width = familyOf(address) === 4 ? 32 : 128;
  for (let prefix = 0; prefix <= width; prefix += 1) {
    const network = networkOf(address, prefix);
    const end = network.base + (1n << BigInt(width - prefix)) - 1n;
    if (network.base >= numberOf(first) && end <= numberOf(last)) return [network];
  }
  return [];
}
