/**
 * Lines that make expressions work in vain: for each repetition of an expression a text that leads up to it, rounds of it
 * again and again, and an end that it cannot match.
 * Takes the tree of an expression; gives such lines, the same for the same random source.
 */
import { contains, type CharacterSet } from '../../src/lib/python-regex/character-set.js';
import type { RegexNode, RegexTree } from '../../src/lib/python-regex/syntax.js';
import type { Random } from './python-patterns.js';

const LIKELY = Array.from(' :a1.,=-_/"\'()[]<>@x0', (sign) => sign.charCodeAt(0));
const ENDS = ['!', ' \u0001', ''];
const LONGEST = 8000;

type Repeat = RegexNode & { readonly kind: 'repeat' };

export function hostileLines(tree: RegexTree, random: Random): readonly string[] {
  return repeatsIn(tree.root).flatMap((repeat) =>
    ENDS.map((end, index) => {
      const rounds = index === 2 ? 4000 : isSingle(repeat) ? 600 : 26;
      const writer = new Writer(repeat, rounds, random);
      writer.write(tree.root);
      return (writer.text + end).slice(0, LONGEST).replaceAll('\n', ' ');
    }),
  );
}

function isSingle({ item }: Repeat): boolean {
  return item.kind === 'set' || item.kind === 'character';
}

function repeatsIn(node: RegexNode): readonly Repeat[] {
  switch (node.kind) {
    case 'repeat':
      return [...(node.max > 4 ? [node] : []), ...repeatsIn(node.item)];
    case 'sequence':
      return node.items.flatMap(repeatsIn);
    case 'choice':
      return node.options.flatMap(repeatsIn);
    case 'condition':
      return [...repeatsIn(node.yes), ...repeatsIn(node.no)];
    case 'group':
    case 'look':
    case 'atomic':
      return repeatsIn(node.item);
    case 'character':
    case 'set':
    case 'assertion':
    case 'backreference':
      return [];
  }
}

/** Writes a text that a tree may match, up to the repetition that is driven to its limit. */
class Writer {
  text = '';
  readonly #driven: Repeat;
  readonly #rounds: number;
  readonly #random: Random;
  readonly #groups = new Map<number, string>();
  #done = false;

  constructor(driven: Repeat, rounds: number, random: Random) {
    this.#driven = driven;
    this.#rounds = rounds;
    this.#random = random;
  }

  write(node: RegexNode): void {
    if (this.#done || this.text.length > LONGEST) return;
    switch (node.kind) {
      case 'character':
        this.text += String.fromCharCode(node.code);
        return;
      case 'set':
        this.text += this.#member(node.set);
        return;
      case 'sequence':
        for (const item of node.items) this.write(item);
        return;
      case 'choice':
        this.write(this.#way(node.options));
        return;
      case 'condition':
        this.write(this.#way([node.yes, node.no]));
        return;
      case 'repeat':
        this.#repeat(node);
        return;
      case 'group': {
        const from = this.text.length;
        this.write(node.item);
        this.#groups.set(node.index, this.text.slice(from));
        return;
      }
      case 'atomic':
        this.write(node.item);
        return;
      case 'backreference':
        this.text += this.#groups.get(node.group) ?? '';
        return;
      case 'look':
        if (holds(node.item, this.#driven)) this.write(node.item);
        return;
      case 'assertion':
        return;
    }
  }

  #repeat(node: Repeat): void {
    if (node === this.#driven) {
      const from = this.text.length;
      this.write(node.item);
      if (this.#done) return;
      // The same round again: what can be split in two ways is split in every way.
      this.text += this.text.slice(from).repeat(Math.min(this.#rounds, LONGEST));
      this.#done = true;
      return;
    }
    const inside = holds(node.item, this.#driven);
    const count = Math.max(node.min, inside ? 1 : Math.min(node.max, Math.floor(this.#random() * 3)));
    for (let round = 0; round < count; round += 1) this.write(node.item);
  }

  /** The way to the driven repetition, else any. */
  #way(options: readonly RegexNode[]): RegexNode {
    const leading = options.find((option) => holds(option, this.#driven));
    const any = options[Math.floor(this.#random() * options.length)];
    return leading ?? any ?? { kind: 'sequence', items: [] };
  }

  #member(set: CharacterSet): string {
    const likely = LIKELY.filter((code) => contains(set, code));
    const code = likely[Math.floor(this.#random() * likely.length)] ?? set[0] ?? 0x20;
    return String.fromCharCode(code);
  }
}

function holds(node: RegexNode, wanted: Repeat): boolean {
  return node === wanted || repeatsIn(node).includes(wanted);
}
