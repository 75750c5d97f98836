/**
 * Comparing characters in a row, eight, four, two and one at a time. They hold no newline: so none can lie behind the text.
 */
import { POSITION } from './step.js';
import { type Code, OP } from './wasm-code.js';

export const WIDEST = 8;

/** Puts on the stack whether these characters, none of them the newline, stand at `local`. */
export function equals(code: Code, literal: readonly number[], local: number): void {
  let isFirst = true;
  for (const [at, length, op] of piecesOf(literal.length)) {
    loadPiece(code, literal.slice(at, at + length), local, at, op);
    // A 64-bit comparison is only there as "differs".
    if (length === WIDEST) code.op(OP.differs64, OP.isZero);
    else code.op(OP.equal);
    if (!isFirst) code.op(OP.and);
    isFirst = false;
  }
}

/** Ends the function unless these characters, none of them the newline, stand at the position. */
export function demand(code: Code, literal: readonly number[]): void {
  for (const [at, length, op] of piecesOf(literal.length)) {
    loadPiece(code, literal.slice(at, at + length), POSITION, at, op);
    code.op(length === WIDEST ? OP.differs64 : OP.differs).failIf();
  }
}

function loadPiece(code: Code, bytes: readonly number[], local: number, at: number, op: number): void {
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  code.get(local).memory(op, at);
  if (bytes.length === WIDEST) code.const64(BigInt.asIntN(64, value));
  else code.const(Number(BigInt.asIntN(32, value)));
}

/** Eight characters at a time, then four, two and one. */
function piecesOf(length: number): readonly (readonly [at: number, length: number, op: number])[] {
  const pieces: [number, number, number][] = [];
  let at = 0;
  for (const [width, op] of [
    [WIDEST, OP.load64],
    [4, OP.load32],
    [2, OP.load16],
    [1, OP.load8],
  ] as const)
    for (; length - at >= width; at += width) pieces.push([at, width, op]);
  return pieces;
}
