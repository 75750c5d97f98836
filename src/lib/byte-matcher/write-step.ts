/**
 * Turns the tree of an expression into steps, part by part from behind; matches as CPython's `re` does.
 * Takes a part and the step that follows it; gives the step of both. Repetitions have a file of their own.
 * Throws NotWritten for references, and for what is too rare to be written.
 */
import { unreachable } from '../unreachable.js';
import { ASCII_WORDS, contains, WORDS, type CharacterSet } from '../python-regex/character-set.js';
import type { AssertionKind, RegexNode } from '../python-regex/syntax.js';
import { widthOf } from '../python-regex/width.js';
import type { Build } from './build.js';
import { demand, WIDEST } from './pieces.js';
import { FOUND, GLOBAL, NEVER, NEWLINE, NotWritten, POSITION, type Step, unionOf } from './step.js';
import { writeRepeat } from './write-repeat.js';
import { type Code, OP } from './wasm-code.js';

/** Of a longer one the rest follows. */
const LONGEST_LITERAL = 64;
/** Lists of words are V8's to match. */
const MOST_OPTIONS = 64;

/** `build.stepOf` is this function. */
export function stepOf(build: Build, node: RegexNode, next: Step): Step {
  switch (node.kind) {
    case 'character':
      return node.code === NEWLINE ? oneOf(build, [NEWLINE, NEWLINE], next) : literal([node.code], next);
    case 'set':
      return oneOf(build, node.set, next);
    case 'sequence':
      return node.items.reduceRight<Step>((step, item) => build.stepOf(item, step), next);
    case 'choice':
      return choice(build, node.options, next);
    case 'repeat':
      return writeRepeat(build, node, next);
    case 'group':
      return group(build, node.index, node.item, next);
    case 'atomic':
      return atomic(build, node.item, next);
    case 'look':
      return look(build, node, next);
    case 'backreference':
      throw new NotWritten('a backreference');
    case 'condition':
      return condition(build, node, next);
    case 'assertion':
      return assertion(build, node.what, next);
    default:
      return unreachable(node);
  }
}

/** Characters one after the other are asked for together. */
class Literal implements Step {
  readonly first: CharacterSet;
  readonly literal: readonly number[];
  readonly own: readonly number[];
  readonly next: Step;

  constructor(own: readonly number[], next: Step) {
    const [unit = 0] = own;
    this.first = [unit, unit];
    this.own = own;
    this.next = next;
    this.literal = [...own, ...next.literal].slice(0, WIDEST);
  }

  write(code: Code): void {
    demand(code, this.own);
    code.get(POSITION).const(this.own.length).op(OP.add).set(POSITION);
    this.next.write(code);
  }
}

function literal(own: readonly number[], next: Step): Step {
  // Beyond Latin-1 nothing is in the room.
  if (own.some((unit) => unit > 0xff)) return NEVER;
  const isShort = next instanceof Literal && next.own.length < LONGEST_LITERAL;
  return isShort ? new Literal([...own, ...next.own], next.next) : new Literal(own, next);
}

function oneOf(build: Build, set: CharacterSet, next: Step): Step {
  return {
    first: set,
    literal: [],
    write(code) {
      if (contains(set, NEWLINE)) code.get(POSITION).global(GLOBAL.end).op(OP.atLeastUnsigned).failIf();
      code.get(POSITION).memory(OP.load8, 0);
      build.test(code, set);
      code.op(OP.isZero).failIf();
      code.get(POSITION).const(1).op(OP.add).set(POSITION);
      next.write(code);
    },
  };
}

function choice(build: Build, options: readonly RegexNode[], after: Step): Step {
  if (options.length > MOST_OPTIONS) throw new NotWritten('many options');
  const next = build.share(after);
  const steps = options.map((option) => build.stepOf(option, next));
  const kept = options.map((option) => build.keptIn(option));
  return {
    first: unionOf(steps),
    literal: [],
    write(code) {
      build.clear(code, kept.flat());
      for (const [index, step] of steps.entries()) {
        if (index === steps.length - 1) step.write(code);
        else build.attempt(code, step, steps.slice(index + 1), kept[index] ?? []);
      }
    },
  };
}

