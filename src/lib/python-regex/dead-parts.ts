/**
 * Finds parts of a tree that no text can match: what follows the end of the text, what comes before its beginning,
 * empty classes, and branches that ask for a group that has always, or never, matched.
 * Takes the tree; gives the numbers of the groups that can never match, and whether the whole can.
 */
import { leastWidth } from './width.js';
import { contains } from './character-set.js';
import { childrenOf } from './sample-text.js';
import type { RegexNode } from './syntax.js';

export interface DeadParts {
  /** Groups that can never match. */
  readonly groups: ReadonlySet<number>;
  /** Nothing matches the whole. */
  readonly all: boolean;
}

export function deadParts(root: RegexNode): DeadParts {
  const finder = new DeadFinder();
  const all = finder.visit(root);
  if (all) finder.bury(root);
  return { groups: finder.groups, all };
}

class DeadFinder {
  readonly groups = new Set<number>();

  /** Whether a node can match nothing at all; what is dead in it is noted. */
  visit(node: RegexNode): boolean {
    switch (node.kind) {
      case 'set':
        return node.set.length === 0;
      case 'sequence':
        return this.#sequence(node.items);
      case 'choice': {
        const dead = node.options.map((option) => this.visit(option));
        for (const [index, option] of node.options.entries()) if (dead[index] === true) this.bury(option);
        return dead.every((each) => each);
      }
      case 'repeat': {
        const isDead = this.visit(node.item) || node.max === 0;
        if (isDead) this.bury(node.item);
        return isDead && node.min > 0;
      }
      case 'group':
      case 'atomic':
        return this.visit(node.item);
      case 'condition': {
        const dead = [this.visit(node.yes), this.visit(node.no)];
        return dead.every((each) => each);
      }
      case 'look':
      case 'character':
      case 'backreference':
      case 'assertion':
        return false;
    }
  }

  bury(node: RegexNode): void {
    if (node.kind === 'group') this.groups.add(node.index);
    for (const child of childrenOf(node)) this.bury(child);
  }

  #sequence(items: readonly RegexNode[]): boolean {
    let isDead = false;
    for (const item of items) isDead = this.visit(item) || isDead;
    const end = items.findIndex((item) => isEnd(item));
    // One newline at the end is all that may follow `$`.
    const behind = end < 0 ? [] : items.slice(end + 1).filter((item) => leastWidth(item) > 0);
    const isBehind = behind.length > 1 || behind.some((item) => !mayBeNewline(item));
    const start = items.findLastIndex((item) => isStart(item));
    const isBefore = items.slice(0, Math.max(0, start)).some((item) => leastWidth(item) > 0);
    return isDead || isBehind || isBefore;
  }
}

/** The end of the text, not of a line in it. */
function isEnd(node: RegexNode): boolean {
  return node.kind === 'assertion' && (node.what === 'end' || node.what === 'text-end');
}

function isStart(node: RegexNode): boolean {
  return node.kind === 'assertion' && node.what === 'text-start';
}

function mayBeNewline(node: RegexNode): boolean {
  if (node.kind === 'character') return node.code === 0xa;
  if (node.kind === 'set') return contains(node.set, 0xa);
  return childrenOf(node).some(mayBeNewline);
}
