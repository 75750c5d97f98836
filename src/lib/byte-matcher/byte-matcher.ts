/**
 * Matches a Python expression on bytes in a room, compiled to WebAssembly: no text is cut out for it, and no object made
 * of what it finds. Takes the tree of an expression; gives where the match and its groups stand, as CPython's `re` finds
 * them on the text with a newline behind it. Expressions with references and some rare forms cannot be written.
 * It gives up after a bounded number of steps. Texts have no newline, and a byte for each character.
 */
import type { RegexNode, RegexTree } from '../python-regex/syntax.js';
import { wasm, type WasmModule } from '../web-assembly.js';
import { Build, MARK_BYTES } from './build.js';
import type { MatcherRoom } from './matcher-room.js';
import { FOUND, GLOBAL, NotWritten, OWN_GLOBALS } from './step.js';
import { moduleBytes } from './wasm-bytes.js';
import { Code, OP } from './wasm-code.js';
import { stepOf } from './write-step.js';

/** Calls and sixteenths of characters run over, after which it gives up: a quarter of a millisecond. */
const FUEL = 20_000;
const TWO_NEWLINES = 0x0a0a;
const GAVE_UP = -1;
/** The first thing in the block: what stood behind the text. */
const MARKS_AT = 8;

/** An expression as a module, for any room. */
export class ByteCode {
  readonly module: WasmModule;
  /** What a room holds for it: what stands behind the text while it is matched, marks, tables. */
  readonly block: Uint8Array;

  /** `groups`: Python's numbers of those whose places are asked for. Throws NotWritten. */
  constructor({ root }: RegexTree, groups: readonly number[]) {
    const kept = [...groups, ...testedIn(root).filter((group) => !groups.includes(group))];
    const build = new Build(MARKS_AT, new Map(kept.map((group, slot) => [group, slot])), stepOf);
    const entry = entryOf(build, root, kept);
    this.module = new wasm.Module(moduleBytes(build.functions, entry, OWN_GLOBALS));
    this.block = Buffer.concat([Buffer.alloc(MARKS_AT + kept.length * MARK_BYTES), ...build.tables]);
  }
}

/** The code of an expression, or undefined where it cannot be written. */
export function byteCode(tree: RegexTree, groups: readonly number[]): ByteCode | undefined {
  try {
    return new ByteCode(tree, groups);
  } catch (error) {
    if (error instanceof NotWritten) return undefined;
    throw error;
  }
}

export class ByteMatcher {
  readonly #room: MatcherRoom;
  readonly #base: number;
  readonly #match: (start: number, end: number) => number;
  /** Where the marks of the first group stand in `marks`. */
  readonly firstMark: number;
  #marks = new Int32Array();

  constructor({ module, block }: ByteCode, room: MatcherRoom) {
    this.#room = room;
    this.#base = room.allocate(block.length);
    this.firstMark = (this.#base + MARKS_AT) / Int32Array.BYTES_PER_ELEMENT;
    room.bytes.set(block, this.#base);
    const { exports } = new wasm.Instance(module, { room: { memory: room.memory, base: this.#base } });
    // A parse boundary: the module's own export.
    this.#match = exports['match'] as (start: number, end: number) => number;
  }

  /** Whether the text in `[start, end)` of the room matches; undefined: that would take too long. */
  match(start: number, end: number): boolean | undefined {
    try {
      const found = this.#match(start, end);
      return found === GAVE_UP ? undefined : found !== 0;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Too many rounds for the stack: what stood behind the text is put back.
      this.#room.bytes.copyWithin(end, this.#base, this.#base + 2);
      return undefined;
    }
  }

  /** Where each group of the last match begins and ends, two numbers each in the order of `groups`; -1: it took no part. */
  get marks(): Int32Array {
    // Growth of the memory takes every view away.
    if (this.#marks.length === 0) this.#marks = new Int32Array(this.#room.memory.buffer);
    return this.#marks;
  }
}

function entryOf(build: Build, root: RegexNode, kept: readonly number[]): Code {
  const [start, end] = [0, 1];
  const code = new Code(2);
  const [at, found] = [code.local(), code.local()];
  const step = build.share(build.stepOf(root, FOUND));
  code.get(start).setGlobal(GLOBAL.start).get(start).set(at);
  code.get(end).const(1).op(OP.add).setGlobal(GLOBAL.end).const(FUEL).setGlobal(GLOBAL.fuel);
  code.global(GLOBAL.base).get(end).memory(OP.load16, 0).memory(OP.store32, 0);
  code.get(end).const(TWO_NEWLINES).memory(OP.store16, 0);
  build.clear(code, kept);
  if (beginsAtStart(root)) build.find(code, step, at, found);
  else {
    code.begin(OP.block).begin(OP.loop);
    code.get(at).global(GLOBAL.end).op(OP.moreUnsigned, OP.brIf, 1);
    build.find(code, step, at, found);
    code.get(found).op(OP.brIf, 1);
    code.get(at).const(1).op(OP.add).set(at).op(OP.br, 0).end().end();
  }
  code.get(end).global(GLOBAL.base).memory(OP.load32, 0).memory(OP.store16, 0);
  code.get(found).begin(OP.if).get(found).op(OP.return).end();
  code.global(GLOBAL.fuel).const(0).op(OP.less).begin(OP.if).const(GAVE_UP).op(OP.return).end();
  return code;
}

/** Whether a match can only begin where the text does. */
function beginsAtStart(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.what === 'text-start';
    case 'group':
    case 'atomic':
      return beginsAtStart(node.item);
    case 'sequence':
      return node.items[0] !== undefined && beginsAtStart(node.items[0]);
    case 'choice':
      return node.options.every(beginsAtStart);
    default:
      return false;
  }
}

/** The groups that conditions ask for. */
function testedIn(node: RegexNode): readonly number[] {
  switch (node.kind) {
    case 'condition':
      return [...new Set([node.group, ...testedIn(node.yes), ...testedIn(node.no)])];
    case 'sequence':
      return [...new Set(node.items.flatMap(testedIn))];
    case 'choice':
      return [...new Set(node.options.flatMap(testedIn))];
    case 'repeat':
    case 'group':
    case 'atomic':
    case 'look':
      return testedIn(node.item);
    default:
      return [];
  }
}
