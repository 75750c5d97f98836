/**
 * What an admin is told when the firewall cannot be written. Takes an outcome; gives the error with its remedy.
 */
import { BailiffError } from '../lib/errors.js';
import { visible } from '../lib/visible-text.js';
import type { NftOutcome } from './nft-transport.js';

/** The error for an outcome that is not `applied`. */
export function nftError(outcome: Exclude<NftOutcome, { kind: 'applied' }>): BailiffError {
  const said = visible(firstLine(outcome.text));
  if (outcome.kind === 'missing')
    return new BailiffError('action.nft-missing', `The program nft cannot be run: ${said}.`, {
      remedy: 'Install it (apt-get install nftables), or run without `--enforce nftables`.',
    });
  if (outcome.kind === 'denied')
    return new BailiffError('action.nft-permission', `The firewall may not be changed: ${said}.`, {
      remedy: 'Run as a service with CAP_NET_ADMIN (packaging/bailiff.service), or as root.',
    });
  return new BailiffError('action.nft-refused', `nftables refused the table inet bailiff: ${said}.`, {
    remedy: 'See whether `nft list ruleset` works, and whether the kernel has nf_tables.',
  });
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/\.$/, '');
}
