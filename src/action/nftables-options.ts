/**
 * What the firewall does for one jail: which protocols and ports are shut, and how.
 * Takes the action's parameters (Fail2Ban's names: port, protocol, blocktype, type); gives checked values.
 * Does not know who is banned.
 */
import { BailiffError } from '../lib/errors.js';
import type { ActionOptions } from './options.js';
import { type PortRange, parsePortList } from './port-list.js';

export type Protocol = 'tcp' | 'udp';

export interface NftablesJail {
  readonly jail: string;
  readonly protocols: readonly Protocol[];
  readonly ports: readonly PortRange[] | 'all';
  /** nft's own words, e.g. `drop`, `reject with tcp reset`. */
  readonly verdict: string;
  /** The width at which this jail bans IPv6 addresses; other widths get their set when they come up. */
  readonly ipv6prefix: number;
}

/** ICMP's and ICMPv6's reasons → nft's icmpx, which has four for both families (nft(8), REJECT STATEMENT). */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['port-unreachable', 'port-unreachable'],
  ['host-unreachable', 'host-unreachable'],
  ['addr-unreachable', 'host-unreachable'],
  ['prot-unreachable', 'host-unreachable'],
  ['net-unreachable', 'no-route'],
  ['no-route', 'no-route'],
  ['admin-prohibited', 'admin-prohibited'],
  ['host-prohibited', 'admin-prohibited'],
  ['net-prohibited', 'admin-prohibited'],
]);

/**
 * Reads the parameters of a native nftables action of `jail`; `ipv6prefix` is the jail's own.
 * @throws BailiffError `action.nft-port`, `action.nft-protocol`, `action.nft-blocktype`.
 */
export function nftablesJail(jail: string, options: ActionOptions, ipv6prefix = 64): NftablesJail {
  const { port = '0:65535', protocol, blocktype = 'drop', type = '' } = options.parameters;
  const ports = type === 'allports' ? 'all' : parsePortList(port);
  const protocols = protocolsOf(protocol ?? (ports === 'all' ? 'all' : 'tcp'));
  return { jail, protocols, ports, verdict: verdictOf(blocktype, protocols), ipv6prefix };
}

/** ICMP is never ours to cut: without it path MTU and neighbour discovery fail. */
function protocolsOf(text: string): readonly Protocol[] {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const found = new Set<Protocol>();
  for (const word of words) {
    if (word === 'all') found.add('tcp').add('udp');
    else if (word === 'tcp' || word === 'udp') found.add(word);
    else throw badProtocol(text);
  }
  if (found.size === 0) throw badProtocol(text);
  return [...found].sort();
}

/** Takes nft's words and those of Fail2Ban's iptables actions (`REJECT --reject-with icmp-port-unreachable`, `DROP`). */
function verdictOf(text: string, protocols: readonly Protocol[]): string {
  const words = text.trim().toLowerCase().replace('--reject-with', 'with').split(/\s+/);
  const [kind, joint, ...how] = words;
  if (kind === 'drop' && words.length === 1) return 'drop';
  if (kind !== 'reject') throw badBlocktype(text);
  if (joint === undefined) return 'reject';
  if (joint !== 'with') throw badBlocktype(text);
  if (/^tcp[ -](reset|rst)$/.test(how.join(' '))) {
    // A datagram cannot be reset; nft refuses the rule unless it is bound to TCP.
    return protocols.includes('udp') ? 'reject' : 'reject with tcp reset';
  }
  const [, reason = ''] = /^icmp(?:x|v6|6)?(?:-| (?:type )?)([a-z-]+)$/.exec(how.join(' ')) ?? [];
  const both = REASONS.get(reason);
  if (both === undefined) throw badBlocktype(text);
  return `reject with icmpx type ${both}`;
}

function badProtocol(text: string): BailiffError {
  return new BailiffError('action.nft-protocol', `protocol \`${text}\` is none that can be shut.`, {
    where: { option: 'protocol' },
    remedy: 'Write tcp, udp or all (both); ICMP stays open always.',
  });
}

function badBlocktype(text: string): BailiffError {
  return new BailiffError('action.nft-blocktype', `blocktype \`${text}\` is not known.`, {
    where: { option: 'blocktype' },
    remedy: 'Write drop, reject, or reject with tcp reset.',
  });
}
