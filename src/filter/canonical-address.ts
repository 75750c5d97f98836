/**
 * The one spelling of an address as it is written in a line, or nothing where that is no address.
 * Those seen last are remembered, for an attacker comes again and again: IPv4 by its number, which costs less than a
 * look for a text that was just cut from a line. What is given is a copy that holds on to no line.
 */
import { parseAddress } from '../lib/address.js';

/** A power of two. */
const SLOTS = 1024;
const MOST_OTHERS = 1024;
/** Knuth's multiplicative hash: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1;
const SHIFT = 22;
const ZERO = 48;
const DOT = 46;

const words = new Uint32Array(SLOTS);
const texts: string[] = Array.from({ length: SLOTS }, () => '');
const others = new Map<string, string>();

export function canonicalAddress(written: string): string | undefined {
  const word = plainWord(written);
  if (Number.isNaN(word)) return other(written);
  const slot = Math.imul(word, SPREAD) >>> SHIFT;
  const known = texts[slot];
  if (known !== undefined && known !== '' && words[slot] === word) return known;
  const address = parseAddress(copyOf(written));
  if (address === undefined) return undefined;
  words[slot] = word;
  texts[slot] = address;
  return address;
}

/** The 32 bits of four numbers below 256, each without a zero before it: no other text has them. NaN: it is none. */
function plainWord(text: string): number {
  let [word, dots, digits, octet] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0) return Number.NaN;
      word = (word << 8) | octet;
      dots += 1;
      digits = 0;
      octet = 0;
      continue;
    }
    const digit = code - ZERO;
    if (!(digit >= 0 && digit <= 9) || (digits > 0 && octet === 0)) return Number.NaN;
    digits += 1;
    octet = octet * 10 + digit;
    if (octet > 255) return Number.NaN;
  }
  return dots === 3 && digits > 0 ? ((word << 8) | octet) >>> 0 : Number.NaN;
}

function other(written: string): string | undefined {
  const known = others.get(written);
  if (known !== undefined) return known;
  const copy = copyOf(written);
  const address = parseAddress(copy);
  if (address === undefined) return undefined;
  if (others.size >= MOST_OTHERS) others.clear();
  others.set(copy, address);
  return address;
}

function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
