/**
 * Writes a tree as a JavaScript regular expression without flags.
 * Groups are numbered, not named: their numbers are handed back, and groups that nobody can read are dropped.
 * Whether a group was set is asked through a marker, the rest of the text where the group began: further on, that rest
 * cannot match any more, while the backreference of an unset group matches nothing at all and so succeeds.
 */
import { unreachable } from '../unreachable.js';
import {
  type CharacterSet,
  classText,
  complement,
  contains,
  union,
  unitText,
  WORDS,
} from './character-set.js';
import { foretoldTexts } from './foretold.js';
import type { GroupPresence } from './group-presence.js';
import { RegexSyntaxError } from './regex-syntax-error.js';
import type { AssertionKind, RegexNode, RegexTree } from './syntax.js';
import { leastWidth } from './width.js';

export interface EmitOptions {
  /**
   * bare: the text ends without a newline where Python sees one, so what may match that newline may match the end.
   * newline: the text is the one that Python sees.
   */
  readonly textEnd: 'bare' | 'newline';
  /** Python's numbers of unnamed groups that the caller reads. */
  readonly keep: readonly number[];
}

export interface Emitted {
  readonly source: string;
  /** JavaScript's group numbers by Python's names. */
  readonly names: ReadonlyMap<string, number>;
  /** JavaScript's group numbers by Python's. */
  readonly numbers: ReadonlyMap<number, number>;
}

/** JavaScript for a tree that does not diverge wholly, see divergence.ts. */
export function emitJavaScript(tree: RegexTree, presence: GroupPresence, options: EmitOptions): Emitted {
  const emitter = new Emitter(tree, presence, options);
  const source = emitter.write(tree.root, true);
  const names = new Map<string, number>();
  for (const [name, group] of tree.names) {
    const number = emitter.numbers.get(group);
    if (number !== undefined) names.set(name, number);
  }
  return { source, names, numbers: emitter.numbers };
}

class Emitter {
  readonly numbers = new Map<number, number>();
  readonly #markers = new Map<number, number>();
  readonly #presence: GroupPresence;
  readonly #named: ReadonlySet<number>;
  readonly #bare: boolean;
  readonly #foretold: ReadonlyMap<number, string>;
  #count = 0;

  constructor(tree: RegexTree, presence: GroupPresence, options: EmitOptions) {
    this.#presence = presence;
    this.#named = new Set([...tree.names.values(), ...options.keep]);
    this.#bare = options.textEnd === 'bare';
    this.#foretold = foretoldTexts(tree.root);
  }

  /** `last`: everything that follows may match nothing, so the end of the text can be reached here. */
  write(node: RegexNode, last: boolean): string {
    switch (node.kind) {
      case 'character':
        return this.#bare && last && node.code === 0xa ? '(?:\\n|$)' : unitText(node.code);
      case 'set': {
        const text = classText(node.set);
        return this.#bare && last && contains(node.set, 0xa) ? `(?:${text}|$)` : text;
      }
      case 'sequence':
        return this.#sequence(node.items, last);
      case 'choice':
        return `(?:${node.options.map((option) => this.write(option, last)).join('|')})`;
      case 'repeat':
        return this.#repeat(node, last);
      case 'group':
        return this.#group(node.index, node.item, last);
      case 'atomic':
        return this.#atomic(() => this.write(node.item, last));
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${this.write(node.item, !node.behind)})`;
      case 'backreference':
        return this.#backreference(node.group);
      case 'condition': {
        const set = this.#isSet(node.group);
        return `(?:${set(true)}${this.write(node.yes, last)}|${set(false)}${this.write(node.no, last)})`;
      }
      case 'assertion':
        return assertion(node.what, this.#bare);
      default:
        return unreachable(node);
    }
  }

  #sequence(items: readonly RegexNode[], last: boolean): string {
    let text = '';
    const lastFilled = last ? items.findLastIndex((item) => leastWidth(item) > 0) : items.length;
    for (const [index, item] of items.entries()) {
      const end = index >= lastFilled;
      const edge = item.kind === 'assertion' && /^(?:not-)?word-edge$/.test(item.what);
      text += edge
        ? wordEdge(item.what === 'word-edge', items[index - 1], items[index + 1], this.#bare)
        : this.write(item, end);
    }
    return text;
  }

  #repeat(node: RegexNode & { readonly kind: 'repeat' }, last: boolean): string {
    const { item, min, max, mode } = node;
    const single = item.kind === 'set' || item.kind === 'character';
    // `\s+` before the newline that is not there: one of them may be the end.
    if (mode === 'possessive') return this.#atomic(() => this.#repeat({ ...node, mode: 'greedy' }, last));
    const reach = this.#bare && last && min === 1 && item.kind === 'set' && contains(item.set, 0xa);
    const inner = this.write(item, last && !single && min > 0);
    const body = inner === '' ? '(?:)' : isAtom(item) ? inner : `(?:${inner})`;
    const lazy = mode === 'lazy' ? '?' : '';
    const text = `${body}${count(min, max)}${lazy}`;
    return reach ? `(?:${text}|$)` : text;
  }

  #group(index: number, item: RegexNode, last: boolean): string {
    const { optional, referenced, tested } = this.#presence;
    const asked = tested.has(index) || (referenced.has(index) && optional.has(index));
    if (!asked && !referenced.has(index) && !this.#named.has(index)) return `(?:${this.write(item, last)})`;
    this.#count += 1;
    this.numbers.set(index, this.#count);
    if (!asked) return `(${this.write(item, last)})`;
    this.#count += 1;
    this.#markers.set(index, this.#count);
    return `((?=(${this.#rest(index)}))${this.write(item, last)})`;
  }

  /** All that follows, if what must follow is there. */
  #rest(group: number): string {
    const text = this.#foretold.get(group);
    if (text === undefined) return '[^]*';
    return `[^]*?${Array.from({ length: text.length }, (_, at) => unitText(text.charCodeAt(at))).join('')}[^]*`;
  }

  /** JavaScript's lookahead keeps its first match, which is all that atomic means. */
  #atomic(write: () => string): string {
    this.#count += 1;
    const number = this.#count;
    return `(?:(?=(${write()}))\\${number})`;
  }

  #isSet(group: number): (wanted: boolean) => string {
    const marker = this.#markers.get(group);
    if (marker === undefined)
      throw new RegexSyntaxError(`group ${group} is asked for before it can match`, -1);
    return (wanted) => (wanted ? `(?!\\${marker})` : `(?=\\${marker})`);
  }

  #backreference(group: number): string {
    const number = this.numbers.get(group);
    if (number === undefined)
      throw new RegexSyntaxError(`group ${group} is asked for before it can match`, -1);
    const guard = this.#markers.has(group) ? this.#isSet(group)(true) : '';
    return `${guard}(?:\\${number})`;
  }
}

