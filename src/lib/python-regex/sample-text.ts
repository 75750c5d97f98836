/**
 * Writes a text that a tree matches, or is meant to: one way through it, by way of given nodes.
 * Takes the tree and what to prefer; gives the text and where the given nodes stand in it. What lookaround asks for is
 * not seen to: whoever uses the text tries it.
 */
import { unreachable } from '../unreachable.js';
import { type CharacterSet, contains } from './character-set.js';
import type { RegexNode } from './syntax.js';

export interface SampleWishes {
  /** Nodes that the way goes through. */
  readonly through: ReadonlySet<RegexNode>;
  /** Characters for sets, the first that is a member; what comes first is taken most often. */
  readonly prefer: string;
  /** Whether something that may be left out is put in once. */
  readonly optional: (item: RegexNode) => boolean;
  /** The text of groups, in place of what they would match. */
  readonly groups: ReadonlyMap<number, string>;
}

export interface Sample {
  readonly text: string;
  /** Of the nodes that the way goes through. */
  readonly places: ReadonlyMap<RegexNode, readonly [start: number, end: number]>;
}

export function sampleText(root: RegexNode, wishes: SampleWishes): Sample {
  const writer = new SampleWriter(wishes);
  writer.write(root);
  return { text: writer.text, places: writer.places };
}

/** Whether `part` is `whole` or stands in it. */
export function holds(whole: RegexNode, part: RegexNode): boolean {
  return whole === part || childrenOf(whole).some((child) => holds(child, part));
}

export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'choice':
      return node.options;
    case 'condition':
      return [node.yes, node.no];
    case 'repeat':
    case 'group':
    case 'atomic':
    case 'look':
      return [node.item];
    case 'character':
    case 'set':
    case 'backreference':
    case 'assertion':
      return [];
    default:
      return unreachable(node);
  }
}

/** Longer than any line that is matched. */
const MOST_TEXT = 4096;

class SampleWriter {
  text = '';
  readonly places = new Map<RegexNode, readonly [number, number]>();
  readonly #wishes: SampleWishes;
  readonly #groups = new Map<number, string>();

  constructor(wishes: SampleWishes) {
    this.#wishes = wishes;
  }

  write(node: RegexNode): void {
    const start = this.text.length;
    if (start > MOST_TEXT) return;
    this.#write(node);
    if (this.#wishes.through.has(node)) this.places.set(node, [start, this.text.length]);
  }

  #write(node: RegexNode): void {
    switch (node.kind) {
      case 'character':
        this.text += String.fromCharCode(node.code);
        return;
      case 'set':
        this.text += memberOf(node.set, this.#wishes.prefer);
        return;
      case 'sequence':
        for (const item of node.items) this.write(item);
        return;
      case 'choice':
        return this.write(this.#chosen(node.options) ?? EMPTY);
      case 'condition': {
        const set = this.#groups.has(node.group) ? node.yes : node.no;
        return this.write(this.#chosen([node.yes, node.no], set) ?? set);
      }
      case 'repeat':
        return this.#repeat(node);
      case 'group': {
        const start = this.text.length;
        const given = this.#wishes.groups.get(node.index);
        if (given === undefined) this.write(node.item);
        else this.text += given;
        this.#groups.set(node.index, this.text.slice(start));
        return;
      }
      case 'atomic':
        return this.write(node.item);
      case 'backreference':
        this.text += this.#groups.get(node.group) ?? '';
        return;
      case 'look':
      case 'assertion':
        return;
      default:
        return unreachable(node);
    }
  }

  #repeat({ item, min, max }: RegexNode & { readonly kind: 'repeat' }): void {
    const { through, optional } = this.#wishes;
    const wanted = optional(item) || [...through].some((node) => holds(item, node));
    const times = Math.max(min, wanted && max > 0 ? 1 : 0);
    for (let time = 0; time < times; time += 1) this.write(item);
  }

  /** The option that the way goes through; else the usual one, or the first. */
  #chosen(options: readonly RegexNode[], usual?: RegexNode): RegexNode | undefined {
    const { through } = this.#wishes;
    return options.find((option) => [...through].some((node) => holds(option, node))) ?? usual ?? options[0];
  }
}

const EMPTY: RegexNode = { kind: 'sequence', items: [] };

function memberOf(set: CharacterSet, prefer: string): string {
  for (const character of prefer) if (contains(set, character.charCodeAt(0))) return character;
  for (let at = 0; at < set.length; at += 2)
    if ((set[at] ?? 0) > 0x20) return String.fromCharCode(set[at] ?? 0);
  return set.length === 0 ? '' : String.fromCharCode(set[0] ?? 0);
}
