/**
 * Reads a Python character class, `[…]`: a leading `]` is a member, `[` needs no escape, ranges may be escaped.
 * Gives the set, with case folded where `(?i)` holds.
 */
import { type CharacterSet, complement, union } from './character-set.js';
import { foldCase } from './fold-case.js';
import { parseEscape } from './parse-escape.js';
import type { Scanner } from './scanner.js';

/** The set at the scanner, which stands behind the opening bracket. */
export function parseClass(scanner: Scanner): CharacterSet {
  const start = scanner.at - 1;
  const negated = scanner.take('^');
  const parts: CharacterSet[] = [];
  const kinds: CharacterSet[] = [];
  for (let first = true; first || scanner.peek() !== ']'; first = false) {
    if (scanner.done) throw scanner.error('a class `[…]` lacks its `]`', start);
    const low = member(scanner);
    if (
      scanner.peek() !== '-' ||
      scanner.text.charAt(scanner.at + 1) === ']' ||
      scanner.at + 1 >= scanner.text.length
    ) {
      if (typeof low === 'number') parts.push([low, low]);
      else kinds.push(low);
      continue;
    }
    const at = scanner.at;
    scanner.at += 1;
    const high = member(scanner);
    if (typeof low !== 'number' || typeof high !== 'number' || high < low) {
      throw scanner.error('a range in a class is wrong', at);
    }
    parts.push([low, high]);
  }
  scanner.at += 1;
  const { ignoreCase, ascii } = scanner.flags;
  const key = `${scanner.text.slice(start, scanner.at)}${ignoreCase ? 'i' : ''}${ascii ? 'a' : ''}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const letters = union(parts);
  const set = union([ignoreCase ? foldCase(letters, ascii) : letters, ...kinds]);
  const made = negated ? complement(set) : set;
  if (read.size < 1000) read.set(key, made);
  return made;
}

/** The class of a tag stands in hundreds of expressions. */
const read = new Map<string, CharacterSet>();

function member(scanner: Scanner): number | CharacterSet {
  const at = scanner.at;
  const unit = scanner.next('a class');
  if (unit !== '\\') {
    const code = unit.charCodeAt(0);
    if (code >= 0xd800 && code <= 0xdfff)
      throw scanner.error('a class with a character beyond U+FFFF is not supported', at);
    return code;
  }
  const escape = parseEscape(scanner, true);
  if (escape.kind === 'unit') return escape.code;
  if (escape.kind === 'set') return escape.set;
  throw scanner.error('an escape has no place in a class', at);
}
