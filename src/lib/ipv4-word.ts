/**
 * An IPv4 address as its 32 bits. Takes the text, also one that may be none; gives a number. Writes none.
 */
const DOT = 46;
const ZERO = 48;
const NINE = 57;

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
