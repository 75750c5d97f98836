/**
 * Repetitions as steps: runs of single characters in loops, everything else by functions that call themselves.
 * Takes a repetition and the step that follows it; gives the step of both. Throws NotWritten for rounds that may be empty,
 * and for groups that are kept from round to round.
 */
import { type CharacterSet, contains, NOT_NEWLINE, union } from '../python-regex/character-set.js';
import type { RegexNode } from '../python-regex/syntax.js';
import { leastWidth } from '../python-regex/width.js';
import type { Build } from './build.js';
import { areDisjoint, lowPart } from './byte-set.js';
import { FOUND, GLOBAL, NEWLINE, NotWritten, POSITION, spend, type Step, unionOf } from './step.js';
import { type Code, OP } from './wasm-code.js';

type Repeat = RegexNode & { readonly kind: 'repeat' };

/** Rounds that are written out one by one. */
const MOST_COPIES = 12;
/** So many characters run over cost as much as a call. */
const FUEL_SHIFT = 4;

export function writeRepeat(build: Build, node: Repeat, next: Step): Step {
  const { item, min, max, mode } = node;
  if (max === 0) return next;
  const single = singleOf(build, item);
  if (single !== undefined) return run(build, single, node, next);
  if (mode === 'possessive') return build.stepOf({ kind: 'atomic', item: { ...node, mode: 'greedy' } }, next);
  if (min === 1 && max === 1) return build.stepOf(item, next);
  if (max > 1 && build.keptIn(item).length > 0) throw new NotWritten('a group in a repetition');
  const isLazy = mode === 'lazy';
  if (max === Infinity) return atLeast(build, item, min, rounds(build, item, isLazy, next));
  if (max > MOST_COPIES) throw new NotWritten('many rounds');
  const after = build.share(next);
  let step: Step = after;
  for (let round = min; round < max; round += 1) step = optional(build, item, isLazy, step, after);
  return atLeast(build, item, min, step);
}

function atLeast(build: Build, item: RegexNode, min: number, next: Step): Step {
  if (min > MOST_COPIES) throw new NotWritten('many rounds');
  let step = next;
  for (let round = 0; round < min; round += 1) step = build.stepOf(item, step);
  return step;
}

/** `step`: what follows one more round; `next`: what follows none. */
function optional(build: Build, item: RegexNode, isLazy: boolean, step: Step, next: Step): Step {
  const more = build.stepOf(item, build.share(step));
  const kept = build.keptIn(item);
  return {
    first: unionOf([more, next]),
    literal: [],
    write(code) {
      build.clear(code, kept);
      const [early, late] = isLazy ? [next, more] : [more, next];
      build.attempt(code, early, [late], kept);
      late.write(code);
    },
  };
}

/** Any number of rounds. */
function rounds(build: Build, item: RegexNode, isLazy: boolean, after: Step): Step {
  if (leastWidth(item) === 0) throw new NotWritten('rounds that may be empty');
  const next = build.share(after);
  let again: number | undefined;
  const oneMore = {
    first: undefined,
    literal: [],
    write: (code: Code): void => void code.get(POSITION).call(indexOf()).op(OP.return),
  };
  const more = build.stepOf(item, oneMore);
  const indexOf = (): number =>
    (again ??= build.define((code, index) => {
      again = index;
      const [early, late] = isLazy ? [next, more] : [more, next];
      build.attempt(code, early, [late], []);
      late.write(code);
    }));
  return { ...oneMore, first: unionOf([more, next]) };
}

/** A character of a set, of which looks may demand something. */
interface Single {
  readonly set: CharacterSet;
  readonly looks: readonly { readonly negative: boolean; readonly step: Step }[];
}

function singleOf(build: Build, node: RegexNode): Single | undefined {
  switch (node.kind) {
    case 'character':
      return { set: [node.code, node.code], looks: [] };
    case 'set':
      return { set: node.set, looks: [] };
    case 'group':
      return build.markOf(node.index) === undefined ? singleOf(build, node.item) : undefined;
    case 'choice': {
      const options = node.options.map((option) => singleOf(build, option));
      const sets = options.flatMap((one) => (one === undefined || one.looks.length > 0 ? [] : [one.set]));
      return sets.length === options.length ? { set: union(sets), looks: [] } : undefined;
    }
    case 'sequence': {
      const last = node.items.at(-1);
      const single = last && singleOf(build, last);
      const looks = node.items.slice(0, -1);
      if (single === undefined || single.looks.length > 0) return undefined;
      const steps = looks.flatMap((look) =>
        look.kind === 'look' && !look.behind && build.keptIn(look).length === 0
          ? [{ negative: look.negative, step: build.share(build.stepOf(look.item, FOUND)) }]
          : [],
      );
      return steps.length === looks.length ? { set: single.set, looks: steps } : undefined;
    }
    default:
      return undefined;
  }
}

