/**
 * Where JavaScript's matching would not come to what Python's comes to.
 * JavaScript forgets the groups of a repetition at each round, takes no empty round, and cannot ask whether a group that
 * may be empty took part. Takes a tree and the groups that are read; gives how it can be matched.
 */
import { unreachable } from '../unreachable.js';
import type { GroupPresence } from './group-presence.js';
import type { RegexNode, RegexTree } from './syntax.js';
import { emptyIsLast, leastWidth } from './width.js';

export interface Divergence {
  /** script: by JavaScript alone; groups: it finds the match, and not what all groups hold; all: not by JavaScript. */
  readonly kind: 'script' | 'groups' | 'all';
  /** The groups that it may forget, of those that are read. */
  readonly lossy: ReadonlySet<number>;
}

/** `read`: Python's numbers of the groups that anybody looks at. */
export function divergenceOf(
  tree: RegexTree,
  presence: GroupPresence,
  read: ReadonlySet<number>,
): Divergence {
  const found = lossyGroups(tree.root);
  const { tested, referenced, optional, empty, closedLater } = presence;
  const isAsked = (group: number): boolean =>
    tested.has(group) || (referenced.has(group) && optional.has(group));
  const groups = Array.from({ length: tree.groups }, (_, index) => index + 1);
  const all =
    found.all ||
    closedLater ||
    groups.some((group) => (isAsked(group) || referenced.has(group)) && found.lossy.has(group)) ||
    groups.some((group) => isAsked(group) && empty.has(group));
  const lossy = new Set(all ? [] : groups.filter((group) => found.lossy.has(group) && read.has(group)));
  return { kind: all ? 'all' : lossy.size > 0 ? 'groups' : 'script', lossy };
}

/** What of a tree JavaScript would forget. */
export function lossyGroups(root: RegexNode): LossyGroups {
  const found = { lossy: new Set<number>(), all: false };
  visit(root, false, found);
  return found;
}

export interface LossyGroups {
  readonly lossy: ReadonlySet<number>;
  /** Whether it would match otherwise. */
  readonly all: boolean;
}

interface Found {
  /** Groups whose text of an earlier round may be the one that counts. */
  readonly lossy: Set<number>;
  all: boolean;
}

/** `skippable`: inside a repetition, and a round can pass the node by. */
function visit(node: RegexNode, skippable: boolean, found: Found, repeated = false): void {
  switch (node.kind) {
    case 'group':
      if (repeated && skippable) found.lossy.add(node.index);
      visit(node.item, skippable, found, repeated);
      return;
    case 'sequence':
      for (const item of node.items) visit(item, skippable, found, repeated);
      return;
    case 'choice':
      for (const option of node.options) visit(option, true, found, repeated);
      return;
    case 'repeat': {
      const rounds = node.max > 1;
      const more = node.max > node.min;
      const simple = node.item.kind === 'character' || node.item.kind === 'set';
      const empty = more && !simple && leastWidth(node.item) === 0;
      // What a repetition of its own did in the round before is kept where it does nothing in this one.
      if (empty && !emptyIsLast(node.item)) found.all = true;
      const passes = repeated && (skippable || node.min === 0);
      visit(node.item, empty || passes, found, repeated || rounds || empty);
      return;
    }
    case 'look':
      visit(node.item, skippable, found, repeated);
      return;
    case 'atomic':
      visit(node.item, skippable, found, repeated);
      return;
    case 'condition':
      visit(node.yes, true, found, repeated);
      visit(node.no, true, found, repeated);
      return;
    case 'backreference':
      if (node.ignoreCase) found.all = true;
      return;
    case 'character':
    case 'set':
    case 'assertion':
      return;
    default:
      unreachable(node);
  }
}
