/**
 * What even an admin's hand does not ban: it would cut the host off from itself.
 * Takes a canonical target; gives why it is refused, or undefined.
 */
import type { Jail } from '../../jail/jail.js';
import { baseAddressOf, parseNetwork } from '../../lib/address.js';

export function banRefusal(jail: Jail, target: string): string | undefined {
  const network = parseNetwork(target);
  if (network?.prefix === 0) return 'it is every address';
  const reason = network === undefined ? undefined : jail.failures.allowedBecause(baseAddressOf(target));
  return reason === 'never' ? 'it is loopback, link-local, multicast or unspecified' : undefined;
}
