/**
 * Finds texts of which at least one stands in every match of a tree, so that a line without any of them need not be
 * tried. Takes a tree; gives such a set, or undefined where none is known.
 * Never says too much: a set that is given is necessary, not sufficient.
 */
import { unreachable } from '../unreachable.js';
import { contains, sizeOf } from './character-set.js';
import type { RegexNode } from './syntax.js';

/** Alternatives: every match contains one of them. */
export type RequiredText = readonly string[];

const MOST_ALTERNATIVES = 24;
const MOST_MEMBERS = 3;
const NEWLINE = 0xa;

interface Found {
  /** All texts that the node can match, if they are few. */
  readonly exact: readonly string[] | undefined;
  readonly best: RequiredText | undefined;
}

const EMPTY: Found = { exact: [''], best: undefined };
const UNKNOWN: Found = { exact: undefined, best: undefined };

/** `cut` splits an exact text into the pieces that may be looked for; by default it stays whole. */
export function requiredText(
  root: RegexNode,
  cut: (text: string) => readonly string[] = (text) => [text],
): RequiredText | undefined {
  const found = analyse(root, cut);
  return better(found.best, pieces(found.exact, cut));
}

function analyse(node: RegexNode, cut: (text: string) => readonly string[]): Found {
  switch (node.kind) {
    case 'character':
      // The newline at the end is not in the text that is searched.
      if (node.code === NEWLINE) return UNKNOWN;
      return { exact: [String.fromCharCode(node.code)], best: undefined };
    case 'set':
      return sizeOf(node.set) <= MOST_MEMBERS && !contains(node.set, NEWLINE)
        ? { exact: members(node.set), best: undefined }
        : UNKNOWN;
    case 'sequence':
      return sequence(
        node.items.map((item) => analyse(item, cut)),
        cut,
      );
    case 'choice':
      return choice(
        node.options.map((option) => analyse(option, cut)),
        cut,
      );
    case 'condition':
      return choice([analyse(node.yes, cut), analyse(node.no, cut)], cut);
    case 'repeat': {
      const inner = analyse(node.item, cut);
      if (node.min === 0) return node.max === 1 ? choice([inner, EMPTY], cut) : UNKNOWN;
      if (node.min === 1 && node.max === 1) return inner;
      return { exact: undefined, best: better(inner.best, pieces(inner.exact, cut)) };
    }
    case 'group':
    case 'atomic':
      return analyse(node.item, cut);
    case 'look':
    case 'assertion':
      return EMPTY;
    case 'backreference':
      return UNKNOWN;
    default:
      return unreachable(node);
  }
}

function members(set: readonly number[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < set.length; at += 2) {
    for (let code = set[at] ?? 0; code <= (set[at + 1] ?? 0); code += 1) out.push(String.fromCharCode(code));
  }
  return out;
}

function sequence(parts: readonly Found[], cut: (text: string) => readonly string[]): Found {
  let exact: readonly string[] | undefined = [''];
  let run: readonly string[] = [''];
  let best: RequiredText | undefined;
  for (const part of parts) {
    const joined: readonly string[] | undefined =
      part.exact === undefined ? undefined : product(run, part.exact);
    if (joined !== undefined) {
      run = joined;
      continue;
    }
    exact = undefined;
    best = better(best, pieces(run, cut));
    best = better(best, part.best);
    run = part.exact ?? [''];
  }
  if (exact !== undefined) return { exact: run, best: undefined };
  return { exact: undefined, best: better(best, pieces(run, cut)) };
}

function product(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
  if (left.length * right.length > MOST_ALTERNATIVES) return undefined;
  return left.flatMap((head) => right.map((tail) => head + tail));
}

function choice(parts: readonly Found[], cut: (text: string) => readonly string[]): Found {
  const exact: string[] = [];
  let best: string[] | undefined = [];
  let known = true;
  for (const part of parts) {
    if (part.exact === undefined) known = false;
    else exact.push(...part.exact);
    const one = better(part.best, pieces(part.exact, cut));
    if (one === undefined) best = undefined;
    else best?.push(...one);
  }
  const distinct = [...new Set(exact)];
  const few =
    best !== undefined && best.length > 0 && best.length <= 4 * MOST_ALTERNATIVES
      ? [...new Set(best)]
      : undefined;
  return { exact: known && distinct.length <= MOST_ALTERNATIVES ? distinct : undefined, best: few };
}

/** Of each text its longest piece; undefined if one has none. */
function pieces(
  texts: readonly string[] | undefined,
  cut: (text: string) => readonly string[],
): RequiredText | undefined {
  if (texts === undefined) return undefined;
  const out = new Set<string>();
  for (const text of texts) {
    const longest = cut(text).reduce((a, b) => (b.length > a.length ? b : a), '');
    if (longest === '') return undefined;
    out.add(longest);
  }
  return [...out];
}

function better(a: RequiredText | undefined, b: RequiredText | undefined): RequiredText | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return score(b) > score(a) ? b : a;
}

function score(texts: RequiredText): number {
  let shortest = Infinity;
  for (const text of texts) shortest = Math.min(shortest, text.trim().length);
  return Math.min(shortest, 16) - texts.length / 8;
}
