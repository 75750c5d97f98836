/**
 * Matches a tree by walking it, step for step as CPython's `re` does, where JavaScript would come to something else.
 * Slow, so it is for what is left. Takes a text and where to begin; gives where the match and each group stand.
 * Gives up, and finds nothing, after a bounded number of steps.
 */
import { unreachable } from '../unreachable.js';
import { contains, WORDS, ASCII_WORDS } from './character-set.js';
import { lowerCase } from './fold-case.js';
import type { AssertionKind, RegexNode, RegexTree } from './syntax.js';
import { leastWidth } from './width.js';

const MOST_STEPS = 2_000_000;
const MOST_DEPTH = 5000;

/** Begin and end of the match and of each group by its number; -1 where a group took no part. */
export type Marks = readonly number[];

type Next = (at: number) => boolean;

/** The first match that begins at `from` or, unless `anchored`, behind it. */
export function interpret(tree: RegexTree, text: string, from: number, anchored: boolean): Marks | undefined {
  const walk = new Walk(tree, text);
  const last = anchored ? from : text.length;
  for (let at = from; at <= last; at += 1) {
    const end = walk.matchAt(tree.root, at);
    if (end === undefined) return undefined;
    if (end >= 0) return [at, end, ...walk.marks.slice(2)];
  }
  return undefined;
}

class TooFar extends Error {}

class Walk {
  readonly marks: number[];
  readonly #text: string;
  #steps = 0;
  #depth = 0;

  constructor(tree: RegexTree, text: string) {
    this.#text = text;
    this.marks = Array.from({ length: 2 * (tree.groups + 1) }, () => -1);
  }

