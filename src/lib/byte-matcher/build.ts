/**
 * What the parts of a matcher share while it is written: its functions, where the marks of its groups stand, and how to
 * ask whether something can begin at a position at all. Throws NotWritten for what is too large.
 */
import type { CharacterSet } from '../python-regex/character-set.js';
import type { RegexNode } from '../python-regex/syntax.js';
import { areDisjoint, TABLE_BYTES, tableOf, testByte } from './byte-set.js';
import { equals, WIDEST } from './pieces.js';
import { GLOBAL, NotWritten, POSITION, spend, type Step } from './step.js';
import { Code, OP } from './wasm-code.js';

/** Larger expressions are left to others: to write one holds up the lines behind it. */
const MOST_FUNCTIONS = 500;
const MOST_STEPS = 4000;
/** Of a group: two 32-bit numbers. */
export const MARK_BYTES = 8;
const END_OFFSET = 4;

type StepOf = (build: Build, node: RegexNode, next: Step) => Step;

export class Build {
  readonly functions: Code[] = [];
  /** What the block in the room holds behind the marks: a table for each set that is asked for by one. */
  readonly tables: Uint8Array[] = [];
  readonly #places = new Map<string, number>();
  readonly #marks: number;
  readonly #slots: ReadonlyMap<number, number>;
  readonly #stepOf: StepOf;
  #steps = 0;

  /** `slots`: the number of each group that is kept; `marks`: where theirs begin in the block, start and end of each. */
  constructor(marks: number, slots: ReadonlyMap<number, number>, stepOf: StepOf) {
    this.#stepOf = stepOf;
    this.#marks = marks;
    this.#slots = slots;
  }

  /** The step of a part and of what follows it. */
  stepOf(node: RegexNode, next: Step): Step {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new NotWritten('too large');
    return this.#stepOf(this, node, next);
  }

  /** Where the begin of a group is kept in the block; undefined: nobody asks for it. */
  markOf(group: number): number | undefined {
    const slot = this.#slots.get(group);
    return slot === undefined ? undefined : this.#marks + slot * MARK_BYTES;
  }

  /** Writes that a group took no part (yet). */
  clear(code: Code, groups: readonly number[]): void {
    for (const group of groups) {
      const mark = this.markOf(group);
      if (mark !== undefined)
        code
          .global(GLOBAL.base)
          .const(-1)
          .memory(OP.store32, mark + END_OFFSET);
    }
  }

  /** Writes the position, never behind the newline, into a group's mark. */
  mark(code: Code, mark: number, end: boolean): void {
    code.global(GLOBAL.base).get(POSITION).get(POSITION).global(GLOBAL.end).op(OP.equal, OP.subtract);
    code.memory(OP.store32, end ? mark + END_OFFSET : mark);
  }

  /** Puts on the stack whether a group took part. */
  tookPart(code: Code, group: number): void {
    const mark = this.markOf(group);
    if (mark === undefined) throw new NotWritten(`group ${group} is not kept`);
    code
      .global(GLOBAL.base)
      .memory(OP.load32, mark + END_OFFSET)
      .const(0)
      .op(OP.atLeast);
  }

  /** The groups in a part that are kept. */
  keptIn(node: RegexNode): readonly number[] {
    return groupsIn(node).filter((group) => this.#slots.has(group));
  }

  /** A function whose body is written by `write`, which may call it. */
  define(write: (code: Code, index: number) => void): number {
    const code = new Code(1);
    const index = this.functions.push(code) - 1;
    if (index >= MOST_FUNCTIONS) throw new NotWritten('too large');
    spend(code, () => code.const(1));
    code.global(GLOBAL.fuel).const(0).op(OP.less).failIf();
    write(code, index);
    return index;
  }

  /** A step that may be written several times: a function of its own. */
  share(step: Step): SharedStep {
    if (step instanceof SharedStep) return step;
    return new SharedStep(this, step);
  }

  /** Sets `found` to what a step comes to from `local` on. */
  find(code: Code, step: Step, local: number, found: number): void {
    const isAsked = this.ask(code, step, local);
    if (isAsked) code.begin(OP.if);
    this.share(step).call(code, local);
    code.set(found);
    if (isAsked) code.end();
  }

  /** Tries a step where it can begin, before `others` are tried; `kept`: its groups. */
  attempt(code: Code, step: Step, others: readonly Step[], kept: readonly number[]): void {
    const isDecided = isAlone(step, others);
    const write = (): void => {
      if (isDecided) return step.write(code);
      this.share(step).tryAt(code, POSITION);
      this.clear(code, kept);
    };
    const known = isDecided ? { first: step.first, literal: [] } : step;
    if (!this.ask(code, known, POSITION)) return write();
    code.begin(OP.if);
    write();
    code.end();
  }

  /** Puts on the stack whether a step may begin at `local`; false: nothing is known, and nothing put there. */
  ask(code: Code, { literal, first }: Pick<Step, 'literal' | 'first'>, local: number): boolean {
    if (literal.length > 1) {
      equals(code, literal.slice(0, WIDEST), local);
      return true;
    }
    if (first === undefined) return false;
    code.get(local).memory(OP.load8, 0);
    this.test(code, first);
    return true;
  }

  /** Turns the byte on the stack into whether it is one of the set. */
  test(code: Code, set: CharacterSet): void {
    testByte(code, (low) => this.#tableOf(low), set);
  }

  #tableOf(low: CharacterSet): number {
    const key = low.join();
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#marks + this.#slots.size * MARK_BYTES + this.tables.length * TABLE_BYTES;
    this.tables.push(tableOf(low));
    this.#places.set(key, place);
    return place;
  }
}

export class SharedStep implements Step {
  readonly first: Step['first'];
  readonly literal: readonly number[];
  readonly #build: Build;
  readonly #step: Step;
  #index: number | undefined;

  constructor(build: Build, step: Step) {
    this.#build = build;
    this.#step = step;
    this.first = step.first;
    this.literal = step.literal;
  }

  write(code: Code): void {
    this.call(code, POSITION);
    code.op(OP.return);
  }

  /** Puts on the stack what it comes to from `local` on. */
  call(code: Code, local: number): void {
    this.#index ??= this.#build.define((own) => this.#step.write(own));
    code.get(local).call(this.#index);
  }

  /** Ends the function with what it comes to from `local` on, unless there is no match that way. */
  tryAt(code: Code, local: number): void {
    const result = code.local();
    this.call(code, local);
    code.set(result).get(result).begin(OP.if).get(result).op(OP.return).end();
  }
}

/** Whether none of the others can match where the step may begin. */
function isAlone({ first }: Step, others: readonly Step[]): boolean {
  return (
    first !== undefined &&
    others.every((other) => other.first !== undefined && areDisjoint(first, other.first))
  );
}

function groupsIn(node: RegexNode): readonly number[] {
  switch (node.kind) {
    case 'group':
      return [node.index, ...groupsIn(node.item)];
    case 'sequence':
      return node.items.flatMap(groupsIn);
    case 'choice':
      return node.options.flatMap(groupsIn);
    case 'repeat':
    case 'atomic':
    case 'look':
      return groupsIn(node.item);
    case 'condition':
      return [...groupsIn(node.yes), ...groupsIn(node.no)];
    default:
      return [];
  }
}
