/**
 * Which text must still come once a group has matched, because a condition that every match meets asks for it then.
 * Takes a tree; gives the texts by the number of the group. Where the text does not come, the group need not be tried:
 * `(?P<user>\S+)… (?(user): |$)` would else be walked through to the end, and back through every way to get there.
 */
import { requiredTexts } from './required-text.js';
import type { RegexNode } from './syntax.js';

export function foretoldTexts(root: RegexNode): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  const once = new Set<number>();
  visit(root, once, texts);
  for (const group of texts.keys()) if (!once.has(group)) texts.delete(group);
  return texts;
}

/** What every match goes through, once; `once`: groups that match at most once, and not by looking ahead. */
function visit(node: RegexNode, once: Set<number>, texts: Map<number, string>): void {
  switch (node.kind) {
    case 'sequence':
      for (const item of node.items) visit(item, once, texts);
      return;
    case 'group':
      once.add(node.index);
      visit(node.item, once, texts);
      return;
    case 'condition': {
      const single = requiredTexts(node.yes).find((set) => set.length === 1)?.[0];
      if (single !== undefined && once.has(node.group)) texts.set(node.group, single);
      return;
    }
    case 'choice':
      for (const option of node.options) noteGroups(option, once);
      return;
    case 'repeat':
      if (node.max === 1) noteGroups(node.item, once);
      return;
    default:
  }
}

/** Notes groups that some matches go through, at most once. */
function noteGroups(node: RegexNode, once: Set<number>): void {
  if (node.kind === 'group') {
    once.add(node.index);
    noteGroups(node.item, once);
  } else if (node.kind === 'sequence') for (const item of node.items) noteGroups(item, once);
  else if (node.kind === 'choice') for (const option of node.options) noteGroups(option, once);
  else if (node.kind === 'repeat' && node.max === 1) noteGroups(node.item, once);
}
