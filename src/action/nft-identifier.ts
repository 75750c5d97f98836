/**
 * Names of sets in nft's grammar, from a jail's name and a width.
 * Takes any text for the jail; gives an identifier, a different one for each jail. Does not ask nft.
 * nft's identifiers begin with a letter and go on with letters, digits and `/ \ _ - .` (nftables src/scanner.l).
 */
import { createHash } from 'node:crypto';
import type { Family } from '../lib/address.js';

/** The kernel takes 255 characters (NFT_SET_MAXNAMELEN); this leaves room for the suffix. */
const LONGEST = 200;

/** `sshd-6-64`: the jail, the family, the width of the networks in it. */
export function setNameOf(jail: string, family: Family, prefix: number): string {
  return `${encodeJail(jail)}-${family}-${prefix}`;
}

/** Plain names pass; others are `j.` and the name with `.HEX.` for what nft cannot read; overlong ones are hashed. */
function encodeJail(jail: string): string {
  if (jail.length <= LONGEST && /^[A-Za-z][A-Za-z0-9_-]*$/.test(jail)) return jail;
  const spelled = jail.replace(/[^A-Za-z0-9_-]/gu, (mark) => `.${(mark.codePointAt(0) ?? 0).toString(16)}.`);
  if (spelled.length <= LONGEST) return `j.${spelled}`;
  return `h.${createHash('sha256').update(jail).digest('hex')}`;
}
