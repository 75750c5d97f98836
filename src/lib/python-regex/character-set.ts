/**
 * Sets of UTF-16 code units as sorted, disjoint ranges: what `[…]`, `\w`, `.` and a letter without case mean.
 * Gives set algebra and the text of a JavaScript class.
 * Characters outside the Basic Multilingual Plane are two units and no members.
 */
import { DIGIT_RANGES, WORD_RANGES } from './unicode-ranges.js';

/** Pairs low, high (inclusive), ascending. */
export type CharacterSet = readonly number[];

const TOP = 0xffff;

export const DIGITS: CharacterSet = DIGIT_RANGES;
export const ASCII_DIGITS: CharacterSet = [0x30, 0x39];
/** Python's `str.isspace`. */
export const SPACES: CharacterSet = [
  0x9, 0xd, 0x1c, 0x20, 0x85, 0x85, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f,
  0x202f, 0x205f, 0x205f, 0x3000, 0x3000,
];
export const ASCII_SPACES: CharacterSet = [0x9, 0xd, 0x20, 0x20];
export const WORDS: CharacterSet = WORD_RANGES;
export const ASCII_WORDS: CharacterSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
export const NOT_DIGITS: CharacterSet = complement(DIGITS);
export const NOT_SPACES: CharacterSet = complement(SPACES);
export const NOT_WORDS: CharacterSet = complement(WORDS);
export const NOT_NEWLINE: CharacterSet = complement([0xa, 0xa]);
export const ANY: CharacterSet = [0, TOP];

/** All members of all sets. */
export function union(sets: readonly CharacterSet[]): CharacterSet {
  const pairs: [number, number][] = [];
  for (const set of sets) {
    for (let at = 0; at < set.length; at += 2) pairs.push([set[at] ?? 0, set[at + 1] ?? 0]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of pairs) {
    const last = merged.length - 1;
    if (last >= 0 && low <= (merged[last] ?? 0) + 1) merged[last] = Math.max(merged[last] ?? 0, high);
    else merged.push(low, high);
  }
  return merged;
}

/** Every unit that is no member. */
export function complement(set: CharacterSet): CharacterSet {
  const out: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    const low = set[at] ?? 0;
    if (low > next) out.push(next, low - 1);
    next = (set[at + 1] ?? 0) + 1;
  }
  if (next <= TOP) out.push(next, TOP);
  return out;
}

export function contains(set: CharacterSet, code: number): boolean {
  let first = 0;
  let behind = set.length / 2;
  while (first < behind) {
    const middle = (first + behind) >> 1;
    if (code > (set[2 * middle + 1] ?? 0)) first = middle + 1;
    else behind = middle;
  }
  return code >= (set[2 * first] ?? Infinity);
}

/** How many units the set has. */
export function sizeOf(set: CharacterSet): number {
  let size = 0;
  for (let at = 0; at < set.length; at += 2) size += (set[at + 1] ?? 0) - (set[at] ?? 0) + 1;
  return size;
}

/** The text of a JavaScript character class without flags; one member is written bare. */
export function classText(set: CharacterSet): string {
  const known = written.get(set);
  if (known !== undefined) return known;
  const text = writeClass(set);
  written.set(set, text);
  return text;
}

/** `\\s` and the like are one set each, written again and again. */
const written = new WeakMap<CharacterSet, string>();

function writeClass(set: CharacterSet): string {
  if (set.length === 0) return '[]';
  if (set.length === 2 && set[0] === 0 && set[1] === TOP) return '[^]';
  if (set.length === 2 && set[0] === set[1]) return unitText(set[0] ?? 0);
  const other = complement(set);
  const negated = other.length < set.length;
  return `[${negated ? '^' : ''}${rangesText(negated ? other : set)}]`;
}

function rangesText(set: CharacterSet): string {
  let text = '';
  for (let at = 0; at < set.length; at += 2) text += rangeText(set[at] ?? 0, set[at + 1] ?? 0);
  return text;
}

/** Those of letters come again and again. */
const writtenRanges = new Map<number, string>();

function rangeText(low: number, high: number): string {
  const known = writtenRanges.get(low * 0x10000 + high);
  if (known !== undefined) return known;
  const end = high > low ? `${high > low + 1 ? '-' : ''}${unitText(high)}` : '';
  const text = unitText(low) + end;
  if (writtenRanges.size < 5000) writtenRanges.set(low * 0x10000 + high, text);
  return text;
}

/** One code unit as JavaScript regular expression text, safe inside and outside a class. */
export function unitText(code: number): string {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9_ ,:;<>=!@#%&'"~`]/.test(character)) return character;
  if (code > 0x20 && code < 0x7f) return `\\${character}`;
  // Letters beyond Latin as themselves: a class of all letters is a fifth as long.
  if (code > 0x2ff && /\p{L}/u.test(character)) return character;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
