/**
 * How many code units a node can consume, and whether consuming nothing is its last resort.
 * Pure; knows no JavaScript.
 */
import { unreachable } from '../unreachable.js';
import type { RegexNode } from './syntax.js';

/** Least and most; `groups`: the groups that references mean. A reference to an unknown group may be of any length. */
export function widthOf(
  node: RegexNode,
  groups: ReadonlyMap<number, RegexNode>,
): readonly [least: number, most: number] {
  const of = (item: RegexNode): readonly [number, number] => widthOf(item, groups);
  switch (node.kind) {
    case 'character':
    case 'set':
      return [1, 1];
    case 'sequence':
      return node.items.map(of).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case 'choice':
      return either(node.options.map(of));
    case 'condition':
      return either([of(node.yes), of(node.no)]);
    case 'repeat': {
      const [least, most] = of(node.item);
      return [least * node.min, most === 0 || node.max === 0 ? 0 : most * node.max];
    }
    case 'group':
    case 'atomic':
      return of(node.item);
    case 'look':
    case 'assertion':
      return [0, 0];
    case 'backreference': {
      const group = groups.get(node.group);
      return group === undefined ? [0, Infinity] : of(group);
    }
    default:
      return unreachable(node);
  }
}

function either(widths: readonly (readonly [number, number])[]): readonly [number, number] {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}

/** The least number of code units that a node consumes, whatever references mean. */
export function leastWidth(node: RegexNode): number {
  switch (node.kind) {
    case 'character':
    case 'set':
      return 1;
    case 'look':
    case 'assertion':
    case 'backreference':
      return 0;
    case 'group':
    case 'atomic':
      return leastWidth(node.item);
    case 'repeat':
      return node.min === 0 ? 0 : leastWidth(node.item) * node.min;
    case 'condition':
      return Math.min(leastWidth(node.yes), leastWidth(node.no));
    case 'sequence':
    case 'choice': {
      const known = leastWidths.get(node);
      if (known !== undefined) return known;
      const least = node.kind === 'sequence' ? sumOf(node.items) : leastOf(node.options);
      leastWidths.set(node, least);
      return least;
    }
    default:
      return unreachable(node);
  }
}

/** It is asked for at every level of a tree; kept where there is something to add up. */
const leastWidths = new WeakMap<RegexNode, number>();

function sumOf(items: readonly RegexNode[]): number {
  let sum = 0;
  for (const item of items) sum += leastWidth(item);
  return sum;
}

function leastOf(options: readonly RegexNode[]): number {
  let least = Infinity;
  for (const option of options) least = Math.min(least, leastWidth(option));
  return least;
}

/** Whether a match of nothing is tried only after every match of something. */
export function emptyIsLast(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
    case 'set':
    case 'assertion':
    case 'look':
    case 'backreference':
      return true;
    case 'sequence':
      return leastWidth(node) > 0 || node.items.every(emptyIsLast);
    case 'choice':
      return node.options.every(
        (option, index) =>
          leastWidth(option) > 0 || (index === node.options.length - 1 && emptyIsLast(option)),
      );
    case 'condition':
      return [node.yes, node.no].every((branch) => leastWidth(branch) > 0 || emptyIsLast(branch));
    case 'repeat':
      return (leastWidth(node) > 0 || node.mode !== 'lazy') && emptyIsLast(node.item);
    case 'group':
    case 'atomic':
      return emptyIsLast(node.item);
    default:
      return unreachable(node);
  }
}
