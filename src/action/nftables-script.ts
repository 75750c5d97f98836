/**
 * What the firewall shall be, in nft's language: one table `inet bailiff`, one chain, a set per jail, family and width.
 * Takes checked values only; gives text for one transaction. Does not run it. Syntax: nft(8).
 */
import { formatNetwork, networkOf, widthOf } from '../lib/address.js';
import { type ElementChange, type SetName, bySet, timeLeftMs } from './element-change.js';
import type { NftablesJail } from './nftables-options.js';
import type { NftablesSet } from './nftables-set.js';
import type { PortRange } from './port-list.js';

const TABLE = 'inet bailiff';
const CHAIN = `${TABLE} bans`;

/**
 * The table anew, without a moment in which the old one is gone and the new one not there.
 * prerouting at `raw` comes before connection tracking and Docker's DNAT (-100): established connections and
 * published ports are covered, and no accept of another chain undoes a drop.
 */
export const freshTable = `${removeTable()}add table ${TABLE}
add chain ${CHAIN} { type filter hook prerouting priority raw; policy accept; }
add rule ${CHAIN} iif lo return
`;

/** Fails where the chain is not there; changes nothing. */
export const probeTable = `list chain ${CHAIN}\n`;

/** What follows `nft` to list our chain: its rules, not what is in the sets. */
export const listChainWords = ['list', 'chain', ...CHAIN.split(' ')];

/** Takes the table away, whether it is there or not. */
export function removeTable(): string {
  return `add table ${TABLE}\ndelete table ${TABLE}\n`;
}

/** A set and the rules that ask it, for each guard of its jail. Plain hash: no interval set of ours slows nft down. */
export function makeSet(set: NftablesSet, guards: readonly NftablesJail[]): string {
  const type = set.family === 4 ? 'ipv4_addr' : 'ipv6_addr';
  const rules = guards.flatMap((guard) =>
    matchesOf(guard).map(
      (match) => `add rule ${CHAIN} ${match} ${sourceOf(set)} @${set.name} counter ${guard.verdict}\n`,
    ),
  );
  return `add set ${TABLE} ${set.name} { type ${type}; flags timeout; }\n${rules.join('')}`;
}

/**
 * Brings elements to where they shall be. A known one is taken out first, since kernels before 6.12 keep the old
 * timeout; it is added before that, since `delete` of a missing one fails and `destroy` needs nft 1.0.7.
 */
export function changeElements(changes: readonly ElementChange[], nowMs: number): string {
  let script = '';
  for (const { set, own } of bySet(changes)) {
    const out = own.filter(({ known }) => known).map(({ element }) => element);
    const wanted = own.flatMap((change) => elementOf(change, nowMs));
    if (out.length > 0) script += `add ${braced(set, out)}delete ${braced(set, out)}`;
    if (wanted.length > 0) script += `add ${braced(set, wanted)}`;
  }
  return script;
}

function braced(set: SetName, elements: readonly string[]): string {
  return `element ${TABLE} ${set.name} { ${elements.join(', ')} }\n`;
}

function elementOf(change: ElementChange, nowMs: number): string[] {
  const leftMs = timeLeftMs(change, nowMs);
  if (leftMs === undefined) return [];
  return [leftMs === Infinity ? change.element : `${change.element} timeout ${leftMs}ms`];
}

/** Single ports in one hash, a rule for each range: a range inside a set would make it an interval set. */
function matchesOf({ ports, protocols }: NftablesJail): string[] {
  const [first = 'tcp'] = protocols;
  const both = protocols.length > 1;
  if (ports === 'all') return [both ? 'meta l4proto { tcp, udp }' : `meta l4proto ${first}`];
  const field = both ? 'meta l4proto { tcp, udp } th dport' : `${first} dport`;
  const single = ports.filter((range) => range.first === range.last).map((range) => range.first);
  const matches = ports
    .filter((range) => range.first < range.last)
    .map((range) => `${field} ${rangeText(range)}`);
  return single.length > 0 ? [`${field} { ${single.join(', ')} }`, ...matches] : matches;
}

function rangeText({ first, last }: PortRange): string {
  return `${first}-${last}`;
}

function sourceOf({ family, prefix }: NftablesSet): string {
  const field = family === 4 ? 'ip saddr' : 'ip6 saddr';
  if (prefix === widthOf(family)) return field;
  const ones = family === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  const [mask] = formatNetwork(networkOf(ones, prefix)).split('/');
  return `${field} & ${mask}`;
}
