/**
 * Whether a tree can match a letter, so that upper and lower case make a difference to what refers to it.
 */
import { unreachable } from '../unreachable.js';
import type { RegexNode } from './syntax.js';

/** The first unit beyond ASCII that is a letter; what lies behind is taken for one. */
const FIRST_OTHER_LETTER = 0xaa;

/** Says yes where it is not sure. */
export function hasCase(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
      return isLetterIn(node.code, node.code);
    case 'set':
      return node.set.some((low, at) => at % 2 === 0 && isLetterIn(low, node.set[at + 1] ?? low));
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

function isLetterIn(low: number, high: number): boolean {
  return (low <= 0x5a && high >= 0x41) || (low <= 0x7a && high >= 0x61) || high >= FIRST_OTHER_LETTER;
}
