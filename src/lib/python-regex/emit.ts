/**
 * Writes a tree as a JavaScript regular expression without flags.
 * Groups are numbered, not named: their numbers are handed back, and groups that nobody can read are dropped.
 * Whether a group was set is asked through a marker, the rest of the text where the group began: further on, that rest
 * cannot match any more, while the backreference of an unset group matches nothing at all and so succeeds.
 */
import { unreachable } from '../unreachable.js';
import { classText, contains, unitText } from './character-set.js';
import { type GroupPresence, groupPresence, hasCase, leastWidth } from './group-presence.js';
import { RegexSyntaxError } from './regex-syntax-error.js';
import type { AssertionKind, RegexNode, RegexTree } from './syntax.js';

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

/** JavaScript for a tree. Throws RegexSyntaxError for what cannot be expressed. */
export function emitJavaScript(tree: RegexTree, options: EmitOptions): Emitted {
  const emitter = new Emitter(tree, options);
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
  readonly #cased = new Set<number>();
  readonly #named: ReadonlySet<number>;
  readonly #bare: boolean;
  #count = 0;

  constructor(tree: RegexTree, options: EmitOptions) {
    this.#presence = groupPresence(tree.root);
    this.#named = new Set([...tree.names.values(), ...options.keep]);
    this.#bare = options.textEnd === 'bare';
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
        return this.#backreference(node.group, node.ignoreCase);
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
    for (const [index, item] of items.entries()) {
      const end = last && items.slice(index + 1).every((later) => leastWidth(later) === 0);
      text += this.write(item, end);
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
    const { optional, empty, referenced, tested } = this.#presence;
    const asked = tested.has(index) || (referenced.has(index) && optional.has(index));
    if (!asked && !referenced.has(index) && !this.#named.has(index)) return `(?:${this.write(item, last)})`;
    this.#count += 1;
    this.numbers.set(index, this.#count);
    if (hasCase(item)) this.#cased.add(index);
    if (!asked) return `(${this.write(item, last)})`;
    if (empty.has(index)) {
      throw new RegexSyntaxError(
        `group ${index} may match nothing, so whether it matched cannot be asked`,
        -1,
      );
    }
    this.#count += 1;
    this.#markers.set(index, this.#count);
    return `((?=([^]*))${this.write(item, last)})`;
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

  #backreference(group: number, ignoreCase: boolean): string {
    const number = this.numbers.get(group);
    if (number === undefined)
      throw new RegexSyntaxError(`group ${group} is asked for before it can match`, -1);
    if (ignoreCase && this.#cased.has(group)) {
      throw new RegexSyntaxError(
        `a backreference to letters (group ${group}) under (?i) is not supported`,
        -1,
      );
    }
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
      return '\\b';
    case 'not-word-edge':
      return '\\B';
    default:
      return unreachable(what);
  }
}
