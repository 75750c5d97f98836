/**
 * Finds out about the groups of a tree what emitting needs: whether a group has always matched once the match got past
 * it, whether it always consumes something, and who refers to it.
 * Pure; knows no JavaScript.
 */
import { unreachable } from '../unreachable.js';
import type { RegexNode } from './syntax.js';
import { leastWidth } from './width.js';

export interface GroupPresence {
  /** Groups that a match may leave unset. */
  readonly optional: ReadonlySet<number>;
  /** Groups behind which a match can go on where they began: they may be empty, or stand in a lookahead. */
  readonly empty: ReadonlySet<number>;
  readonly referenced: ReadonlySet<number>;
  readonly tested: ReadonlySet<number>;
  /** Some condition asks for a group that is not closed where it stands. */
  readonly closedLater: boolean;
}

export function groupPresence(root: RegexNode): GroupPresence {
  const presence = {
    optional: new Set<number>(),
    empty: new Set<number>(),
    referenced: new Set<number>(),
    tested: new Set<number>(),
    closed: new Set<number>(),
    closedLater: false,
  };
  visit(root, false, presence);
  return presence;
}

interface Mutable {
  readonly optional: Set<number>;
  readonly empty: Set<number>;
  readonly referenced: Set<number>;
  readonly tested: Set<number>;
  readonly closed: Set<number>;
  closedLater: boolean;
}

function visit(node: RegexNode, maybe: boolean, found: Mutable): void {
  switch (node.kind) {
    case 'group':
      if (maybe) found.optional.add(node.index);
      if (leastWidth(node.item) === 0) found.empty.add(node.index);
      visit(node.item, maybe, found);
      found.closed.add(node.index);
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
      for (const group of groupsIn(node.item)) found.empty.add(group);
      return;
    case 'atomic':
      visit(node.item, maybe, found);
      return;
    case 'condition':
      found.tested.add(node.group);
      if (!found.closed.has(node.group)) found.closedLater = true;
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

function groupsIn(node: RegexNode): readonly number[] {
  switch (node.kind) {
    case 'group':
      return [node.index, ...groupsIn(node.item)];
    case 'sequence':
      return node.items.flatMap(groupsIn);
    case 'choice':
      return node.options.flatMap(groupsIn);
    case 'condition':
      return [...groupsIn(node.yes), ...groupsIn(node.no)];
    case 'repeat':
    case 'look':
    case 'atomic':
      return groupsIn(node.item);
    case 'character':
    case 'set':
    case 'assertion':
    case 'backreference':
      return [];
    default:
      return unreachable(node);
  }
}
