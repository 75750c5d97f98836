/**
 * Which local ports an address has TCP connections to now.
 * Takes a canonical network; reads /proc/self/net/tcp and tcp6 (proc(5)); gives ports. What cannot be read is none.
 */
import { readFileSync } from 'node:fs';
import { type Network, covers, formatAddress, networkOf, widthOf } from '../lib/address.js';

const ESTABLISHED = '01';
/** Enough to find one address on a busy host; more is not read. */
const MOST_LINES = 20_000;

/** `folder`: where tcp and tcp6 lie. */
export function connectedPorts(network: Network, folder = '/proc/self/net'): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const name of ['tcp', 'tcp6'])
    for (const line of linesOf(`${folder}/${name}`)) {
      const [, local = '', remote = '', state] = line.trim().split(/\s+/);
      if (state !== ESTABLISHED) continue;
      const address = addressOf(remote.split(':')[0] ?? '');
      if (address === undefined) continue;
      const peer = networkOf(address, widthOf(address.includes(':') ? 6 : 4));
      if (covers(network, peer)) ports.add(Number.parseInt(local.split(':')[1] ?? '', 16));
    }
  return ports;
}

/** Words of four bytes, each in the machine's order. */
function addressOf(hex: string): string | undefined {
  if (!/^(?:[0-9A-F]{8}){1,4}$/.test(hex)) return undefined;
  const words = hex.match(/.{8}/g) ?? [];
  const value = words
    .map((word) => word.match(/../g)?.reverse().join('') ?? '')
    .reduce((sum, word) => (sum << 32n) | BigInt(`0x${word}`), 0n);
  if (words.length === 1) return formatAddress(4, value);
  return words.length === 4 ? formatAddress(6, value) : undefined;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'latin1').split('\n', MOST_LINES).slice(1);
  } catch {
    // No /proc or no IPv6: then no connection is seen.
    return [];
  }
}