  /** The end of a match; -1: there is none; undefined: given up. */
  matchAt(root: RegexNode, at: number): number | undefined {
    this.marks.fill(-1);
    let end = -1;
    try {
      this.#match(root, at, (reached) => {
        end = reached;
        return true;
      });
    } catch (error) {
      if (error instanceof TooFar) return undefined;
      throw error;
    }
    return end;
  }

  #match(node: RegexNode, at: number, next: Next): boolean {
    this.#steps += 1;
    this.#depth += 1;
    if (this.#steps > MOST_STEPS || this.#depth > MOST_DEPTH) throw new TooFar();
    try {
      return this.#matchNode(node, at, next);
    } finally {
      this.#depth -= 1;
    }
  }

  #matchNode(node: RegexNode, at: number, next: Next): boolean {
    switch (node.kind) {
      case 'character':
      case 'set':
        return this.#takes(node, at) && next(at + 1);
      case 'sequence':
        return this.#sequence(node.items, 0, at, next);
      case 'choice':
        return node.options.some((option) => this.#match(option, at, next));
      case 'condition':
        return this.#match((this.marks[2 * node.group + 1] ?? -1) >= 0 ? node.yes : node.no, at, next);
      case 'group':
        return this.#match(node.item, at, (end) => this.#marked(node.index, at, end, next));
      case 'repeat':
        if (node.mode === 'possessive') return this.#atomic({ ...node, mode: 'greedy' }, at, next);
        return node.item.kind === 'character' || node.item.kind === 'set'
          ? this.#run(node, at, next)
          : this.#rounds(node, 0, at, -1, next);
      case 'atomic':
        return this.#atomic(node.item, at, next);
      case 'look':
        return this.#look(node, at, next);
      case 'backreference':
        return this.#reference(node.group, node.ignoreCase, at, next);
      case 'assertion':
        return this.#holds(node.what, at) && next(at);
      default:
        return unreachable(node);
    }
  }

  #takes(node: RegexNode, at: number): boolean {
    if (at >= this.#text.length) return false;
    const code = this.#text.charCodeAt(at);
    return node.kind === 'character' ? node.code === code : node.kind === 'set' && contains(node.set, code);
  }

  #sequence(items: readonly RegexNode[], index: number, at: number, next: Next): boolean {
    const item = items[index];
    if (item === undefined) return next(at);
    return this.#match(item, at, (end) => this.#sequence(items, index + 1, end, next));
  }

  #marked(group: number, from: number, end: number, next: Next): boolean {
    const [oldFrom = -1, oldEnd = -1] = this.marks.slice(2 * group, 2 * group + 2);
    this.marks[2 * group] = from;
    this.marks[2 * group + 1] = end;
    if (next(end)) return true;
    this.marks[2 * group] = oldFrom;
    this.marks[2 * group + 1] = oldEnd;
    return false;
  }

  /** A repetition of single units. */
  #run(node: RegexNode & { readonly kind: 'repeat' }, at: number, next: Next): boolean {
    let most = 0;
    if (node.mode === 'lazy') {
      for (; most < node.min; most += 1) if (!this.#takes(node.item, at + most)) return false;
      for (;;) {
        if (next(at + most)) return true;
        if (most >= node.max || !this.#takes(node.item, at + most)) return false;
        most += 1;
      }
    }
    while (most < node.max && this.#takes(node.item, at + most)) most += 1;
    for (; most >= node.min; most -= 1) if (next(at + most)) return true;
    return false;
  }

  /** `last`: where the round before began; a round that would begin there again has come to nothing. */
  #rounds(
    node: RegexNode & { readonly kind: 'repeat' },
    count: number,
    at: number,
    last: number,
    next: Next,
  ): boolean {
    const { item, min, max, mode } = node;
    if (count < min) return this.#match(item, at, (end) => this.#rounds(node, count + 1, end, last, next));
    if (mode === 'lazy' && next(at)) return true;
    if (
      count < max &&
      at !== last &&
      this.#match(item, at, (end) => this.#rounds(node, count + 1, end, at, next))
    )
      return true;
    return mode !== 'lazy' && next(at);
  }

  #atomic(item: RegexNode, at: number, next: Next): boolean {
    const before = [...this.marks];
    let reached = -1;
    const found = this.#match(item, at, (end) => {
      reached = end;
      return true;
    });
    if (found && next(reached)) return true;
    this.#restore(before);
    return false;
  }

  #look(node: RegexNode & { readonly kind: 'look' }, at: number, next: Next): boolean {
    const before = [...this.marks];
    const from = node.behind ? at - leastWidth(node.item) : at;
    const found = from >= 0 && this.#match(node.item, from, (end) => !node.behind || end === at);
    if (node.negative) this.#restore(before);
    if (found !== node.negative && next(at)) return true;
    this.#restore(before);
    return false;
  }

  #reference(group: number, ignoreCase: boolean, at: number, next: Next): boolean {
    const from = this.marks[2 * group] ?? -1;
    const end = this.marks[2 * group + 1] ?? -1;
    if (end < 0 || at + end - from > this.#text.length) return false;
    for (let index = 0; index < end - from; index += 1) {
      const theirs = this.#text.charCodeAt(from + index);
      const own = this.#text.charCodeAt(at + index);
      if (theirs !== own && !(ignoreCase && lowerCase(theirs) === lowerCase(own))) return false;
    }
    return next(at + end - from);
  }

  #holds(what: AssertionKind, at: number): boolean {
    const text = this.#text;
    switch (what) {
      case 'text-start':
        return at === 0;
      case 'text-end':
        return at === text.length;
      case 'end':
        return at === text.length || (at === text.length - 1 && text.charAt(at) === '\n');
      case 'line-start':
        return at === 0 || text.charAt(at - 1) === '\n';
      case 'line-end':
        return at === text.length || text.charAt(at) === '\n';
      case 'word-edge':
        return this.#edge(at, WORDS);
      case 'not-word-edge':
        return text !== '' && !this.#edge(at, WORDS);
      case 'ascii-word-edge':
        return this.#edge(at, ASCII_WORDS);
      case 'not-ascii-word-edge':
        return text !== '' && !this.#edge(at, ASCII_WORDS);
      default:
        return unreachable(what);
    }
  }

  #edge(at: number, words: readonly number[]): boolean {
    const isWord = (index: number): boolean =>
      index >= 0 && index < this.#text.length && contains(words, this.#text.charCodeAt(index));
    return isWord(at - 1) !== isWord(at);
  }

  #restore(marks: readonly number[]): void {
    for (let index = 0; index < marks.length; index += 1) this.marks[index] = marks[index] ?? -1;
  }
}