function group(build: Build, index: number, item: RegexNode, next: Step): Step {
  const mark = build.markOf(index);
  if (mark === undefined) return build.stepOf(item, next);
  const inner = build.stepOf(item, {
    first: next.first,
    literal: next.literal,
    write(code) {
      build.mark(code, mark, true);
      next.write(code);
    },
  });
  return {
    first: inner.first,
    literal: inner.literal,
    write(code) {
      build.mark(code, mark, false);
      inner.write(code);
    },
  };
}

function atomic(build: Build, item: RegexNode, next: Step): Step {
  const inner = build.share(build.stepOf(item, FOUND));
  return {
    first: inner.first,
    literal: inner.literal,
    write(code) {
      const end = code.local();
      inner.call(code, POSITION);
      code.set(end).get(end).op(OP.isZero).failIf();
      code.get(end).const(1).op(OP.subtract).set(POSITION);
      next.write(code);
    },
  };
}

function look(build: Build, node: RegexNode & { readonly kind: 'look' }, next: Step): Step {
  const { behind, negative, item } = node;
  if (negative && build.keptIn(item).length > 0) throw new NotWritten('a group in a negative look');
  const inner = build.stepOf(item, FOUND);
  const [least, most] = widthOf(item, new Map());
  if (behind && least !== most) throw new NotWritten('a look behind of any width');
  return {
    first: next.first,
    literal: next.literal,
    write(code) {
      const [from, found] = [code.local(), code.local()];
      code
        .get(POSITION)
        .const(behind ? least : 0)
        .op(OP.subtract)
        .set(from)
        .const(0)
        .set(found);
      code.get(from).global(GLOBAL.start).op(OP.atLeastUnsigned).begin(OP.if);
      build.find(code, inner, from, found);
      code.end().get(found);
      if (!negative) code.op(OP.isZero);
      code.failIf();
      next.write(code);
    },
  };
}

function condition(
  build: Build,
  { group: asked, yes, no }: RegexNode & { readonly kind: 'condition' },
  after: Step,
): Step {
  const next = build.share(after);
  const [first, second] = [build.stepOf(yes, next), build.stepOf(no, next)];
  return {
    first: unionOf([first, second]),
    literal: [],
    write(code) {
      build.clear(code, [...build.keptIn(yes), ...build.keptIn(no)]);
      build.tookPart(code, asked);
      code.begin(OP.if);
      first.write(code);
      code.end();
      second.write(code);
    },
  };
}

function assertion(build: Build, what: AssertionKind, next: Step): Step {
  // At the end stands a newline, which belongs to the text, and behind it another one.
  const isEnd = what === 'end' || what === 'text-end';
  return {
    first: isEnd ? [NEWLINE, NEWLINE] : next.first,
    literal: isEnd ? [] : next.literal,
    write(code) {
      holds(build, code, what);
      code.op(OP.isZero).failIf();
      next.write(code);
    },
  };
}

/** Puts on the stack whether an assertion holds at the position. */
function holds(build: Build, code: Code, what: AssertionKind): void {
  switch (what) {
    case 'text-start':
      return void code.get(POSITION).global(GLOBAL.start).op(OP.equal);
    case 'text-end':
      return void code.get(POSITION).global(GLOBAL.end).op(OP.equal);
    case 'end':
      return void code.get(POSITION).global(GLOBAL.end).const(1).op(OP.subtract, OP.atLeastUnsigned);
    case 'line-start':
    case 'line-end':
      throw new NotWritten('an anchor of lines');
    case 'word-edge':
      return edge(build, code, WORDS);
    case 'not-word-edge':
      edge(build, code, WORDS);
      return void code.op(OP.isZero);
    case 'ascii-word-edge':
      return edge(build, code, ASCII_WORDS);
    case 'not-ascii-word-edge':
      edge(build, code, ASCII_WORDS);
      return void code.op(OP.isZero);
    default:
      unreachable(what);
  }
}

/** Behind the text stands a newline, which is no word; before it anything. */
function edge(build: Build, code: Code, words: CharacterSet): void {
  code.get(POSITION).memory(OP.load8, 0);
  build.test(code, words);
  code.get(POSITION).const(1).op(OP.subtract).memory(OP.load8, 0);
  build.test(code, words);
  code.get(POSITION).global(GLOBAL.start).op(OP.moreUnsigned, OP.and, OP.differs);
}
