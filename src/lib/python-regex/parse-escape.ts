/**
 * Reads what follows a backslash in a Python expression, inside and outside a class.
 * Gives a set, a code unit, or a word that only makes sense outside a class. Unknown letters are errors, as in Python.
 */
import {
  ASCII_DIGITS,
  ASCII_SPACES,
  ASCII_WORDS,
  type CharacterSet,
  complement,
  DIGITS,
  NOT_DIGITS,
  NOT_SPACES,
  NOT_WORDS,
  SPACES,
  WORDS,
} from './character-set.js';
import type { Scanner } from './scanner.js';

export type Escape =
  | { readonly kind: 'unit'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'text-start' | 'text-end' | 'word-edge' | 'not-word-edge' }
  | { readonly kind: 'backreference'; readonly group: number };

const CONTROL: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The escape at the scanner, which stands behind the backslash. */
export function parseEscape(scanner: Scanner, inClass: boolean): Escape {
  const start = scanner.at - 1;
  const letter = scanner.next('an escape');
  const set = setOf(letter, scanner.flags.ascii);
  if (set !== undefined) return { kind: 'set', set };
  if (!inClass) {
    if (letter === 'A') return { kind: 'text-start' };
    if (letter === 'Z' || letter === 'z') return { kind: 'text-end' };
    if (letter === 'b') return { kind: 'word-edge' };
    if (letter === 'B') return { kind: 'not-word-edge' };
  }
  const control = CONTROL[letter];
  if (control !== undefined) return { kind: 'unit', code: control };
  const hexLength = HEX_LENGTH[letter];
  if (hexLength !== undefined) return { kind: 'unit', code: hexadecimal(scanner, hexLength, start) };
  if (/\d/.test(letter)) return numbered(scanner, letter, inClass, start);
  if (/[A-Za-z]/.test(letter)) throw scanner.error(`the escape \\${letter} is unknown`, start);
  return { kind: 'unit', code: letter.charCodeAt(0) };
}

function setOf(letter: string, ascii: boolean): CharacterSet | undefined {
  switch (letter) {
    case 'd':
      return ascii ? ASCII_DIGITS : DIGITS;
    case 'D':
      return ascii ? complement(ASCII_DIGITS) : NOT_DIGITS;
    case 's':
      return ascii ? ASCII_SPACES : SPACES;
    case 'S':
      return ascii ? complement(ASCII_SPACES) : NOT_SPACES;
    case 'w':
      return ascii ? ASCII_WORDS : WORDS;
    case 'W':
      return ascii ? complement(ASCII_WORDS) : NOT_WORDS;
    default:
      return undefined;
  }
}

function hexadecimal(scanner: Scanner, length: number, start: number): number {
  const digits = scanner.text.slice(scanner.at, scanner.at + length);
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length)
    throw scanner.error('an escape is not complete', start);
  scanner.at += length;
  const code = Number.parseInt(digits, 16);
  if (code > 0xffff) throw scanner.error('a character beyond U+FFFF by its number is not supported', start);
  return code;
}

/** `\0`, `\012` are octal; `\1`–`\99` are groups outside a class. */
function numbered(scanner: Scanner, first: string, inClass: boolean, start: number): Escape {
  const rest = /^[0-7]{0,2}/.exec(scanner.text.slice(scanner.at))?.[0] ?? '';
  if (first === '0' || (/[0-7]/.test(first) && (rest.length === 2 || inClass))) {
    scanner.at += rest.length;
    const code = Number.parseInt(first + rest, 8);
    if (code > 0o377) throw scanner.error('an octal escape is out of range', start);
    return { kind: 'unit', code };
  }
  if (inClass) throw scanner.error(`the escape \\${first} is unknown`, start);
  const second = /^\d/.exec(scanner.peek())?.[0] ?? '';
  scanner.at += second.length;
  return { kind: 'backreference', group: Number(first + second) };
}
