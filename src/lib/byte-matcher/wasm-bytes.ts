/**
 * Puts functions together to a WebAssembly module that works in a memory of others, from `base` on.
 * Takes function bodies; gives the bytes of the module. All functions take positions (i32) and give an i32.
 * Source of the format: WebAssembly Core Specification 1.0, chapter 5.
 */
import { type Code, OP, unsigned } from './wasm-code.js';

/** `\0asm`, version 1. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const I32 = 0x7f;
const MUTABLE = 1;
const CONSTANT = 0;
const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const MEMORY = 2;
const GLOBAL = 3;
const FUNCTION = 0;

/** `inner`: functions of one parameter; `entry`: the one of two that is exported as `match`, numbered behind them. */
export function moduleBytes(inner: readonly Code[], entry: Code, globals: number): Uint8Array {
  const functions = [...inner.map(() => 0), 1];
  return Uint8Array.from([
    ...HEADER,
    ...section(SECTION.type, [typeOf(1), typeOf(2)]),
    ...section(SECTION.import, [
      [...name('room'), ...name('memory'), MEMORY, 0, 1],
      [...name('room'), ...name('base'), GLOBAL, I32, CONSTANT],
    ]),
    ...section(
      SECTION.function,
      functions.map((type) => [type]),
    ),
    ...section(
      SECTION.global,
      Array.from({ length: globals }, () => [I32, MUTABLE, OP.const32, 0, OP.end]),
    ),
    ...section(SECTION.export, [[...name('match'), FUNCTION, ...unsigned(inner.length)]]),
    ...section(
      SECTION.code,
      [...inner, entry].map((code) => code.finished()),
    ),
  ]);
}

function typeOf(parameters: number): readonly number[] {
  return [0x60, parameters, ...Array.from({ length: parameters }, () => I32), 1, I32];
}

function section(id: number, entries: readonly (readonly number[])[]): readonly number[] {
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): readonly number[] {
  return [...unsigned(text.length), ...Buffer.from(text, 'latin1')];
}
