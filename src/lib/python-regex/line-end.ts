/**
 * Whether an expression can be matched without the newline that Python sees at the end of a line.
 * What may match that newline may then match the end, which is exact only where nothing behind it asks where it stands.
 * Takes a tree; answers yes only where it is sure.
 */
import { unreachable } from '../unreachable.js';
import { contains } from './character-set.js';
import { leadingUnits } from './first-units.js';
import type { RegexNode } from './syntax.js';
import { leastWidth } from './width.js';

const NEWLINE = 0xa;

export function matchesBare(root: RegexNode): boolean {
  const anchored = root.kind === 'sequence' && isStart(root.items[0]);
  // What may match nothing may match behind the newline.
  return (anchored || leastWidth(root) > 0) && isSure(root, true, true);
}

function isStart(node: RegexNode | undefined): boolean {
  return node?.kind === 'assertion' && node.what === 'text-start';
}

/** `last`: all that follows may be nothing; `quiet`: and does not ask where it stands. */
function isSure(node: RegexNode, last: boolean, quiet: boolean): boolean {
  switch (node.kind) {
    case 'character':
    case 'set':
      return !last || quiet || !takesNewline(node);
    case 'sequence':
      return isSequenceSure(node.items, last, quiet);
    case 'choice':
      return node.options.every((option) => isSure(option, last, quiet));
    case 'condition':
      return isSure(node.yes, last, quiet) && isSure(node.no, last, quiet);
    case 'repeat': {
      // What keeps a newline that it took lets nothing behind it have that newline.
      if (node.mode === 'possessive') return isSure(node.item, true, false);
      const single = node.item.kind === 'set';
      return isSure(node.item, last, quiet && (single ? node.min < 2 : node.max === 1));
    }
    case 'group':
      return isSure(node.item, last, quiet);
    case 'atomic':
      return isSure(node.item, true, false);
    case 'look':
      return isSure(node.item, !node.behind, true);
    case 'assertion':
      return node.what !== 'text-end' && node.what !== 'line-start' && node.what !== 'line-end';
    case 'backreference':
      return true;
    default:
      return unreachable(node);
  }
}

/** From behind, so that what follows an item is known. */
function isSequenceSure(items: readonly RegexNode[], last: boolean, quiet: boolean): boolean {
  let isLast = last;
  let isQuietBehind = quiet;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined) continue;
    if (!isSure(item, isLast, isQuietBehind)) return false;
    isLast &&= leastWidth(item) === 0;
    isQuietBehind &&= isQuiet(item);
  }
  return true;
}

/** Whether a node matches at the end alike, before and behind the newline. */
function isQuiet(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.what === 'end';
    case 'repeat':
      return (
        node.min === 0 && (node.item.kind === 'set' || node.item.kind === 'character' || isIdle(node.item))
      );
    case 'sequence':
      return node.items.every(isQuiet);
    case 'choice':
      return node.options.every(isQuiet);
    case 'group':
      return isQuiet(node.item);
    case 'character':
    case 'set':
    case 'condition':
    case 'atomic':
    case 'look':
    case 'backreference':
      return false;
    default:
      return unreachable(node);
  }
}

/** Whether a node matches neither before the newline nor behind it: it begins with a character, and with another one. */
function isIdle(node: RegexNode): boolean {
  const first = leadingUnits(node);
  return first !== undefined && !contains(first, NEWLINE);
}

function takesNewline(node: RegexNode): boolean {
  if (node.kind === 'character') return node.code === NEWLINE;
  return node.kind === 'set' && contains(node.set, NEWLINE);
}
