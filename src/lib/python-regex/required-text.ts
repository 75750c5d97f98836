/**
 * Finds texts of which at least one stands in every match of a tree, so that a line without any of them need not be
 * tried. Takes a tree; gives such sets, the most telling first; none where none is known.
 * Never says too much: a set that is given is necessary, not sufficient.
 */
import { unreachable } from '../unreachable.js';
import { contains, sizeOf } from './character-set.js';
import type { RegexNode } from './syntax.js';

/** Alternatives: every match contains one of them. */
export type RequiredText = readonly string[];

type Cut = (text: string) => readonly string[];

const MOST_ALTERNATIVES = 24;
const MOST_MEMBERS = 10;
const MOST_SETS = 3;
/** Of a text that is cut. */
const MOST_PIECES = 3;
/** Words stand in most lines; a sign or digit tells as much as so many letters. */
const SIGN_COUNTS = 4;
const IN_WORDS_ONLY = /^[A-Za-z ]*$/;
const NEWLINE = 0xa;

interface Found {
  /** All texts that the node can match, if they are few. */
  readonly exact: readonly string[] | undefined;
  /** Sets that every match meets, beside what `exact` says. */
  readonly sets: readonly RequiredText[];
}

const EMPTY: Found = { exact: [''], sets: [] };
const UNKNOWN: Found = { exact: undefined, sets: [] };

/**
 * At most three sets, each of which every match meets. `cut` splits an exact text into the pieces that may be looked
 * for; by default it stays whole.
 */
export function requiredTexts(root: RegexNode, cut: Cut = (text) => [text]): readonly RequiredText[] {
  const distinct = new Map(allSets(analyse(root, cut), cut).map((set) => [set.join('\n'), set]));
  return [...distinct.values()].sort((a, b) => score(b) - score(a)).slice(0, MOST_SETS);
}

function analyse(node: RegexNode, cut: Cut): Found {
  switch (node.kind) {
    case 'character':
      // The newline at the end is not in the text that is searched.
      if (node.code === NEWLINE) return UNKNOWN;
      return { exact: [String.fromCharCode(node.code)], sets: [] };
    case 'set':
      return sizeOf(node.set) <= MOST_MEMBERS && !contains(node.set, NEWLINE)
        ? { exact: members(node.set), sets: [] }
        : UNKNOWN;
    case 'sequence':
      return sequence(node.items, cut);
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
      return { exact: undefined, sets: allSets(inner, cut) };
    }
    case 'group':
    case 'atomic':
      return analyse(node.item, cut);
    case 'look':
      // What stands ahead or behind stands in the text as well.
      return node.negative ? EMPTY : { exact: [''], sets: allSets(analyse(node.item, cut), cut) };
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

function sequence(items: readonly RegexNode[], cut: Cut): Found {
  let isExact = true;
  let run: readonly string[] = [''];
  const sets: RequiredText[] = [];
  for (let at = 0; at < items.length; at += 1) {
    const plain = plainText(items, at);
    if (plain !== '') {
      run = run.map((head) => head + plain);
      at += plain.length;
    }
    const item = items[at];
    if (item === undefined) break;
    const part = analyse(item, cut);
    const joined = part.exact === undefined ? undefined : product(run, part.exact);
    if (joined !== undefined) {
      run = joined;
      sets.push(...part.sets);
      continue;
    }
    isExact = false;
    sets.push(...pieces(run, cut), ...part.sets);
    run = part.exact ?? [''];
  }
  return isExact ? { exact: run, sets } : { exact: undefined, sets: [...sets, ...pieces(run, cut)] };
}

/** The characters that stand side by side from `from` on. */
function plainText(items: readonly RegexNode[], from: number): string {
  let text = '';
  for (let at = from; ; at += 1) {
    const item = items[at];
    if (item?.kind !== 'character' || item.code === NEWLINE) return text;
    text += String.fromCharCode(item.code);
  }
}

function product(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
  if (left.length * right.length > MOST_ALTERNATIVES) return undefined;
  return left.flatMap((head) => right.map((tail) => head + tail));
}

function choice(parts: readonly Found[], cut: Cut): Found {
  const texts = new Set(parts.flatMap((part) => part.exact ?? []));
  const isKnown = parts.every((part) => part.exact !== undefined) && texts.size <= MOST_ALTERNATIVES;
  const best = parts.map((part) => mostTelling(isKnown ? part.sets : allSets(part, cut)));
  const either = new Set(best.flatMap((set) => set ?? []));
  const isNeeded = either.size > 0 && either.size <= 4 * MOST_ALTERNATIVES && !best.includes(undefined);
  return {
    exact: isKnown ? [...texts] : undefined,
    sets: isNeeded ? [[...either]] : [],
  };
}

function allSets({ exact, sets }: Found, cut: Cut): readonly RequiredText[] {
  return exact === undefined ? sets : [...sets, ...pieces(exact, cut)];
}

function mostTelling(sets: readonly RequiredText[]): RequiredText | undefined {
  return sets.reduce<RequiredText | undefined>(
    (best, set) => (best === undefined || scoreAlone(set) > scoreAlone(best) ? set : best),
    undefined,
  );
}

/** Of each text its longest piece, as one set; and the next ones as others, as long as each text has one. */
function pieces(texts: readonly string[], cut: Cut): readonly RequiredText[] {
  const byText = texts.map((text) =>
    cut(text)
      .filter((piece) => piece !== '')
      .sort((a, b) => b.length - a.length),
  );
  const fewest = Math.min(MOST_PIECES, ...byText.map(({ length }) => length));
  return Array.from({ length: fewest }, (_, rank) => [...new Set(byText.flatMap((all) => all[rank] ?? []))]);
}

function score(texts: RequiredText): number {
  let shortest = Infinity;
  for (const text of texts) shortest = Math.min(shortest, text.trim().length);
  return Math.min(shortest, 16) - texts.length / 8;
}

/** The same where one set has to stand for all. */
function scoreAlone(texts: RequiredText): number {
  return score(texts) + (texts.some((text) => IN_WORDS_ONLY.test(text)) ? 0 : SIGN_COUNTS);
}