/** Puts on the stack whether the character at `local` is one of the run. */
function belongs(build: Build, code: Code, { set, looks }: Single, local: number): void {
  code.get(local).memory(OP.load8, 0);
  build.test(code, set);
  for (const { negative, step } of looks) {
    const found = code.local();
    code.const(0).set(found);
    build.find(code, step, local, found);
    code.get(found).op(OP.isZero);
    if (!negative) code.op(OP.isZero);
    code.op(OP.and);
  }
}

function run(build: Build, single: Single, { min, max, mode }: Repeat, next: Step): Step {
  const isDecided =
    mode === 'possessive' || (next.first !== undefined && areDisjoint(lowPart(single.set), next.first));
  const first = min > 0 ? single.set : next.first && union([single.set, next.first]);
  if (mode === 'lazy' && min !== max)
    return { first, literal: [], write: (code) => lazyRun(build, code, single, min, max, next) };
  return {
    first,
    literal: [],
    write(code) {
      const end = code.local();
      const least = min === 0 ? POSITION : code.local();
      if (min > 0) code.get(POSITION).const(min).op(OP.add).set(least);
      runOver(build, code, single, max, end);
      if (isDecided || min === max) {
        if (min > 0) code.get(end).get(least).op(OP.lessUnsigned).failIf();
        code.get(end).set(POSITION);
        return next.write(code);
      }
      backwards(build, code, next, end, least);
    },
  };
}

/** Sets `end` behind the longest run from the position on. */
function runOver(build: Build, code: Code, single: Single, max: number, end: number): void {
  const { set, looks } = single;
  const isLine = lowPart(set).join() === lowPart(NOT_NEWLINE).join();
  if (isLine && looks.length === 0 && max === Infinity) {
    // The text has no newline but the last one.
    code.global(GLOBAL.end).const(1).op(OP.subtract).get(POSITION);
    code.get(POSITION).global(GLOBAL.end).op(OP.lessUnsigned, OP.select).set(end);
  } else {
    const limit = max === Infinity ? undefined : code.local();
    if (limit !== undefined) code.get(POSITION).const(max).op(OP.add).set(limit);
    code.get(POSITION).set(end).begin(OP.block).begin(OP.loop);
    if (limit !== undefined) code.get(end).get(limit).op(OP.atLeastUnsigned, OP.brIf, 1);
    if (contains(set, NEWLINE)) code.get(end).global(GLOBAL.end).op(OP.atLeastUnsigned, OP.brIf, 1);
    belongs(build, code, single, end);
    code.op(OP.isZero, OP.brIf, 1);
    code.get(end).const(1).op(OP.add).set(end).op(OP.br, 0).end().end();
  }
  spend(code, () => code.get(end).get(POSITION).op(OP.subtract).const(FUEL_SHIFT).op(OP.shiftRight));
}

/** Tries what follows from `at` backwards to `least`. */
function backwards(build: Build, code: Code, after: Step, at: number, least: number): void {
  const next = build.share(after);
  code.begin(OP.loop);
  code.get(at).get(least).op(OP.lessUnsigned).failIf();
  const isAsked = build.ask(code, next, at);
  if (isAsked) code.begin(OP.if);
  next.tryAt(code, at);
  if (isAsked) code.end();
  code.get(at).const(1).op(OP.subtract).set(at).op(OP.br, 0).end();
}

function lazyRun(build: Build, code: Code, single: Single, min: number, max: number, after: Step): void {
  const next = build.share(after);
  const [at, least] = [code.local(), code.local()];
  const limit = max === Infinity ? undefined : code.local();
  code.get(POSITION).set(at).get(POSITION).const(min).op(OP.add).set(least);
  if (limit !== undefined) code.get(POSITION).const(max).op(OP.add).set(limit);
  code.begin(OP.loop);
  code.get(at).get(least).op(OP.atLeastUnsigned).begin(OP.if);
  const isAsked = build.ask(code, next, at);
  if (isAsked) code.begin(OP.if);
  next.tryAt(code, at);
  if (isAsked) code.end();
  if (limit !== undefined) code.get(at).get(limit).op(OP.atLeastUnsigned).failIf();
  code.end();
  if (contains(single.set, NEWLINE)) code.get(at).global(GLOBAL.end).op(OP.atLeastUnsigned).failIf();
  belongs(build, code, single, at);
  code.op(OP.isZero).failIf();
  spend(code, () => code.const(1));
  code.get(at).const(1).op(OP.add).set(at).op(OP.br, 0).end();
}
