/**
 * What `(?i)` adds to a set of code units. Python compares lower case, and knows some letters as one that are written
 * in two ways (`s` and `ſ`, `i` and `ı`, `µ` and `μ`).
 * Takes a set; gives it with everything that counts as a member. Units beyond the plane have no case here.
 */
import { type CharacterSet, contains, union } from './character-set.js';

/** Lower-case letters that Python takes for one another. Source: CPython's `re/_casefix.py`, of Unicode. */
const ALIKE: readonly (readonly number[])[] = [
  [0x69, 0x131], [0x73, 0x17f], [0xb5, 0x3bc], [0x345, 0x3b9, 0x1fbe], [0x390, 0x1fd3], [0x3b0, 0x1fe3],
  [0x3b2, 0x3d0], [0x3b5, 0x3f5], [0x3b8, 0x3d1], [0x3ba, 0x3f0], [0x3c0, 0x3d6], [0x3c1, 0x3f1], [0x3c2, 0x3c3],
  [0x3c6, 0x3d5], [0x432, 0x1c80], [0x434, 0x1c81], [0x43e, 0x1c82], [0x441, 0x1c83], [0x442, 0x1c84, 0x1c85],
  [0x44a, 0x1c86], [0x463, 0x1c87], [0x1c88, 0xa64b], [0x1e61, 0x1e9b], [0xfb05, 0xfb06],
]; // prettier-ignore

/** With `ascii`, only the letters a to z have two cases. */
export function foldCase(set: CharacterSet, ascii: boolean): CharacterSet {
  const added: number[][] = [];
  const add = (code: number): void => void added.push([code, code]);
  if (ascii) {
    for (let lower = 0x61; lower <= 0x7a; lower += 1) {
      const upper = lower - 0x20;
      if (contains(set, lower) !== contains(set, upper)) add(contains(set, lower) ? upper : lower);
    }
    return added.length === 0 ? set : union([set, ...added]);
  }
  for (const letters of lettersIn(set)) {
    if (letters.some((code) => contains(set, code))) letters.forEach(add);
  }
  return added.length === 0 ? set : union([set, ...added]);
}

/** A code unit in lower case, as Python compares it. */
export function lowerCase(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  if (code === 0x130) return 0x69;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** The groups of letters that are one under `(?i)`; for a set of few units those that it touches. */
function lettersIn(set: CharacterSet): Iterable<readonly number[]> {
  const found = groups();
  if (set.length !== 2 || set[0] !== set[1]) return found.all;
  const group = found.byUnit.get(set[0] ?? 0);
  return group === undefined ? [] : [group];
}

interface Groups {
  readonly all: readonly (readonly number[])[];
  readonly byUnit: ReadonlyMap<number, readonly number[]>;
}

let made: Groups | undefined;

/** Made when an expression first asks for it, since most never do. */
function groups(): Groups {
  made ??= makeGroups();
  return made;
}

function makeGroups(): Groups {
  const byUnit = new Map<number, number[]>();
  for (const alike of ALIKE) {
    const group = [...alike];
    for (const code of alike) byUnit.set(code, group);
  }
  for (const [letter] of plane().matchAll(/\p{Changes_When_Lowercased}/gu)) {
    const code = letter.charCodeAt(0);
    const lower = lowerCase(code);
    if (lower === code) continue;
    const group = byUnit.get(lower) ?? [lower];
    group.push(code);
    byUnit.set(lower, group);
    byUnit.set(code, group);
  }
  return { all: [...new Set(byUnit.values())], byUnit };
}

/** Every unit of the plane that is a character by itself. */
function plane(): string {
  let text = '';
  for (let from = 0; from < 0x10000; from += 0x800)
    if (from !== 0xd800) text += String.fromCharCode(...Array.from({ length: 0x800 }, (_, at) => from + at));
  return text;
}
