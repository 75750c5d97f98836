/**
 * Whether a byte is one of a set: by one comparison where that will do, else by a table beside the text.
 * Takes sets of characters, of which those beyond Latin-1 never stand in the room; writes the instructions.
 */
import { type CharacterSet, contains } from '../python-regex/character-set.js';
import { GLOBAL } from './step.js';
import { type Code, OP } from './wasm-code.js';

const TOP = 0xff;

/** The members up to 255. */
export function lowPart(set: CharacterSet): CharacterSet {
  const low: number[] = [];
  for (let at = 0; at < set.length; at += 2) {
    const [from = 0, to = 0] = [set[at], set[at + 1]];
    if (from <= TOP) low.push(from, Math.min(to, TOP));
  }
  return low;
}

export function areDisjoint(left: CharacterSet, right: CharacterSet): boolean {
  for (let byte = 0; byte <= TOP; byte += 1) if (contains(left, byte) && contains(right, byte)) return false;
  return true;
}

/** Bytes of a table. */
export const TABLE_BYTES = TOP + 1;

/** Turns the byte on the stack into whether it is a member; `tableOf` gives where, behind the base, a set's table is. */
export function testByte(code: Code, tableOf: (low: CharacterSet) => number, set: CharacterSet): void {
  const low = lowPart(set);
  const [from, to] = low;
  if (from === undefined || to === undefined) code.op(OP.drop).const(0);
  else if (low.length === 2) testRange(code, from, to);
  else if (low.length === 4 && from === 0 && low[3] === TOP && low[2] === to + 2)
    code.const(to + 1).op(OP.differs);
  else code.global(GLOBAL.base).op(OP.add).memory(OP.load8, tableOf(low));
}

function testRange(code: Code, from: number, to: number): void {
  if (from === to) code.const(from).op(OP.equal);
  else
    code
      .const(from)
      .op(OP.subtract)
      .const(to - from)
      .op(OP.atMostUnsigned);
}

/** By byte: 1 where it is a member. */
export function tableOf(low: CharacterSet): Uint8Array {
  return Uint8Array.from({ length: TABLE_BYTES }, (_, byte) => (contains(low, byte) ? 1 : 0));
}
