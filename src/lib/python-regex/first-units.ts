/**
 * Finds the code units with which a text can begin that a tree matches, for trees that match at its beginning only.
 * Gives undefined where the match may stand anywhere or may be empty.
 */
import { unreachable } from '../unreachable.js';
import { ANY, type CharacterSet, union } from './character-set.js';
import type { RegexNode } from './syntax.js';

interface First {
  readonly units: CharacterSet;
  /** Nothing may be consumed. */
  readonly empty: boolean;
  /** It holds at the beginning of the text only. */
  readonly anchored: boolean;
}

const NOTHING: First = { units: [], empty: true, anchored: false };

export function firstUnits(root: RegexNode): CharacterSet | undefined {
  const { units, empty, anchored } = analyse(root);
  return anchored && !empty ? units : undefined;
}

/** What a match of a part must begin with, wherever it stands; undefined where it may be empty. */
export function leadingUnits(part: RegexNode): CharacterSet | undefined {
  const { units, empty } = analyse(part);
  return empty ? undefined : units;
}

function analyse(node: RegexNode): First {
  switch (node.kind) {
    case 'character':
      return { units: [node.code, node.code], empty: false, anchored: false };
    case 'set':
      return { units: node.set, empty: false, anchored: false };
    case 'sequence':
      return sequence(node.items);
    case 'choice':
      return either(node.options);
    case 'condition':
      return either([node.yes, node.no]);
    case 'repeat': {
      const inner = analyse(node.item);
      return node.min === 0 ? { ...inner, empty: true, anchored: false } : inner;
    }
    case 'group':
    case 'atomic':
      return analyse(node.item);
    case 'assertion':
      return node.what === 'text-start' ? { ...NOTHING, anchored: true } : NOTHING;
    case 'look':
      return NOTHING;
    case 'backreference':
      return { units: ANY, empty: true, anchored: false };
    default:
      return unreachable(node);
  }
}

function sequence(items: readonly RegexNode[]): First {
  let found = NOTHING;
  for (const item of items) {
    const next = analyse(item);
    // An anchor counts as long as nothing can have been consumed before it; behind, it makes a match impossible.
    found = {
      units: union([found.units, next.units]),
      empty: next.empty,
      anchored: found.anchored || next.anchored,
    };
    if (!next.empty) break;
  }
  return found;
}

function either(options: readonly RegexNode[]): First {
  const all = options.map(analyse);
  return {
    units: union(all.map(({ units }) => units)),
    empty: all.some(({ empty }) => empty),
    anchored: all.every(({ anchored }) => anchored),
  };
}
