/**
 * Finds out about the groups of a tree what emitting needs: whether a group has always matched once the match got past
 * it, whether it always consumes something, and who refers to it.
 * Pure; knows no JavaScript.
 */
import { unreachable } from '../unreachable.js';
import { contains, foldCase } from './character-set.js';
import type { RegexNode } from './syntax.js';

export interface GroupPresence {
  /** Groups that a match may leave unset. */
  readonly optional: ReadonlySet<number>;
  /** Groups that can match an empty text. */
  readonly empty: ReadonlySet<number>;
  readonly referenced: ReadonlySet<number>;
  readonly tested: ReadonlySet<number>;
}

export function groupPresence(root: RegexNode): GroupPresence {
  const presence = {
    optional: new Set<number>(),
    empty: new Set<number>(),
    referenced: new Set<number>(),
    tested: new Set<number>(),
  };
  visit(root, false, presence);
  return presence;
}

type Mutable = { [K in keyof GroupPresence]: Set<number> };

function visit(node: RegexNode, maybe: boolean, found: Mutable): void {
  switch (node.kind) {
    case 'group':
      if (maybe) found.optional.add(node.index);
      if (leastWidth(node.item) === 0) found.empty.add(node.index);
      visit(node.item, maybe, found);
      return;
    case 'sequence':
      for (const item of node.items) visit(item, maybe, found);
      return;
    case 'choice':
      for (const option of node.options) visit(option, true, found);
      return;
    case 'repeat':
      visit(node.item, maybe || node.min === 0, found);
      return;
    case 'look':
      visit(node.item, maybe || node.negative, found);
      return;
    case 'atomic':
      visit(node.item, maybe, found);
      return;
    case 'condition':
      found.tested.add(node.group);
      visit(node.yes, true, found);
      visit(node.no, true, found);
      return;
    case 'backreference':
      found.referenced.add(node.group);
      return;
    case 'character':
    case 'set':
    case 'assertion':
      return;
  }
}

/** The least number of code units that a node consumes. */
export function leastWidth(node: RegexNode): number {
  switch (node.kind) {
    case 'character':
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + leastWidth(item), 0);
    case 'choice':
      return Math.min(...node.options.map(leastWidth));
    case 'repeat':
      return node.min === 0 ? 0 : node.min * leastWidth(node.item);
    case 'group':
    case 'atomic':
      return leastWidth(node.item);
    case 'condition':
      return Math.min(leastWidth(node.yes), leastWidth(node.no));
    case 'look':
    case 'backreference':
    case 'assertion':
      return 0;
    default:
      return unreachable(node);
  }
}

/** Whether a node can match a letter that has another case. */
export function hasCase(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
      return foldCase([node.code, node.code]).length > 2;
    case 'set':
      return LETTERS.some((code) => contains(node.set, code) || contains(node.set, code - 0x20));
    case 'sequence':
      return node.items.some(hasCase);
    case 'choice':
      return node.options.some(hasCase);
    case 'condition':
      return hasCase(node.yes) || hasCase(node.no);
    case 'repeat':
    case 'group':
    case 'atomic':
      return hasCase(node.item);
    case 'backreference':
      return true;
    case 'look':
    case 'assertion':
      return false;
    default:
      return unreachable(node);
  }
}

const LETTERS = Array.from({ length: 26 }, (_, letter) => 0x61 + letter);