function isAtom(node: RegexNode): boolean {
  return node.kind === 'character' || node.kind === 'set' || node.kind === 'group' || node.kind === 'choice';
}

function count(min: number, max: number): string {
  if (min === 0 && max === Infinity) return '*';
  if (min === 1 && max === Infinity) return '+';
  if (min === 0 && max === 1) return '?';
  if (min === max) return min === 1 ? '' : `{${min}}`;
  return `{${min},${max === Infinity ? '' : max}}`;
}

function assertion(what: AssertionKind, bare: boolean): string {
  switch (what) {
    case 'text-start':
      return '^';
    case 'text-end':
      return '$';
    case 'end':
      return bare ? '$' : '(?=\\n?$)';
    case 'line-start':
      return '(?:^|(?<=\\n))';
    case 'line-end':
      return '(?=\\n|$)';
    case 'word-edge':
    case 'not-word-edge':
      return wordEdge(what === 'word-edge', undefined, undefined, bare);
    case 'ascii-word-edge':
      return '\\b';
    case 'not-ascii-word-edge':
      return bare ? '\\B' : `\\B${NOT_EMPTY}`;
    default:
      return unreachable(what);
  }
}

/** Python knows no `\\B` in an empty text. */
const NOT_EMPTY = '(?:(?=[^])|(?<=[^]))';

/**
 * `\\b` or `\\B` between letters of any script, which JavaScript's do not know. Where a neighbour consumes one unit and it
 * is known whether that is a letter, only the other side is looked at.
 */
function wordEdge(
  edge: boolean,
  before: RegexNode | undefined,
  after: RegexNode | undefined,
  bare: boolean,
): string {
  const word = classText(WORDS);
  const left = wordness(before);
  const right = wordness(after);
  if (right !== undefined) return right === edge ? `(?<!${word})` : `(?<=${word})`;
  if (left !== undefined) return left === edge ? `(?!${word})` : `(?=${word})`;
  const [same, other] = edge ? ['!', '='] : ['=', '!'];
  const text = `(?:(?<=${word})(?${same}${word})|(?<!${word})(?${other}${word}))`;
  return edge || bare ? text : text + NOT_EMPTY;
}

/** Whether the unit that a node consumes is always (or never) a letter, digit or underscore. */
function wordness(node: RegexNode | undefined): boolean | undefined {
  const set = setOf(node);
  if (set === undefined || set.length === 0) return undefined;
  if (covers(WORDS, set)) return true;
  return covers(NO_WORDS, set) ? false : undefined;
}

const NO_WORDS = complement(WORDS);

function setOf(node: RegexNode | undefined): CharacterSet | undefined {
  if (node?.kind === 'character') return [node.code, node.code];
  if (node?.kind === 'set') return node.set;
  if (node?.kind === 'repeat' && node.min > 0) return setOf(node.item);
  return undefined;
}

/** Whether each member of `part` is one of `whole`. */
function covers(whole: CharacterSet, part: CharacterSet): boolean {
  const joined = union([whole, part]);
  return joined.length === whole.length && joined.every((code, index) => code === whole[index]);
}
